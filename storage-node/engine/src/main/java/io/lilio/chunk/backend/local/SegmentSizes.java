package io.lilio.chunk.backend.local;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How large each segment is. One small entry per segment, not per chunk. Thread-safe. */
final class SegmentSizes {

    private final Map<Long, Long> sizes = new ConcurrentHashMap<>();

    void set(long segment, long bytes) {
        sizes.put(segment, bytes);
    }

    void remove(long segment) {
        sizes.remove(segment);
    }

    /** A view of all of them. */
    Map<Long, Long> all() {
        return sizes;
    }

    long totalBytes() {
        return sizes.values().stream().mapToLong(Long::longValue).sum();
    }
}
