package io.lilio.server.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bounds the number of bucket names that become labels: the first ones seen keep their own name,
 * the others share one. Thread-safe.
 */
final class BucketLabels {

    static final String OTHER = "_other";
    static final int MAX_NAMES = 100;

    private final Set<String> names = ConcurrentHashMap.newKeySet();

    String of(String bucket) {
        if (names.contains(bucket)) {
            return bucket;
        }
        if (names.size() >= MAX_NAMES) {
            return OTHER;
        }
        names.add(bucket);
        return bucket;
    }
}
