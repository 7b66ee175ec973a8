package io.lilio.time;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Says yes now and then: once in an interval, however often it is asked. Thread-safe. */
public final class Sparingly {

    private final Time time;
    private final long intervalNanos;
    private final AtomicLong nextNanos;

    public Sparingly(Time time, Duration interval) {
        this.time = time;
        this.intervalNanos = interval.toNanos();
        this.nextNanos = new AtomicLong(time.nanos());
    }

    /** Whether it is time again. */
    public boolean now() {
        long now = time.nanos();
        long next = nextNanos.get();
        return now - next >= 0 && nextNanos.compareAndSet(next, now + intervalNanos);
    }
}
