package io.lilio.digest;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Digests that are computed beside the stream, on a thread of their own, so that MD5 (0.9 GB/s)
 * runs while the next bytes arrive and the last ones are stored.
 *
 * <p>One thread submits; it waits while {@code capacity} pieces are queued. Every piece submitted
 * is released exactly once: when it was digested, or when the stage is closed. The stage never
 * waits for anything but the processor.
 */
public final class DigestStage implements AutoCloseable {

    /** Digested in a row, about a quarter of a millisecond. */
    private static final int STEP_BYTES = 256 * 1024;

    private record Piece(ByteBuffer data, Runnable release) {}

    private final DigestSet digests;
    private final int capacity;
    private final ThreadFactory threads;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Piece> queue = new ArrayDeque<>();
    private boolean running;
    private boolean digesting;
    private boolean ended;
    private @Nullable RuntimeException failure;

    /**
     * @param digests used by this stage alone from now on
     * @param capacity the most pieces that wait, at least 1
     * @param threads makes the stage's thread, at the first piece
     */
    public DigestStage(DigestSet digests, int capacity, ThreadFactory threads) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a queue of " + capacity + " pieces");
        }
        this.digests = digests;
        this.capacity = capacity;
        this.threads = threads;
    }

    /**
     * Hands over the bytes from position to limit, which nobody changes until {@code release} ran,
     * and the buffer's position and limit with them.
     *
     * @param release runs once, on any thread
     */
    public void submit(ByteBuffer data, Runnable release) {
        lock.lock();
        try {
            while (queue.size() >= capacity && failure == null && !ended) {
                changed.awaitUninterruptibly();
            }
            if (failure == null && !ended) {
                queue.add(new Piece(data, release));
                changed.signalAll();
                startOnce();
                return;
            }
        } finally {
            lock.unlock();
        }
        release.run();
        throwFailure();
        throw new IllegalStateException("the digests are finished");
    }

    private void startOnce() {
        if (!running) {
            running = true;
            threads.newThread(this::run).start();
        }
    }

    private void run() {
        for (Piece piece = next(); piece != null; piece = next()) {
            try {
                digest(piece.data());
            } catch (RuntimeException e) {
                fail(e);
            } finally {
                piece.release().run();
            }
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // fairness towards other virtual threads
    private void digest(ByteBuffer data) {
        int end = data.limit();
        while (data.position() < end) {
            int to = Math.min(end, data.position() + STEP_BYTES);
            digests.update(data.limit(to));
            data.position(to);
            Thread.yield(); // a virtual thread keeps its carrier otherwise, as long as bytes arrive
        }
    }

    private @Nullable Piece next() {
        lock.lock();
        try {
            digesting = false;
            changed.signalAll();
            while (queue.isEmpty() && !ended) {
                changed.awaitUninterruptibly();
            }
            Piece piece = queue.poll();
            digesting = piece != null;
            running = piece != null;
            changed.signalAll();
            return piece;
        } finally {
            lock.unlock();
        }
    }

    private void fail(RuntimeException e) {
        lock.lock();
        try {
            failure = e;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until everything submitted is digested; the last call but {@link #close}. */
    public Digests finish() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
            awaitIdle();
        } finally {
            lock.unlock();
        }
        throwFailure();
        return digests.finish();
    }

    /** Drops what is queued and releases it; nothing submitted is in use afterwards. Idempotent. */
    @Override
    public void close() {
        Queue<Piece> dropped = new ArrayDeque<>();
        lock.lock();
        try {
            ended = true;
            dropped.addAll(queue);
            queue.clear();
            changed.signalAll();
            awaitIdle();
        } finally {
            lock.unlock();
        }
        dropped.forEach(piece -> piece.release().run());
    }

    private void awaitIdle() {
        while (running && (digesting || !queue.isEmpty())) {
            changed.awaitUninterruptibly();
        }
    }

    private void throwFailure() {
        RuntimeException e = failure;
        if (e != null) {
            throw new IllegalStateException("the digests could not be computed", e);
        }
    }
}
