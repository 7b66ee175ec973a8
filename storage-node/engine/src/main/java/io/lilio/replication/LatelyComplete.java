package io.lilio.replication;

import io.lilio.chunk.ChunkId;
import io.lilio.time.Time;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Chunks of which a read has found, within {@link #GOOD_FOR_SECONDS}, that as many members as a
 * read quorum have the same: their presence need not be asked for again, since what is lost
 * meanwhile the next question finds, and repair. Forgets at will. Thread-safe.
 *
 * <p>A table of fixed size, which holds a part of each chunk's hash and when it was noted. Two
 * chunks that look the same are taken for each other, which costs one question that is not asked.
 */
final class LatelyComplete {

    static final int GOOD_FOR_SECONDS = 60;

    /** Half a megabyte. */
    private static final int PLACES = 1 << 16;

    private static final int TIME_BITS = 24;
    private static final long TIME = (1L << TIME_BITS) - 1;

    private final AtomicLongArray noted = new AtomicLongArray(PLACES);
    private final Time time;

    LatelyComplete(Time time) {
        this.time = time;
    }

    /** It was complete now. */
    void note(ChunkId chunk) {
        long hash = hash(chunk);
        noted.set(place(hash), hash & ~TIME | seconds());
    }

    /** Whether it was complete a moment ago. */
    boolean contains(ChunkId chunk) {
        long hash = hash(chunk);
        long found = noted.get(place(hash));
        long age = seconds() - (found & TIME) & TIME;
        return (found & ~TIME) == (hash & ~TIME) && age < GOOD_FOR_SECONDS;
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

    private long seconds() {
        return time.nanos() / 1_000_000_000L & TIME;
    }
}
