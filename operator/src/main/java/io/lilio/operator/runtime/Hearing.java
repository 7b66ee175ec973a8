package io.lilio.operator.runtime;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Whether a process that does not hear of all that it watches is to be started again: not while the
 * API server is away for some minutes, which no restart mends. Thread-safe.
 */
final class Hearing {

    /** Watches are taken up again within seconds where they can be. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private final InstantSource clock;
    private @Nullable Instant since; // guarded by this

    Hearing(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Whether it is alive.
     *
     * @param hears whether it hears of everything now; to be asked time and again
     */
    synchronized boolean isAlive(boolean hears) {
        if (hears) {
            since = null;
            return true;
        }
        Instant now = clock.instant();
        if (since == null) {
            since = now;
        }
        return now.isBefore(since.plus(PATIENCE));
    }
}
