package io.lilio.chunk.buffer;

/**
 * The bounds of a {@link BufferPool}.
 *
 * @param capacityBytes the memory that may be handed out: a multiple of 1 MiB. It counts against
 *     the JVM's {@code -XX:MaxDirectMemorySize}
 * @param maxWaiting callers that may wait at once; one more is refused immediately
 * @param traceAcquirers remember who acquired each buffer, for {@link BufferPool#leaks()}; slow,
 *     meant for tests
 */
public record BufferPoolSettings(long capacityBytes, int maxWaiting, boolean traceAcquirers) {

    private static final long MEBIBYTE = 1 << 20;

    public BufferPoolSettings {
        if (capacityBytes < MEBIBYTE || capacityBytes % MEBIBYTE != 0) {
            throw new IllegalArgumentException(
                    "a buffer pool's capacity is a multiple of 1 MiB, not " + capacityBytes);
        }
        if (maxWaiting < 0) {
            throw new IllegalArgumentException("maxWaiting is negative: " + maxWaiting);
        }
    }

    /** 128 MiB, 4,096 callers waiting, no traces. */
    public static BufferPoolSettings defaults() {
        return ofCapacity(128 * MEBIBYTE);
    }

    /** As {@link #defaults()} with another capacity. */
    public static BufferPoolSettings ofCapacity(long capacityBytes) {
        return new BufferPoolSettings(capacityBytes, 4096, false);
    }

    /** The same bounds, with traces. */
    public BufferPoolSettings tracing() {
        return new BufferPoolSettings(capacityBytes, maxWaiting, true);
    }
}
