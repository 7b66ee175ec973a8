package io.lilio.operator.admin;

import io.lilio.operator.admin.FakeNode.Received;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The signature that a request should have, from what came over the wire: "Create a signed AWS API
 * request" in the AWS IAM User Guide, with the path escaped once as S3 has it.
 */
final class SignatureCheck {

    private static final Pattern AUTHORIZATION =
            Pattern.compile(
                    "AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+),"
                            + " ?Signature=([0-9a-f]{64})");

    private SignatureCheck() {}

    /** What the request says of itself. */
    record Claim(String accessKey, String scope, List<String> signedHeaders, String signature) {}

    static Claim claim(Received request) {
        Matcher parts = AUTHORIZATION.matcher(request.header("authorization"));
        if (!parts.matches()) {
            throw new AssertionError("no signature: " + request.header("authorization"));
        }
        String credential = parts.group(1);
        int slash = credential.indexOf('/');
        return new Claim(
                credential.substring(0, slash),
                credential.substring(slash + 1),
                List.of(parts.group(2).split(";")),
                parts.group(3));
    }

    static String signature(Received request, String secretKey) {
        Claim claim = claim(request);
        String toSign =
                String.join(
                        "\n",
                        "AWS4-HMAC-SHA256",
                        request.header("x-amz-date"),
                        claim.scope(),
                        sha256(canonical(request, claim).getBytes(StandardCharsets.UTF_8)));
        byte[] key = ("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8);
        for (String step : claim.scope().split("/")) {
            key = hmac(key, step);
        }
        return HexFormat.of().formatHex(hmac(key, toSign));
    }

    private static String canonical(Received request, Claim claim) {
        int mark = request.target().indexOf('?');
        String path = mark < 0 ? request.target() : request.target().substring(0, mark);
        String query = mark < 0 ? "" : request.target().substring(mark + 1);
        List<String> lines = new ArrayList<>();
        lines.add(request.method());
        lines.add(
                Arrays.stream(path.split("/", -1))
                        .map(segment -> escape(unescape(segment)))
                        .collect(Collectors.joining("/")));
        lines.add(
                Arrays.stream(query.split("&"))
                        .filter(pair -> !pair.isEmpty())
                        .map(SignatureCheck::canonicalPair)
                        .sorted()
                        .collect(Collectors.joining("&")));
        for (String name : claim.signedHeaders()) {
            String value = Objects.requireNonNull(request.headers().get(name), name).getFirst();
            lines.add(name + ":" + value.strip().replaceAll(" +", " "));
        }
        lines.add("");
        lines.add(String.join(";", claim.signedHeaders()));
        lines.add(sha256(request.body()));
        return String.join("\n", lines);
    }

    private static String canonicalPair(String pair) {
        int equals = pair.indexOf('=');
        return escape(unescape(pair.substring(0, equals)))
                + "="
                + escape(unescape(pair.substring(equals + 1)));
    }

    private static byte[] unescape(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '%') {
                bytes.write(Integer.parseInt(text, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(text.charAt(i));
            }
        }
        return bytes.toByteArray();
    }

    private static String escape(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte each : bytes) {
            char c = (char) (each & 0xff);
            if (c < 128 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0)) {
                text.append(c);
            } else {
                text.append('%').append(HexFormat.of().withUpperCase().toHexDigits(each));
            }
        }
        return text.toString();
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
