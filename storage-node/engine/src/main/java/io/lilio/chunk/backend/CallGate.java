package io.lilio.chunk.backend;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets calls in until it is closed, and lets the one who closes it wait until the last of them has
 * gone. Thread-safe.
 */
public final class CallGate {

    private static final long CLOSED = 1L << 62;

    private final String name;
    private final AtomicLong state = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition emptied = lock.newCondition();

    /**
     * @param name of the backend, for the message of who comes too late
     */
    public CallGate(String name) {
        this.name = name;
    }

    /**
     * Begins a call; {@link #leave} ends it.
     *
     * @throws BackendException CLOSED when the gate is closed
     */
    public void enter() {
        if (!tryEnter()) {
            throw new BackendException(
                    Reason.CLOSED, "the backend " + name + " has been closed", null);
        }
    }

    /** Begins a call unless the gate is closed; {@link #leave} ends it. */
    public boolean tryEnter() {
        if ((state.incrementAndGet() & CLOSED) != 0) {
            leave();
            return false;
        }
        return true;
    }

    /** Ends a call. */
    public void leave() {
        if (state.decrementAndGet() == CLOSED) {
            lock.lock();
            try {
                emptied.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Closes it and waits until nobody is inside.
     *
     * @return whether this call closed it: false when it was closed before
     */
    public boolean close() {
        long before = state.getAndUpdate(seen -> seen | CLOSED);
        lock.lock();
        try {
            while (state.get() != CLOSED) {
                emptied.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
        return (before & CLOSED) == 0;
    }
}
