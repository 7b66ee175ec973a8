package io.lilio.operator.bucket;

/**
 * An access key.
 *
 * @param id what a client signs with
 * @param secret known to the Secret and to the cluster alone
 */
record Credentials(String id, String secret) {

    /** Without the secret. */
    @Override
    public String toString() {
        return "Credentials[" + id + "]";
    }
}
