package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The part of the buffers that reads of objects may hold: a receiver may take its time, and holds a
 * chunk as long. Three quarters, so that there are always some to write with; and only the first
 * half of that for what is read ahead, so that there are always some for what is wanted now. Who
 * asks while there is none waits in line. Thread-safe.
 */
final class ReadShare {

    private final Time time;
    private final long totalBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Waiter> waiting = new ArrayDeque<>();
    private long freeBytes;

    /**
     * @param bufferBytes all buffers of the process
     */
    ReadShare(long bufferBytes, Time time) {
        this.time = time;
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
                        "Please reduce your request rate: other reads hold the buffers.");
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
