package io.lilio.simulation;

import io.lilio.time.Time;

import java.time.Duration;
import java.time.Instant;

/** Time as another one tells it, in which nothing comes due: leases are ended by somebody else. */
final class LeaselessTime implements Time {

    private final Time time;

    LeaselessTime(Time time) {
        this.time = time;
    }

    @Override
    public Instant now() {
        return time.now();
    }

    @Override
    public long nanos() {
        return time.nanos();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        time.sleep(duration);
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        return () -> {};
    }
}
