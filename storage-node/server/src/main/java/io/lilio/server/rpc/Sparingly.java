package io.lilio.server.rpc;

import io.lilio.time.Time;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Says yes now and then: a stranger must not fill the log. Thread-safe. */
final class Sparingly {

    private final Time time;
    private final long intervalNanos;
    private final AtomicLong nextNanos;

    Sparingly(Time time, Duration interval) {
        this.time = time;
        this.intervalNanos = interval.toNanos();
        this.nextNanos = new AtomicLong(time.nanos());
    }

    /** Whether this one may be told. */
    boolean now() {
        long now = time.nanos();
        long next = nextNanos.get();
        return now - next >= 0 && nextNanos.compareAndSet(next, now + intervalNanos);
    }
}
