package io.lilio.server.s3.request;

import java.nio.charset.StandardCharsets;

/**
 * The encoding that {@code encoding-type=url} asks for: percent-encoded UTF-8 where only RFC 3986's
 * unreserved characters and the slash stay. A space becomes {@code %20}, which clients decode the
 * same whether or not they take a plus sign for a space.
 */
public final class UrlEncoding {

    private static final String HEX = "0123456789ABCDEF";

    private UrlEncoding() {}

    public static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (staysAsItIs(b)) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
            }
        }
        return encoded.toString();
    }

    private static boolean staysAsItIs(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '-'
                || b == '.'
                || b == '_'
                || b == '~'
                || b == '/';
    }
}
