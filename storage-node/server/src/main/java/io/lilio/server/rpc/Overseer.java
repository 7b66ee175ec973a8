package io.lilio.server.rpc;

import io.lilio.time.Time;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Enforces the deadlines of all connections at regular intervals: a timer for each call would cost
 * more than the call. Thread-safe.
 */
final class Overseer implements AutoCloseable {

    /** How late a deadline may be noticed. */
    private static final Duration INTERVAL = Duration.ofMillis(100);

    private final Time time;
    private final Runnable also;
    private final Set<Deadline> deadlines = ConcurrentHashMap.newKeySet();
    private Time.@Nullable Cancellable next;
    private boolean closed;

    /**
     * @param also what else is to be looked at each time; quick
     */
    Overseer(Time time, Runnable also) {
        this.time = time;
        this.also = also;
    }

    void watch(Deadline deadline) {
        deadlines.add(deadline);
    }

    void forget(Deadline deadline) {
        deadlines.remove(deadline);
    }

    synchronized void start() {
        if (!closed) {
            next = time.schedule(INTERVAL, this::look);
        }
    }

    private void look() {
        try {
            deadlines.forEach(Deadline::enforce);
            also.run();
        } finally {
            start();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (next != null) {
            next.cancel();
        }
    }
}
