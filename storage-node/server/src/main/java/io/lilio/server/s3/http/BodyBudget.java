package io.lilio.server.s3.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Shares a fixed amount of heap among the payloads that have arrived and were not read yet, so that
 * memory does not grow with the number of clients: 256 KiB each while there is plenty, less when
 * there is little. Since every payload may only take a part of what is free, all of them together
 * never take more than there is, but for what one read of a socket brings (64 KiB at most).
 * Thread-safe.
 */
final class BodyBudget {

    private static final int MOST = 256 << 10;

    /** The part of the free heap that one payload may take. */
    private static final int PART = 8;

    private final long totalBytes;
    private final AtomicLong queuedBytes = new AtomicLong();

    BodyBudget(long totalBytes) {
        this.totalBytes = totalBytes;
    }

    /** So many bytes have arrived; less than none when they were read or thrown away. */
    void queued(long bytes) {
        queuedBytes.addAndGet(bytes);
    }

    /** What waits to be read now, all payloads together. */
    long queuedBytes() {
        return queuedBytes.get();
    }

    /** How many bytes one payload may have queued before its connection is no longer read. */
    int perPayload() {
        return Math.clamp((totalBytes - queuedBytes.get()) / PART, 0, MOST);
    }
}
