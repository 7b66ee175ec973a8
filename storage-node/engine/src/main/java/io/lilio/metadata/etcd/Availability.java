package io.lilio.metadata.etcd;

import io.lilio.metadata.etcd.EtcdMetadataStore.Away;
import io.lilio.time.Time;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Whether etcd answers. While it does not, nobody waits for it: a probe asks again and again, and
 * all others are refused at once. Thread-safe.
 */
final class Availability {

    private static final Logger log = LoggerFactory.getLogger(Availability.class);

    private static final Duration PROBE_INTERVAL = Duration.ofMillis(250);

    private final Time time;
    private final BooleanSupplier probe;
    private volatile Optional<Away> away = Optional.empty();
    private boolean closed;

    /**
     * @param probe asks every endpoint in turn whether it answers; blocks
     */
    Availability(Time time, BooleanSupplier probe) {
        this.time = time;
        this.probe = probe;
    }

    /** Empty while it answers. */
    Optional<Away> away() {
        return away;
    }

    /** A call got no answer. Probes at once, so that one slow call costs others little. */
    void failed(EtcdException failure) {
        synchronized (this) {
            if (away.isPresent() || closed) {
                return;
            }
            away = Optional.of(new Away(time.now(), String.valueOf(failure.getMessage())));
        }
        time.schedule(Duration.ZERO, () -> probe(true));
    }

    private void probe(boolean first) {
        if (isClosed()) {
            return;
        }
        if (probe.getAsBoolean()) {
            if (!first) {
                log.info("etcd answers again");
            }
            away = Optional.empty();
            return;
        }
        if (first) {
            away.ifPresent(
                    gone ->
                            log.warn(
                                    "etcd does not answer; until it does, requests are refused: {}",
                                    gone.why()));
        }
        time.schedule(PROBE_INTERVAL, () -> probe(false));
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    synchronized void close() {
        closed = true;
    }
}
