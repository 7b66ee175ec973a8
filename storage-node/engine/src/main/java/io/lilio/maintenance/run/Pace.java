package io.lilio.maintenance.run;

import io.lilio.time.Time;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Holds maintenance back: never faster than its settings, and slower while clients are busy.
 * Thread-safe; threads of one run share its allowance.
 */
public final class Pace {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** Allowance that was not used lets a run catch up by so much, not more. */
    private static final long BURST = SECOND / 10;

    private final PaceSettings settings;
    private final Time time;
    private final BooleanSupplier clientsBusy;
    private long freeAtNanos;

    /**
     * @param clientsBusy whether requests of clients are under way
     */
    public Pace(PaceSettings settings, Time time, BooleanSupplier clientsBusy) {
        this.settings = settings;
        this.time = time;
        this.clientsBusy = clientsBusy;
        this.freeAtNanos = time.nanos();
    }

    /**
     * Waits until that much more may be done, and a little longer while clients are busy, if it is
     * anything at all.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    void await(long steps, long bytes) throws InterruptedException {
        long wait =
                reserve(
                        cost(steps, settings.stepsPerSecond())
                                + cost(bytes, settings.bytesPerSecond()));
        if (wait > 0) {
            time.sleep(Duration.ofNanos(wait));
        }
        boolean burdens = steps > 0 || bytes > 0;
        if (burdens && !settings.yield().isZero() && clientsBusy.getAsBoolean()) {
            time.sleep(settings.yield());
        }
    }

    private static long cost(long amount, long perSecond) {
        return (long) ((double) amount * SECOND / perSecond);
    }

    /** How long to wait. */
    private synchronized long reserve(long costNanos) {
        long now = time.nanos();
        freeAtNanos = Math.max(freeAtNanos, now - BURST) + costNanos;
        return freeAtNanos - now;
    }
}
