package io.lilio.server.s3.signature;

import io.lilio.server.s3.http.Caller;
import java.util.List;
import java.util.Optional;

/**
 * An access key with its secret.
 *
 * @param secretKey never logged, never shown
 * @param previous the secret before that one, while it is still valid; the same
 * @param caller who signs with it
 */
public record Credential(String secretKey, Optional<String> previous, Caller caller) {

    public Credential(String secretKey, Caller caller) {
        this(secretKey, Optional.empty(), caller);
    }

    /** All that are valid, the newest first. */
    List<String> secrets() {
        return previous.map(old -> List.of(secretKey, old)).orElseGet(() -> List.of(secretKey));
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Credential[" + caller.accessKeyId() + "]";
    }
}
