package io.lilio.catalog.ring;

import io.lilio.placement.MemberId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a command asks for besides its type and its targets, as a digest in hex: the same for the
 * same request, whatever the order in which it names members. What only says whether the change may
 * be made (the epoch that is expected, what is ignored or accepted) is left out.
 */
final class ArgumentDigest {

    private ArgumentDigest() {}

    static String of(int weight) {
        return of(Stream.of(String.valueOf(weight)));
    }

    static String of(List<MemberPlace> admissions) {
        return of(
                admissions.stream()
                        .sorted(Comparator.comparing(MemberPlace::member))
                        .flatMap(ArgumentDigest::parts));
    }

    static String of(MemberId old, MemberPlace replacement) {
        return of(Stream.concat(Stream.of(old.toString()), parts(replacement)));
    }

    private static Stream<String> parts(MemberPlace admission) {
        return Stream.of(
                admission.member().toString(), given(admission.host()), given(admission.zone()));
    }

    private static String given(Optional<String> place) {
        return place.map(name -> "=" + name).orElse("");
    }

    private static String of(Stream<String> parts) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            parts.forEach(
                    part ->
                            sha256.update(
                                    (part.length() + ":" + part).getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
