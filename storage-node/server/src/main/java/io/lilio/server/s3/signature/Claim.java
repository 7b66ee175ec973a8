package io.lilio.server.s3.signature;

import java.util.List;

/**
 * What a request says about its own signature; not yet believed.
 *
 * @param accessKeyId whose key signed it
 * @param scope of the signing key
 * @param signedHeaders names in lower case, in the order they were signed
 * @param signature 64 hex digits
 * @param timing when it was signed, and for how long that holds
 */
record Claim(
        String accessKeyId,
        Scope scope,
        List<String> signedHeaders,
        String signature,
        Timing timing) {

    /**
     * When a request was signed.
     *
     * @param timestamp {@code yyyyMMdd'T'HHmmss'Z'}
     * @param epochSecond the same as a number
     * @param expiresSeconds how long a presigned request holds; 0 for one signed in its header
     */
    record Timing(String timestamp, long epochSecond, long expiresSeconds) {}

    boolean presigned() {
        return timing.expiresSeconds() > 0;
    }
}
