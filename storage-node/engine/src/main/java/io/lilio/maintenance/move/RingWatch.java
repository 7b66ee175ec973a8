package io.lilio.maintenance.move;

import io.lilio.catalog.ring.RingCache;
import io.lilio.placement.RingOperation;
import io.lilio.placement.RingView;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.Optional;

/** Notices that the ring has changed, so that the change is carried out soon. Thread-safe. */
public final class RingWatch implements AutoCloseable {

    private final RingCache ring;
    private final Time time;
    private final Duration interval;
    private final Runnable changed;
    private Change seen = Change.NONE;
    private Time.Cancellable next = () -> {};
    private boolean closed;

    private record Change(long epoch, Optional<RingOperation> operation) {
        static final Change NONE = new Change(0, Optional.empty());
    }

    /**
     * @param interval how often the ring that is known here is looked at
     * @param changed run when there is something to carry out; must not block
     */
    public RingWatch(RingCache ring, Time time, Duration interval, Runnable changed) {
        this.ring = ring;
        this.time = time;
        this.interval = interval;
        this.changed = changed;
    }

    public synchronized void start() {
        if (!closed) {
            next = time.schedule(interval, this::look);
        }
    }

    private void look() {
        try {
            if (isNew(ring.current())) {
                changed.run();
            }
        } finally {
            start();
        }
    }

    private synchronized boolean isNew(RingView view) {
        Change now = new Change(view.epoch(), view.ring().operation());
        boolean other = !now.equals(seen);
        seen = now;
        return other && (now.operation().isPresent() || view.unsettled() > 0);
    }

    @Override
    public synchronized void close() {
        closed = true;
        next.cancel();
    }
}
