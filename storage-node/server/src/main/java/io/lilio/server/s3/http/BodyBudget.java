package io.lilio.server.s3.http;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Shares a fixed amount of heap among the payloads that are arriving, so that memory does not grow
 * with the number of clients: 256 KiB each while they are few, less when they are many.
 * Thread-safe.
 */
final class BodyBudget {

    private static final int MOST = 256 << 10;
    private static final int LEAST = 32 << 10;

    private final long totalBytes;
    private final AtomicInteger payloads = new AtomicInteger();

    BodyBudget(long totalBytes) {
        this.totalBytes = totalBytes;
    }

    void join() {
        payloads.incrementAndGet();
    }

    void leave() {
        payloads.decrementAndGet();
    }

    /** How many bytes one payload may have queued before its connection is no longer read. */
    int perPayload() {
        return Math.clamp(totalBytes / Math.max(1, payloads.get()), LEAST, MOST);
    }
}
