package io.lilio.server.s3.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A request's target as it may stand in a log: without what would let a reader of the log send the
 * request again, the signature and session token of a presigned URL.
 */
public record LoggedUri(String uri) {

    @Override
    public String toString() {
        int question = uri.indexOf('?');
        if (question < 0) {
            return uri;
        }
        StringBuilder text = new StringBuilder(uri.length()).append(uri, 0, question + 1);
        String separator = "";
        for (String parameter : uri.substring(question + 1).split("&", -1)) {
            int equals = parameter.indexOf('=');
            text.append(separator);
            if (equals >= 0 && secret(parameter.substring(0, equals))) {
                text.append(parameter, 0, equals + 1).append("...");
            } else {
                text.append(parameter);
            }
            separator = "&";
        }
        return text.toString();
    }

    private static boolean secret(String rawName) {
        return switch (decoded(rawName).toLowerCase(Locale.ROOT)) {
            case "x-amz-signature", "signature", "x-amz-security-token" -> true;
            default -> false;
        };
    }

    private static String decoded(String rawName) {
        try {
            return URLDecoder.decode(rawName, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return rawName;
        }
    }
}
