package io.lilio.server.metrics;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.LeaseId;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.ReadResult;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.Txn;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Times the two calls of a metadata store that requests wait for. Thread-safe. */
public final class MeasuredMetadataStore implements MetadataStore {

    private static final Duration[] DURATIONS = {
        Duration.ofNanos(100_000),
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2)
    };

    private final MetadataStore store;
    private final Timer reads;
    private final Timer commits;

    public MeasuredMetadataStore(MetadataStore store, MeterRegistry registry) {
        this.store = store;
        this.reads = timer(registry, "read");
        this.commits = timer(registry, "commit");
    }

    private static Timer timer(MeterRegistry registry, String call) {
        return Timer.builder("lilio.metadata.duration")
                .description("How long the metadata store takes")
                .tag("call", call)
                .serviceLevelObjectives(DURATIONS)
                .register(registry);
    }

    @Override
    public ReadResult read(List<Bytes> keys) {
        long began = System.nanoTime();
        try {
            return store.read(keys);
        } finally {
            reads.record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public CommitResult commit(Txn txn) {
        long began = System.nanoTime();
        try {
            return store.commit(txn);
        } finally {
            commits.record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public ReadView view() {
        return store.view();
    }

    @Override
    public long revision() {
        return store.revision();
    }

    @Override
    public LeaseId grantLease(Duration ttl) {
        return store.grantLease(ttl);
    }

    @Override
    public boolean keepAlive(LeaseId lease) {
        return store.keepAlive(lease);
    }

    @Override
    public void revokeLease(LeaseId lease) {
        store.revokeLease(lease);
    }

    @Override
    public Watch watch(
            KeyRange range, long afterRevision, Consumer<Change> listener, Runnable lost) {
        return store.watch(range, afterRevision, listener, lost);
    }

    @Override
    public void close() {
        store.close();
    }
}
