package io.lilio.maintenance.brake;

import java.util.regex.Pattern;

/**
 * Why the brake is engaged.
 *
 * @param token names this one engagement and no other: whoever acknowledges it has to say it; eight
 *     letters, which no format takes for a number
 * @param reason for people, one line
 * @param orphaned blobs that a collection would have deleted; 0 when something else is the reason
 */
public record Engagement(String token, String reason, long orphaned) {

    private static final Pattern TOKEN = Pattern.compile("[a-p]{8}");

    public Engagement {
        reason = reason.replaceAll("\\R", " ");
    }

    /** Whether a text has the form of a token. */
    public static boolean isToken(String text) {
        return TOKEN.matcher(text).matches();
    }

    /** The token of 32 bits: a letter for each four of them. */
    static String token(int bits) {
        StringBuilder token = new StringBuilder();
        for (int shift = Integer.SIZE - 4; shift >= 0; shift -= 4) {
            token.append((char) ('a' + (bits >>> shift & 0xf)));
        }
        return token.toString();
    }
}
