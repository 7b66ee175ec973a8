package io.lilio.server.s3.signature;

/**
 * What a signing key is good for.
 *
 * @param date the day in UTC, {@code yyyyMMdd}
 * @param service what is asked: {@code s3}, or what the admin API is called
 */
record Scope(String date, String region, String service) {

    /** The service of the S3 port. */
    static final String S3 = "s3";

    static final String TERMINATOR = "aws4_request";

    /** As it stands in the string to sign. */
    String text() {
        return date + '/' + region + '/' + service + '/' + TERMINATOR;
    }
}
