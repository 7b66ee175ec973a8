package io.lilio.replication;

import io.lilio.time.Time;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Spares a member that keeps failing, and everyone who would wait for it (M. Nygard, "Release It!",
 * 2007). So many failures in a row open it; after a while it is half open, and one call is let
 * through whose outcome closes it, or opens it for twice as long. Thread-safe; a closed breaker
 * costs one volatile read.
 */
final class CircuitBreaker {

    /** Whether a call may be made. */
    enum Pass {
        YES,
        /** As the one that decides: its outcome has to be reported with {@code probe}. */
        AS_PROBE,
        NO
    }

    private final ReplicationSettings.Breaker settings;
    private final Time time;
    private final Consumer<BreakerState> changes;
    private volatile BreakerState state = BreakerState.CLOSED;
    private volatile int failures;
    private boolean probing;
    private Duration openFor;

    /**
     * @param changes told of each new state, one at a time
     */
    CircuitBreaker(
            ReplicationSettings.Breaker settings, Time time, Consumer<BreakerState> changes) {
        this.settings = settings;
        this.time = time;
        this.changes = changes;
        this.openFor = settings.minOpen();
    }

    BreakerState state() {
        return state;
    }

    /** Asks to make a call. Each YES or AS_PROBE is followed by exactly one report. */
    Pass ask() {
        if (state == BreakerState.CLOSED) {
            return Pass.YES;
        }
        synchronized (this) {
            if (state == BreakerState.CLOSED) {
                return Pass.YES;
            }
            if (state == BreakerState.OPEN || probing) {
                return Pass.NO;
            }
            probing = true;
            return Pass.AS_PROBE;
        }
    }

    /** Reports that the member answered, in whatever sense. */
    void answered(boolean probe) {
        if (state == BreakerState.CLOSED && failures == 0) {
            return;
        }
        synchronized (this) {
            if (state == BreakerState.CLOSED) {
                failures = 0;
            } else if (probe) {
                probing = false;
                openFor = settings.minOpen();
                change(BreakerState.CLOSED);
            }
        }
    }

    /** Reports that the member failed or did not answer in time. */
    synchronized void failed(boolean probe) {
        if (state == BreakerState.CLOSED) {
            failures++;
            if (failures >= settings.failures()) {
                open();
            }
        } else if (probe) {
            probing = false;
            Duration doubled = openFor.multipliedBy(2);
            openFor = doubled.compareTo(settings.maxOpen()) < 0 ? doubled : settings.maxOpen();
            open();
        }
    }

    /** Reports a call that says nothing about the member: it was not made after all. */
    void withdrawn(boolean probe) {
        if (probe) {
            synchronized (this) {
                probing = false;
            }
        }
    }

    private void open() {
        failures = 0;
        change(BreakerState.OPEN);
        time.schedule(openFor, this::halfOpen);
    }

    private synchronized void halfOpen() {
        if (state == BreakerState.OPEN) {
            change(BreakerState.HALF_OPEN);
        }
    }

    private void change(BreakerState next) {
        state = next;
        changes.accept(next);
    }
}
