package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.buffer.BufferPool;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The part of the buffers that those may hold who wait for clients: a receiver takes its time, and
 * so does a sender. Three quarters for all receivers and three quarters for all senders, so that
 * neither keep the others from getting on. Who asks while there is none waits in line. Thread-safe.
 *
 * <p>Of the receivers' share, the first half is for what is read ahead too, so that there is always
 * some for what is wanted now. When three quarters of it are taken, what is read for each becomes
 * smaller: many slow receivers then hold little each, and newcomers are served.
 */
final class BufferShare {

    /** Of what is left, so much is read at once when little is left. */
    private static final int PIECES = 128;

    private final Time time;
    private final String holders;
    private final long totalBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Waiter> waiting = new ArrayDeque<>();
    private long freeBytes;

    /**
     * @param bufferBytes all buffers of the process
     * @param holders who holds them, for messages
     */
    BufferShare(long bufferBytes, String holders, Time time) {
        this.time = time;
        this.holders = holders;
        this.totalBytes = bufferBytes / 4 * 3;
        this.freeBytes = totalBytes;
    }

    /**
     * Takes room for so many bytes, waiting for it when need be. An interrupt does not end the
     * wait.
     *
     * @throws ObjectStoreException SLOW_DOWN when there was none in time
     */
    void take(int bytes, Duration maxWait) {
        lock.lock();
        try {
            if (waiting.isEmpty() && takeNow(bytes)) {
                return;
            }
            Waiter waiter = new Waiter(bytes, lock.newCondition());
            waiting.addLast(waiter);
            Time.Cancellable expiry = time.schedule(maxWait, () -> expire(waiter));
            while (!waiter.served && !waiter.expired) {
                waiter.changed.awaitUninterruptibly();
            }
            expiry.cancel();
            if (!waiter.served) {
                throw new ObjectStoreException(
                        Kind.SLOW_DOWN,
                        "Please reduce your request rate: other " + holders + " hold the buffers.");
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes room for bytes that are not wanted yet, if there is plenty. */
    boolean takeAhead(int bytes) {
        lock.lock();
        try {
            return waiting.isEmpty() && freeBytes - room(bytes) >= totalBytes / 2 && takeNow(bytes);
        } finally {
            lock.unlock();
        }
    }

    /** Whether less than half is left. */
    boolean isScarce() {
        lock.lock();
        try {
            return freeBytes < totalBytes / 2;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The most that is to be taken at once, a multiple of {@link ChunkHeader#BLOCK_BYTES}.
     *
     * @param buffers all buffers, which others use too
     */
    int pieceBytes(BufferPool buffers) {
        long capacity = buffers.capacityBytes();
        int asBuffersAllow = pieceBytes(capacity - buffers.inUseBytes(), capacity);
        lock.lock();
        try {
            return Math.min(asBuffersAllow, pieceBytes(freeBytes, totalBytes));
        } finally {
            lock.unlock();
        }
    }

    private static int pieceBytes(long free, long total) {
        return free >= total / 4
                ? BufferPool.MAX_BUFFER_BYTES
                : (int)
                        Math.max(
                                ChunkHeader.BLOCK_BYTES,
                                Long.highestOneBit(Math.max(1, free / PIECES)));
    }

    /** Gives back what was taken for so many bytes. */
    void giveBack(int bytes) {
        lock.lock();
        try {
            freeBytes += room(bytes);
            serveWaiting();
        } finally {
            lock.unlock();
        }
    }

    private boolean takeNow(int bytes) {
        if (room(bytes) > freeBytes) {
            return false;
        }
        freeBytes -= room(bytes);
        return true;
    }

    /** Buffers have a power of two; one buffer is always allowed. */
    private long room(int bytes) {
        return Math.min(totalBytes, bytes <= 1 ? 1 : Integer.highestOneBit(bytes - 1) * 2L);
    }

    private void expire(Waiter waiter) {
        lock.lock();
        try {
            if (!waiter.served && waiting.remove(waiter)) {
                waiter.expired = true;
                waiter.changed.signal();
                serveWaiting();
            }
        } finally {
            lock.unlock();
        }
    }

    private void serveWaiting() {
        for (Waiter first = waiting.peekFirst();
                first != null && takeNow(first.bytes);
                first = waiting.peekFirst()) {
            waiting.removeFirst();
            first.served = true;
            first.changed.signal();
        }
    }

    /** Somebody in line. Its fields are guarded by the lock. */
    private static final class Waiter {
        final int bytes;
        final Condition changed;
        boolean served;
        boolean expired;

        Waiter(int bytes, Condition changed) {
            this.bytes = bytes;
            this.changed = changed;
        }
    }
}
