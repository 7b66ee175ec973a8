package io.lilio.metadata.etcd;

import io.lilio.metadata.etcd.EtcdMetadataStore.Away;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether etcd answers. When a call fails, a probe asks at once; while that gets no answer either,
 * nobody waits for etcd: all calls but the probe's are refused. Thread-safe.
 */
final class Availability {

    private static final Logger log = LoggerFactory.getLogger(Availability.class);

    private static final Duration PROBE_INTERVAL = Duration.ofMillis(250);

    private final Time time;
    private final Supplier<Optional<EtcdException>> probe;
    private volatile Optional<Away> away = Optional.empty();
    private boolean probing;
    private boolean closed;

    /**
     * @param probe asks every endpoint in turn until one answers, and returns empty then, else what
     *     the last one said; blocks
     */
    Availability(Time time, Supplier<Optional<EtcdException>> probe) {
        this.time = time;
        this.probe = probe;
    }

    /** Empty while it answers. */
    Optional<Away> away() {
        return away;
    }

    /**
     * A call got no answer. One that has waited for as long as it may is reason enough to let
     * nobody else wait; one whose connection broke may have met a member that left, and others
     * answer.
     */
    void failed(EtcdException failure) {
        Away now = new Away(time.now(), String.valueOf(failure.getMessage()));
        synchronized (this) {
            if (away.isEmpty() && failure.timedOut()) {
                away = Optional.of(now);
            }
            if (probing || closed) {
                return;
            }
            probing = true;
        }
        time.schedule(Duration.ZERO, () -> probe(now, false));
    }

    private void probe(Away failed, boolean told) {
        if (isClosed()) {
            return;
        }
        Optional<EtcdException> failure = probe.get();
        if (failure.isEmpty()) {
            if (told) {
                log.info("etcd answers again");
            }
            synchronized (this) {
                away = Optional.empty();
                probing = false;
            }
            return;
        }
        Away now = new Away(failed.since(), String.valueOf(failure.get().getMessage()));
        away = Optional.of(now);
        if (isClosed()) {
            return;
        }
        if (!told || !now.why().equals(failed.why())) {
            log.warn("etcd does not answer; until it does, requests are refused: {}", now.why());
        }
        time.schedule(PROBE_INTERVAL, () -> probe(now, true));
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    synchronized void close() {
        closed = true;
    }
}
