package io.lilio.server.bootstrap;

import io.lilio.metadata.session.Session;
import io.lilio.time.Time;

/**
 * How long requests in flight have held a node's mark, and with it all trash, where it is; as far
 * as whoever asks can tell: counted from when it was first asked. Thread-safe.
 */
final class WatermarkAge {

    private final Time time;
    private long mark = -1;
    private long sinceNanos;

    WatermarkAge(Time time) {
        this.time = time;
    }

    /** 0 when nothing is in flight. */
    synchronized double seconds(Session session) {
        long now = time.nanos();
        if (session.inFlight() == 0 || session.mark() != mark) {
            mark = session.mark();
            sinceNanos = now;
        }
        return (now - sinceNanos) / 1e9;
    }
}
