package io.lilio.object;

import java.time.Duration;

/**
 * The bounds of requests on objects.
 *
 * @param inlineMaxBytes objects up to this size are kept in the metadata record; 0 to 64 KiB
 * @param writeWindowBytes what a PUT may have on its way to the members beside the chunk that is
 *     being filled; one chunk is always allowed
 * @param readAheadBytes what a GET reads ahead of its receiver; one chunk is always allowed
 * @param bufferWait how long a request waits for a buffer before it gets SLOW_DOWN; a GET whose
 *     answer has begun goes on waiting
 * @param pace how long a request may take, and how slow an upload may be
 * @param etags what ETags are
 */
public record ObjectSettings(
        int inlineMaxBytes,
        int writeWindowBytes,
        int readAheadBytes,
        Duration bufferWait,
        Pace pace,
        EtagMode etags) {

    /** The largest {@link #inlineMaxBytes}. */
    public static final int MAX_INLINE_BYTES = 64 * 1024;

    public ObjectSettings {
        if (inlineMaxBytes < 0 || inlineMaxBytes > MAX_INLINE_BYTES) {
            throw new IllegalArgumentException(
                    "inlineMaxBytes is 0 to " + MAX_INLINE_BYTES + ", not " + inlineMaxBytes);
        }
        if (writeWindowBytes < 0 || readAheadBytes < 0) {
            throw new IllegalArgumentException("a window has not less than 0 bytes");
        }
    }

    /** 4 KiB inline, windows of 4 MiB, 5 seconds for a buffer, MD5. */
    public static ObjectSettings defaults() {
        return new ObjectSettings(
                4 * 1024,
                4 * 1024 * 1024,
                4 * 1024 * 1024,
                Duration.ofSeconds(5),
                Pace.defaults(),
                EtagMode.MD5);
    }

    /**
     * How long a request may take, and how slow an upload may be, so that its session's mark always
     * advances (DESIGN §6). How slow a GET may be is its receiver's matter ({@link ObjectSink}).
     *
     * @param maxDuration from its beginning to its end
     * @param minBytesPerSecond bytes that a PUT gets from its source for each second after {@code
     *     grace}
     * @param grace before which the rate is not looked at
     */
    public record Pace(Duration maxDuration, long minBytesPerSecond, Duration grace) {

        /** 12 hours; 1,024 bytes per second after the first minute. */
        public static Pace defaults() {
            return new Pace(Duration.ofHours(12), 1_024, Duration.ofMinutes(1));
        }
    }
}
