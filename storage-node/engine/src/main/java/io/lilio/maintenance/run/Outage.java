package io.lilio.maintenance.run;

import io.lilio.time.Time;
import java.time.Duration;

/** How long the metadata have kept a run from going on. Used by one thread. */
final class Outage {

    private final Time time;
    private final Duration patience;
    private long revision = -1;
    private boolean lasts;
    private long sinceNanos;

    /**
     * @param patience how long it may be
     */
    Outage(Time time, Duration patience) {
        this.time = time;
        this.patience = patience;
    }

    /** The run's record was read: the outage is over if it was written since it was read before. */
    void heard(long stored) {
        if (stored != revision) {
            revision = stored;
            lasts = false;
        }
    }

    /** The metadata answer. */
    void ended() {
        lasts = false;
    }

    /** The metadata do not answer, from now on unless they did not before. */
    boolean isTooLong() {
        if (!lasts) {
            lasts = true;
            sinceNanos = time.nanos();
        }
        return time.nanos() - sinceNanos >= patience.toNanos();
    }
}
