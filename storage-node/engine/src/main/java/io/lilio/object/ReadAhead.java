package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.chunk.buffer.BufferPool;
import io.lilio.replication.ChunkRange;
import io.lilio.replication.ChunkRead;
import io.lilio.replication.ChunkReader;
import io.lilio.replication.VerifiedBytes;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Reads chunks one after another, with a bounded window of them under way ahead of whoever takes
 * them. Reads ahead only while there are plenty of buffers, so that nobody who waits for the one
 * buffer it needs is kept waiting by those who hold several. Used by one thread.
 *
 * <p>When there are no buffers, a read that has not begun is refused; one that has goes on waiting
 * as long as a request may take, since its receiver already has a part of the object.
 */
final class ReadAhead implements Pieces {

    /** Between two attempts to get a buffer that the pool does not even let wait in line for. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final ChunkReader reader;
    private final BufferPool buffers;
    private final BufferShare share;
    private final ObjectSettings settings;
    private final Time time;
    private final long beganNanos;
    private final Iterator<ChunkRange> ranges;
    private final Queue<Ahead> ahead = new ArrayDeque<>();
    private long aheadBytes;
    private boolean begun;
    private @Nullable ChunkRange upcoming;

    /** What was cut off from the range before. */
    private @Nullable ChunkRange rest;

    private @Nullable Piece first;

    /** What is under way, and the room that it takes in the reads' share. */
    private record Ahead(ChunkRead read, int bytes, int room) {}

    /**
     * @param share what this read and all others may hold
     */
    ReadAhead(
            BlobStore store,
            BufferShare share,
            ObjectSettings settings,
            Time time,
            Iterator<ChunkRange> ranges) {
        this.reader = store.reader();
        this.buffers = store.buffers();
        this.share = share;
        this.settings = settings;
        this.time = time;
        this.beganNanos = time.nanos();
        this.ranges = ranges;
    }

    /**
     * Waits for the first bytes, so that what cannot be read at all fails before an answer began.
     *
     * @throws ObjectStoreException as {@link #next}
     */
    void start() {
        first = next().orElse(null);
        begun = true;
    }

    @Override
    public Optional<Piece> next() {
        Piece early = first;
        if (early != null) {
            first = null;
            return Optional.of(early);
        }
        if (ahead.isEmpty() && peek() != null) {
            beginPatiently();
        }
        while (peek() != null && aheadBytes < settings.readAheadBytes() && beginAhead()) {
            // Until the window is full, or buffers are scarce.
        }
        Ahead next = ahead.poll();
        if (next == null) {
            return Optional.empty();
        }
        aheadBytes -= next.bytes();
        return Optional.of(await(next));
    }

    private Piece await(Ahead next) {
        boolean there = false;
        try {
            VerifiedBytes bytes = next.read().await();
            there = true;
            return new Piece(
                    bytes.bytes(),
                    () -> {
                        bytes.close();
                        share.giveBack(next.room());
                    });
        } finally {
            if (!there) {
                share.giveBack(next.room());
            }
        }
    }

    private @Nullable ChunkRange peek() {
        if (upcoming == null && rest != null) {
            upcoming = rest;
            rest = null;
        }
        if (upcoming == null && ranges.hasNext()) {
            upcoming = ranges.next();
        }
        return upcoming;
    }

    /** Begins to read what is wanted now. */
    private void beginPatiently() {
        while (true) {
            Duration left = settings.pace().maxDuration().minusNanos(time.nanos() - beganNanos);
            cut(share.pieceBytes(buffers));
            try {
                share.take(room(), begun ? left : settings.bufferWait());
                begin();
                return;
            } catch (ObjectStoreException e) {
                if (e.kind() != Kind.SLOW_DOWN || !begun || !left.isPositive()) {
                    throw e;
                }
                pause(e);
            }
        }
    }

    /** Leaves what exceeds so many bytes to be read later. */
    private void cut(int atMost) {
        ChunkRange range = range();
        if (range.blockBytes() > atMost) {
            upcoming = range.head(atMost);
            rest = range.behind(upcoming);
        }
    }

    private void pause(ObjectStoreException scarce) {
        try {
            time.sleep(PAUSE);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw scarce;
        }
    }

    private boolean beginAhead() {
        boolean plenty =
                buffers.inUseBytes() + settings.readAheadBytes() < buffers.capacityBytes() / 4 * 3;
        if (!plenty || !share.takeAhead(room())) {
            return false;
        }
        try {
            begin();
            return true;
        } catch (ObjectStoreException e) {
            if (e.kind() == Kind.SLOW_DOWN) {
                return false; // scarce all of a sudden; nobody wants these bytes yet
            }
            throw e;
        }
    }

    /** Begins to read what comes next; there is room for it, which is given back on failure. */
    private void begin() {
        ChunkRange range = range();
        int room = room();
        boolean begins = false;
        try {
            ahead.add(new Ahead(reader.read(range), range.length(), room));
            begins = true;
        } finally {
            if (!begins) {
                share.giveBack(room);
            }
        }
        aheadBytes += range.length();
        upcoming = null;
    }

    private ChunkRange range() {
        ChunkRange range = upcoming;
        if (range == null) {
            throw new IllegalStateException("there is nothing more to read");
        }
        return range;
    }

    private int room() {
        return range().blockBytes();
    }

    /** Gives up what is under way. Idempotent. */
    @Override
    public void close() {
        Piece early = first;
        if (early != null) {
            first = null;
            early.release().run();
        }
        for (Ahead next = ahead.poll(); next != null; next = ahead.poll()) {
            next.read().close();
            share.giveBack(next.room());
        }
    }
}
