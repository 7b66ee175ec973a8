package io.lilio.chunk;

import io.lilio.time.Time;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Chunks of which something was noted a moment ago. Forgets at will, for what it costs when one is
 * forgotten. Thread-safe.
 *
 * <p>A table of fixed size, which holds a part of each chunk's hash and when it was noted; what
 * falls into the same place displaces what was there. Two chunks that look the same, in 56 bits of
 * a random id, are taken for each other.
 */
public final class RecentChunks {

    /** Half a megabyte. */
    private static final int PLACES = 1 << 16;

    private static final long MAX_SECONDS = 86_400;
    private static final int TIME_BITS = 24;
    private static final long TIME = (1L << TIME_BITS) - 1;

    private final AtomicLongArray noted = new AtomicLongArray(PLACES);
    private final Time time;
    private final long seconds;

    /**
     * @param age after which a chunk is forgotten: whole seconds, up to a day
     */
    public RecentChunks(Time time, Duration age) {
        this.time = time;
        this.seconds = age.toSeconds();
        if (seconds < 1 || seconds > MAX_SECONDS) {
            throw new IllegalArgumentException(age + " is no age from a second to a day");
        }
    }

    /** Notes it now. */
    public void note(ChunkId chunk) {
        long hash = hash(chunk);
        noted.set(place(hash), hash & ~TIME | now());
    }

    /** Whether it was noted within the age, and not forgotten. */
    public boolean contains(ChunkId chunk) {
        long hash = hash(chunk);
        long found = noted.get(place(hash));
        long age = now() - (found & TIME) & TIME;
        return (found & ~TIME) == (hash & ~TIME) && age < seconds;
    }

    private static int place(long hash) {
        return (int) (hash & (PLACES - 1));
    }

    /** A blob's id is random; its finaliser is that of {@link ChunkId#partition}. */
    private static long hash(ChunkId chunk) {
        long mixed = chunk.blob().high() ^ Long.rotateLeft(chunk.blob().low(), 32);
        mixed ^= (chunk.index() + ((long) chunk.shard() << 32)) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    private long now() {
        return time.nanos() / 1_000_000_000L & TIME;
    }
}
