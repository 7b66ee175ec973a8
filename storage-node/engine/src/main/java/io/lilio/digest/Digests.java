package io.lilio.digest;

import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finished values of some algorithms over the same bytes. Immutable. */
public final class Digests {

    private final Map<DigestAlgorithm, byte[]> values;

    Digests(Map<DigestAlgorithm, byte[]> values) {
        this.values = new EnumMap<>(DigestAlgorithm.class);
        this.values.putAll(values);
    }

    /** What was computed. */
    public Set<DigestAlgorithm> algorithms() {
        return Set.copyOf(values.keySet());
    }

    /**
     * The value, of {@link DigestAlgorithm#lengthBytes()} bytes; empty when it was not computed.
     */
    public Optional<byte[]> find(DigestAlgorithm algorithm) {
        return Optional.ofNullable(values.get(algorithm)).map(byte[]::clone);
    }

    /**
     * The value of an algorithm that was asked for.
     *
     * @throws IllegalStateException when it was not computed
     */
    public byte[] get(DigestAlgorithm algorithm) {
        return find(algorithm)
                .orElseThrow(
                        () -> new IllegalStateException(algorithm + " was not computed: " + this));
    }

    /** The value as a checksum of S3. */
    public Optional<Checksum> checksum(DigestAlgorithm algorithm) {
        return find(algorithm).map(value -> Checksum.ofBytes(algorithm, value));
    }

    void copyTo(Map<DigestAlgorithm, byte[]> target) {
        target.putAll(values);
    }

    /** Names and hexadecimal values, for messages. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        values.forEach(
                (algorithm, value) ->
                        text.append(text.isEmpty() ? "" : " ")
                                .append(algorithm)
                                .append('=')
                                .append(HexFormat.of().formatHex(value)));
        return text.toString();
    }
}
