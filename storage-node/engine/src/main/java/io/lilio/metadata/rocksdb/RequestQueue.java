package io.lilio.metadata.rocksdb;

import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the committer, bounded in number and bytes, and the deadlines of what waits or is
 * in a batch. Thread-safe; one taker.
 */
final class RequestQueue {

    static final int MAX_REQUESTS = 16_384;
    static final long MAX_BYTES = 64L << 20;

    /** A batch: enough to pay for its sync, small enough that nobody waits long. */
    static final int BATCH_REQUESTS = 1_024;

    static final long BATCH_BYTES = 4L << 20;

    private final Time time;
    private final Duration deadline;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Request> waiting = new ArrayDeque<>();
    private List<Request> inBatch = List.of();
    private long waitingBytes;
    private boolean watching;
    private @Nullable String shutBecause;
    private boolean closed;

    RequestQueue(Time time, Duration deadline) {
        this.time = time;
        this.deadline = deadline;
    }

    /**
     * @throws MetadataUnavailableException when the queue is shut or full; the request certainly
     *     was not applied
     */
    void offer(Request request) {
        lock.lock();
        try {
            if (shutBecause != null) {
                throw new MetadataUnavailableException(shutBecause, null);
            }
            if (waiting.size() >= MAX_REQUESTS || waitingBytes >= MAX_BYTES) {
                throw new MetadataUnavailableException(
                        "the metadata store has " + waiting.size() + " transactions waiting", null);
            }
            add(request);
        } finally {
            lock.unlock();
        }
    }

    /** For what the store itself has to do: taken also when the queue is full, not when closed. */
    void offerOwn(Request request) {
        lock.lock();
        try {
            if (!closed) {
                add(request);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for something to do. Empty when the queue is closed and nothing is left. */
    List<Request> take() {
        lock.lock();
        try {
            inBatch = List.of();
            while (waiting.isEmpty()) {
                if (closed) {
                    return List.of();
                }
                changed.awaitUninterruptibly();
            }
            List<Request> batch = new ArrayList<>(Math.min(waiting.size(), BATCH_REQUESTS));
            long bytes = 0;
            while (!waiting.isEmpty() && batch.size() < BATCH_REQUESTS && bytes < BATCH_BYTES) {
                Request next = waiting.removeFirst();
                bytes += next.sizeBytes();
                batch.add(next);
            }
            waitingBytes -= bytes;
            inBatch = batch;
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** Refuses callers from now on, and those that wait, with a sentence. */
    void shut(String because) {
        lock.lock();
        try {
            shutBecause = because;
            for (Request request : waiting) {
                request.refuse(new MetadataUnavailableException(because, null));
            }
            waiting.clear();
            waitingBytes = 0;
        } finally {
            lock.unlock();
        }
    }

    /** Takes callers' requests again. */
    void reopen() {
        lock.lock();
        try {
            if (!closed) {
                shutBecause = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * For the taker: waits, whatever is queued.
     *
     * @return false when the queue was closed
     */
    boolean pause(Duration duration) {
        lock.lock();
        try {
            boolean[] over = {false};
            Time.Cancellable timer = time.schedule(duration, () -> endPause(over));
            while (!over[0] && !closed) {
                changed.awaitUninterruptibly();
            }
            timer.cancel();
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void endPause(boolean[] over) {
        lock.lock();
        try {
            over[0] = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What waits is still done. */
    void close() {
        lock.lock();
        try {
            closed = true;
            shutBecause = "the metadata store is closed";
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    private void add(Request request) {
        waiting.addLast(request);
        waitingBytes += request.sizeBytes();
        if (waiting.size() == 1) {
            changed.signalAll();
        }
        if (!watching) {
            watching = true;
            time.schedule(deadline.dividedBy(4), this::expireLate);
        }
    }

    /** One timer for all, because they all have the same deadline; none when nothing waits. */
    private void expireLate() {
        lock.lock();
        try {
            long latest = time.nanos() - deadline.toNanos();
            expireBefore(latest, inBatch);
            expireBefore(latest, waiting);
            watching = !waiting.isEmpty() || inBatch.stream().anyMatch(r -> !r.isFinished());
            if (watching) {
                time.schedule(deadline.dividedBy(4), this::expireLate);
            }
        } finally {
            lock.unlock();
        }
    }

    private static void expireBefore(long latestNanos, Iterable<Request> requests) {
        for (Request request : requests) {
            if (request.queuedNanos() - latestNanos <= 0) {
                request.expire();
            }
        }
    }
}
