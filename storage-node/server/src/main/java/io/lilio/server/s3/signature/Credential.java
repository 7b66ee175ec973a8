package io.lilio.server.s3.signature;

import io.lilio.server.s3.http.Caller;

/**
 * An access key with its secret.
 *
 * @param secretKey never logged, never shown
 * @param caller who signs with it
 */
public record Credential(String secretKey, Caller caller) {

    /** Without the secret. */
    @Override
    public String toString() {
        return "Credential[" + caller.accessKeyId() + "]";
    }
}
