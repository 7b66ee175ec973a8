package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.chunk.buffer.BufferPool;
import io.lilio.replication.ChunkRange;
import io.lilio.replication.ChunkRead;
import io.lilio.replication.ChunkReader;
import io.lilio.replication.VerifiedBytes;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Reads chunks one after another, with a bounded window of them under way ahead of whoever takes
 * them. Reads ahead only while a quarter of the buffers is free, so that nobody who waits for the
 * one buffer it needs is kept waiting by those who hold several. Used by one thread.
 */
final class ReadAhead implements Pieces {

    private final ChunkReader reader;
    private final BufferPool buffers;
    private final int windowBytes;
    private final Iterator<ChunkRange> ranges;
    private final Queue<Ahead> ahead = new ArrayDeque<>();
    private long aheadBytes;
    private @Nullable Piece first;

    private record Ahead(ChunkRead read, int bytes) {}

    ReadAhead(BlobStore store, int windowBytes, Iterator<ChunkRange> ranges) {
        this.reader = store.reader();
        this.buffers = store.buffers();
        this.windowBytes = windowBytes;
        this.ranges = ranges;
    }

    /**
     * Waits for the first bytes, so that what cannot be read at all fails before an answer began.
     *
     * @throws ObjectStoreException as {@link #next}
     */
    void start() {
        first = next().orElse(null);
    }

    @Override
    public Optional<Piece> next() {
        Piece begun = first;
        if (begun != null) {
            first = null;
            return Optional.of(begun);
        }
        fill();
        Ahead next = ahead.poll();
        if (next == null) {
            return Optional.empty();
        }
        aheadBytes -= next.bytes();
        VerifiedBytes bytes = next.read().await();
        return Optional.of(new Piece(bytes.bytes(), bytes::close));
    }

    private void fill() {
        while (ranges.hasNext() && (ahead.isEmpty() || mayReadAhead())) {
            ChunkRange range = ranges.next();
            ahead.add(new Ahead(reader.read(range), range.length()));
            aheadBytes += range.length();
        }
    }

    private boolean mayReadAhead() {
        return aheadBytes < windowBytes
                && buffers.inUseBytes() + windowBytes < buffers.capacityBytes() / 4 * 3;
    }

    /** Gives up what is under way. Idempotent. */
    @Override
    public void close() {
        Piece begun = first;
        if (begun != null) {
            first = null;
            begun.release().run();
        }
        for (Ahead next = ahead.poll(); next != null; next = ahead.poll()) {
            next.read().close();
        }
    }
}
