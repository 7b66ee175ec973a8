package io.lilio.maintenance.brake;

import io.lilio.time.Time;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a {@link DeletionBrake} remember how far the metadata are, regularly and at the end, so that
 * older ones are recognised even if nothing was deleted meanwhile. Thread-safe.
 */
public final class RevisionWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RevisionWatch.class);

    private final DeletionBrake brake;
    private final Time time;
    private final Duration interval;
    private Time.Cancellable next = () -> {};
    private boolean closed;

    /**
     * @param interval from the end of one look to the next: what is remembered is no older
     */
    public RevisionWatch(DeletionBrake brake, Time time, Duration interval) {
        this.brake = brake;
        this.time = time;
        this.interval = interval;
    }

    /** Begins. */
    public synchronized void start() {
        if (!closed) {
            next = time.schedule(interval, this::look);
        }
    }

    private void look() {
        remember();
        start();
    }

    private void remember() {
        try {
            brake.remember();
        } catch (RuntimeException e) {
            log.warn("the metadata's revision is not remembered: {}", e.getMessage());
        }
    }

    /** Remembers for the last time: once requests have ended, while there are metadata. */
    @Override
    public void close() {
        if (endLooking()) {
            remember();
        }
    }

    private synchronized boolean endLooking() {
        boolean first = !closed;
        closed = true;
        next.cancel();
        return first;
    }
}
