package io.lilio.admin.api;

/**
 * An access key with its secret, which is shown this once.
 *
 * @param key as it is from now on
 * @param secret what a client signs with
 */
public record NewKey(KeyStatus key, String secret) {

    /** Without the secret. */
    @Override
    public String toString() {
        return "NewKey[" + key.id() + "]";
    }
}
