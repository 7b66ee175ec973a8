package io.lilio.catalog.access;

import java.time.Instant;
import java.util.List;

/**
 * An access key. Its {@code toString} does not show the secret.
 *
 * @param secret in the clear
 * @param buckets names of the buckets that it is bound to; empty: all
 */
public record AccessKey(
        String id,
        String secret,
        Role role,
        List<String> buckets,
        boolean enabled,
        Instant created,
        String description) {

    public AccessKey {
        buckets = List.copyOf(buckets);
    }

    /** Whether it may touch a bucket at all. */
    public boolean covers(String bucket) {
        return buckets.isEmpty() || buckets.contains(bucket);
    }

    AccessKey with(boolean nowEnabled) {
        return new AccessKey(id, secret, role, buckets, nowEnabled, created, description);
    }

    @Override
    public String toString() {
        return "AccessKey[" + id + ", " + role + ", " + buckets + ", enabled=" + enabled + "]";
    }
}
