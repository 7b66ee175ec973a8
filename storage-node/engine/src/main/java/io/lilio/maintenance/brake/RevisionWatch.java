package io.lilio.maintenance.brake;

import io.lilio.time.Time;
import java.time.Duration;
import java.util.function.LongSupplier;
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
    private final LongSupplier grown;
    private long beatenAt;
    private Time.Cancellable next = () -> {};
    private boolean closed;

    /**
     * @param interval from the end of one look to the next: what is remembered is no older
     * @param grown counts what this process adds to metadata that it shares with others, where
     *     beats tell a snapshot whose revisions were raised; always 0 elsewhere
     */
    public RevisionWatch(DeletionBrake brake, Time time, Duration interval, LongSupplier grown) {
        this.brake = brake;
        this.time = time;
        this.interval = interval;
        this.grown = grown;
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
            long now = grown.getAsLong();
            if (now == beatenAt) {
                brake.remember();
            } else if (brake.beat()) {
                beatenAt = now;
            }
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
