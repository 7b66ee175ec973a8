package io.lilio.chunk.backend.local;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends chunks to segments by group commit: one thread takes everything that waits, writes it
 * with one call, syncs once, makes one change to the index and tells all of them. When the write or
 * the sync fails, all of them are told that, the segment is never written again, and the next group
 * gets a new one.
 *
 * <p>Thread-safe.
 */
final class SegmentAppender {

    private static final Logger log = LoggerFactory.getLogger(SegmentAppender.class);
    private static final int MAX_WAITING = 4096;

    private final Path directory;
    private final Settings settings;
    private final ChunkIndex index;
    private final SegmentSizes sizes;
    private final LocalRuntime runtime;
    private final Thread thread;
    private final AppendBatch batch = new AppendBatch();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<Append> waiting = new ArrayDeque<>();
    private boolean closed;
    private @Nullable SegmentWriter writer;
    private long nextNumber;

    /**
     * How segments are written.
     *
     * @param segmentBytes a segment of this size is closed
     * @param forcing makes writes durable
     * @param resumed the segment to go on with, or null for a new one
     * @param nextNumber the number of the next new segment
     */
    record Settings(
            long segmentBytes, Forcing forcing, @Nullable SegmentWriter resumed, long nextNumber) {}

    SegmentAppender(
            Path directory,
            Settings settings,
            ChunkIndex index,
            SegmentSizes sizes,
            LocalRuntime runtime) {
        this.directory = directory;
        this.settings = settings;
        this.index = index;
        this.sizes = sizes;
        this.runtime = runtime;
        this.writer = settings.resumed();
        this.nextNumber = settings.nextNumber();
        this.thread = runtime.platformThreads().newThread(this::run);
        thread.setName("lilio-append-" + directory.getParent());
        thread.start();
    }

    /**
     * Appends a chunk and waits until that is durable and indexed. The payload is not touched after
     * this returns.
     */
    void append(Append append) throws IOException {
        submit(append);
        await(append);
    }

    /** Puts a chunk in line; whoever does so awaits it, whatever happens. */
    void submit(Append append) {
        lock.lock();
        try {
            if (closed) {
                throw new BackendException(Reason.CLOSED, "the backend is being closed", null);
            }
            if (waiting.size() >= MAX_WAITING) {
                throw new BackendException(
                        Reason.OVERLOADED, "too many chunks wait to be written", null);
            }
            waiting.addLast(append);
            if (waiting.size() == 1) {
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until it is durable and indexed. */
    void await(Append append) throws IOException {
        try {
            append.done().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof IOException io
                    ? new IOException(io.getMessage(), io)
                    : new IOException("a chunk was not appended", e);
        }
    }

    /** The segment that is being appended to, or -1; it must not be compacted. */
    long activeSegment() {
        lock.lock();
        try {
            return writer == null ? -1 : writer.number();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (takeBatch()) {
            List<Append> appends = batch.appends();
            try {
                commit();
                appends.forEach(append -> append.done().complete(null));
            } catch (Throwable e) { // even when memory ran out: nobody may wait for ever
                abandon();
                appends.forEach(append -> append.done().completeExceptionally(e));
            }
            batch.clear();
        }
        abandon();
    }

    /** Waits for work and takes what fits into one write; false when closed and done. */
    private boolean takeBatch() {
        lock.lock();
        try {
            while (waiting.isEmpty()) {
                if (closed) {
                    return false;
                }
                arrived.awaitUninterruptibly();
            }
            while (!waiting.isEmpty() && batch.fits(waiting.peekFirst())) {
                batch.add(waiting.removeFirst());
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void commit() throws IOException {
        SegmentWriter segment = writer();
        long start = segment.position();
        try {
            segment.append(batch.frame(segment.salt()));
        } catch (IOException e) {
            cutOff(segment, start);
            throw e;
        }
        try {
            segment.sync(settings.forcing());
            index.change(changes -> addTo(changes, segment, start));
        } finally {
            sizes.set(segment.number(), segment.position());
        }
        if (segment.position() >= settings.segmentBytes()) {
            abandon();
        }
    }

    private boolean addTo(IndexBatch changes, SegmentWriter segment, long start)
            throws IOException {
        long now = runtime.time().now().toEpochMilli();
        long offset = start;
        for (Append append : batch.appends()) {
            Location location = Location.inSegment(segment.number(), offset, append.frameBytes());
            if (append.movedFrom() == null) {
                changes.add(new IndexEntry(append.header(), location, now), append.encodedHeader());
            } else {
                changes.move(append.header().id(), append.movedFrom(), location);
            }
            offset += append.recordBytes();
        }
        changes.indexedUpTo(segment.number(), segment.position());
        return true;
    }

    private SegmentWriter writer() throws IOException {
        SegmentWriter current = writer;
        if (current == null) {
            long salt = runtime.random().nextLong();
            current = SegmentWriter.create(directory, nextNumber, salt, settings.forcing());
            nextNumber++;
            setWriter(current);
        }
        return current;
    }

    private void cutOff(SegmentWriter segment, long end) {
        try {
            segment.cutOff(end);
        } catch (IOException e) {
            log.warn("a segment keeps bytes that were written in vain: {}", e.getMessage());
        }
    }

    /** Never writes to the current segment again. */
    private void abandon() {
        SegmentWriter current = writer;
        setWriter(null);
        if (current != null) {
            try {
                current.close();
            } catch (IOException e) {
                log.warn("a segment was not closed cleanly: {}", e.getMessage());
            }
        }
    }

    private void setWriter(@Nullable SegmentWriter value) {
        lock.lock();
        try {
            writer = value;
        } finally {
            lock.unlock();
        }
    }

    /** Refuses new chunks, writes those that wait, and ends the thread. */
    void close() throws InterruptedException {
        lock.lock();
        try {
            closed = true;
            arrived.signal();
        } finally {
            lock.unlock();
        }
        thread.join();
    }
}
