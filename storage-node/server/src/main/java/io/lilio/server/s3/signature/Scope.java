package io.lilio.server.s3.signature;

/**
 * What a signing key is good for.
 *
 * @param date the day in UTC, {@code yyyyMMdd}
 */
record Scope(String date, String region) {

    static final String SERVICE = "s3";
    static final String TERMINATOR = "aws4_request";

    /** As it stands in the string to sign. */
    String text() {
        return date + '/' + region + '/' + SERVICE + '/' + TERMINATOR;
    }
}
