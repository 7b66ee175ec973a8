package io.lilio.catalog.access;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An access key. Its {@code toString} does not show the secret.
 *
 * @param secret in the clear
 * @param buckets names of the buckets that it is bound to; empty: all
 * @param previous the secret before, also when its time is over
 */
public record AccessKey(
        String id,
        String secret,
        Role role,
        List<String> buckets,
        boolean enabled,
        Instant created,
        String description,
        Optional<Previous> previous) {

    /**
     * The secret before the present one, which may still be used for a while.
     *
     * @param secret in the clear
     * @param until when it ends
     */
    public record Previous(String secret, Instant until) {

        /** Without the secret. */
        @Override
        public String toString() {
            return "Previous[until " + until + "]";
        }
    }

    public AccessKey {
        buckets = List.copyOf(buckets);
    }

    /** Whether it may touch a bucket at all. */
    public boolean covers(String bucket) {
        return buckets.isEmpty() || buckets.contains(bucket);
    }

    AccessKey with(boolean nowEnabled) {
        return new AccessKey(id, secret, role, buckets, nowEnabled, created, description, previous);
    }

    /**
     * The same key with another secret.
     *
     * @param until how long the present one stays good; not at all unless that is in the future
     */
    AccessKey rotated(String newSecret, Instant until, Instant now) {
        return new AccessKey(
                id,
                newSecret,
                role,
                buckets,
                enabled,
                created,
                description,
                until.isAfter(now) ? Optional.of(new Previous(secret, until)) : Optional.empty());
    }

    @Override
    public String toString() {
        return "AccessKey[" + id + ", " + role + ", " + buckets + ", enabled=" + enabled + "]";
    }
}
