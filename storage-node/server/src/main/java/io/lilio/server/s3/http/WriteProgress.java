package io.lilio.server.s3.http;

/**
 * Whether a client takes what is sent to it, by bytes rather than by writes: a client that is slow
 * is told from one that has stopped. Not thread-safe.
 */
final class WriteProgress {

    private long handedOverBytes;
    private long takenBytes;
    private long takenSinceNanos;

    /**
     * @param now in nanoseconds, as in {@link System#nanoTime}
     */
    WriteProgress(long now) {
        takenSinceNanos = now;
    }

    /** So many more are on their way. */
    void handedOver(int bytes) {
        handedOverBytes += bytes;
    }

    /**
     * Whether something waits to be sent and nothing was taken for so long. Progress is noticed by
     * this call alone, so that it has to be made several times within the limit.
     *
     * @param unsentBytes what waits, headers and the like included: they blur the count by little
     */
    boolean stalled(long unsentBytes, long now, long limitNanos) {
        long taken = handedOverBytes - unsentBytes;
        if (unsentBytes == 0 || taken != takenBytes) {
            takenBytes = taken;
            takenSinceNanos = now;
        }
        return now - takenSinceNanos > limitNanos;
    }
}
