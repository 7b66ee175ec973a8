package io.lilio.server.s3.signature;

import io.lilio.server.s3.http.QueryParameters.Parameter;
import io.lilio.server.s3.http.RequestHeaders;
import io.lilio.server.s3.http.RequestTarget;
import io.lilio.server.s3.http.S3Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The text over which a request is signed. One char per byte throughout: what was sent is what is
 * signed, whatever encoding it was meant in.
 */
final class CanonicalRequest {

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private CanonicalRequest() {}

    /**
     * @param path the canonical path: {@link #path} of the raw one, or the raw one itself
     */
    static String of(S3Request request, Claim claim, String path, String payloadHash) {
        RequestTarget target = request.head().target();
        StringBuilder text = new StringBuilder(512);
        text.append(target.method()).append('\n').append(path).append('\n');
        query(target, text);
        text.append('\n');
        for (String name : claim.signedHeaders()) {
            text.append(name).append(':');
            header(request.headers(), name, text);
            text.append('\n');
        }
        text.append('\n');
        for (int i = 0; i < claim.signedHeaders().size(); i++) {
            text.append(i == 0 ? "" : ";").append(claim.signedHeaders().get(i));
        }
        return text.append('\n').append(payloadHash).toString();
    }

    /**
     * The raw path with exactly those characters escaped that S3 wants escaped: clients differ in
     * what they leave as it is on the wire, but sign this form.
     */
    static String path(String rawPath) {
        boolean canonical = true;
        for (int i = 0; i < rawPath.length() && canonical; i++) {
            char c = rawPath.charAt(i);
            canonical = c == '/' || unreserved(c);
        }
        if (canonical) {
            return rawPath;
        }
        StringBuilder text = new StringBuilder(rawPath.length() + 16);
        for (int i = 0; i < rawPath.length(); i++) {
            char c = rawPath.charAt(i);
            if (c == '%') {
                // Decoding succeeded already, so that two hex digits do follow.
                c = (char) Integer.parseInt(rawPath, i + 1, i + 3, 16);
                i += 2;
            }
            if (c == '/') {
                text.append(c);
            } else {
                escape(c, text);
            }
        }
        return text.toString();
    }

    private static void query(RequestTarget target, StringBuilder text) {
        List<Parameter> parameters = target.query().all();
        if (parameters.isEmpty()) {
            return;
        }
        List<String> encoded = new ArrayList<>(parameters.size());
        for (Parameter parameter : parameters) {
            if (!parameter.name().equals("X-Amz-Signature")) {
                StringBuilder pair = new StringBuilder(64);
                escape(parameter.name(), pair);
                // Sorts before everything that an encoded name can hold: "a=" comes before "a-=".
                pair.append('\t');
                escape(parameter.value(), pair);
                encoded.add(pair.toString());
            }
        }
        encoded.sort(null);
        for (int i = 0; i < encoded.size(); i++) {
            text.append(i == 0 ? "" : "&").append(encoded.get(i).replace('\t', '='));
        }
    }

    private static void header(RequestHeaders headers, String name, StringBuilder text) {
        List<String> values = headers.all(name);
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                text.append(',');
            }
            collapse(values.get(i), text);
        }
    }

    /** Without blanks around it, and one blank where there were several. */
    private static void collapse(String value, StringBuilder text) {
        boolean begun = false;
        boolean blank = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == ' ' || c == '\t') {
                blank = begun;
            } else {
                if (blank) {
                    text.append(' ');
                    blank = false;
                }
                text.append(c);
                begun = true;
            }
        }
    }

    private static void escape(String decoded, StringBuilder text) {
        for (byte b : decoded.getBytes(StandardCharsets.UTF_8)) {
            escape((char) (b & 0xff), text);
        }
    }

    private static void escape(char c, StringBuilder text) {
        if (unreserved(c)) {
            text.append(c);
        } else {
            text.append('%').append(HEX[c >> 4 & 15]).append(HEX[c & 15]);
        }
    }

    /** RFC 3986 §2.3. */
    private static boolean unreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }
}
