package io.lilio.admin.api;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * An access key with its secret, which is shown this once.
 *
 * @param key as it is from now on
 * @param secret what a client signs with
 */
@Schema(requiredProperties = {"key", "secret"})
public record NewKey(KeyStatus key, String secret) {

    /** Without the secret. */
    @Override
    public String toString() {
        return "NewKey[" + key.id() + "]";
    }
}
