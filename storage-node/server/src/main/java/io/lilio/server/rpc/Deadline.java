package io.lilio.server.rpc;

import io.lilio.time.Time;
import java.time.Duration;

/** By when something has to be over on a wire; {@link Overseer} closes it then. Thread-safe. */
final class Deadline {

    private static final long NEVER = Long.MAX_VALUE;

    private final Wire wire;
    private final Time time;
    private volatile long nanos = NEVER;
    private volatile boolean expired;

    Deadline(Wire wire, Time time) {
        this.wire = wire;
        this.time = time;
    }

    /** From now on it has that long. */
    void in(Duration duration) {
        at(time.nanos() + duration.toNanos());
    }

    /** From now on it has until then. */
    void at(long until) {
        nanos = until == NEVER ? until - 1 : until;
    }

    /** From now on it may take as long as it likes. */
    void clear() {
        nanos = NEVER;
    }

    /** Closes the wire when the time is over. */
    void enforce() {
        long until = nanos;
        if (until != NEVER && time.nanos() - until >= 0) {
            expired = true;
            wire.close();
        }
    }

    /** Whether it was closed for that. */
    boolean isExpired() {
        return expired;
    }
}
