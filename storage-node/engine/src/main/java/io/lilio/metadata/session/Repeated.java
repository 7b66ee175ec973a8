package io.lilio.metadata.session;

import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.time.Time;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a task again and again, each time an interval after the last one ended. Thread-safe. */
final class Repeated implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Repeated.class);

    private final Time time;
    private final Duration interval;
    private final String purpose;
    private final Runnable task;
    private Time.Cancellable next = () -> {};
    private boolean closed;
    private boolean failing;

    Repeated(Time time, Duration interval, String purpose, Runnable task) {
        this.time = time;
        this.interval = interval;
        this.purpose = purpose;
        this.task = task;
        scheduleNext();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized void close() {
        closed = true;
        next.cancel();
    }

    private synchronized void scheduleNext() {
        if (!closed) {
            next = time.schedule(interval, this::run);
        }
    }

    private void run() {
        if (isClosed()) {
            return;
        }
        try {
            task.run();
            failing = false;
        } catch (MetadataUnavailableException e) {
            // Once per outage: the store says more about it than this could.
            if (!failing) {
                log.warn("could not {}: {}", purpose, e.getMessage());
            }
            failing = true;
        } finally {
            scheduleNext();
        }
    }
}
