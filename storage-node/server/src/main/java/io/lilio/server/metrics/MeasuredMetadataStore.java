package io.lilio.server.metrics;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.LeaseId;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.ReadResult;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.ScanPage;
import io.lilio.metadata.Txn;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Times the calls of a metadata store that requests wait for. Thread-safe. */
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
    private final Timer scans;

    public MeasuredMetadataStore(MetadataStore store, MeterRegistry registry) {
        this.store = store;
        this.reads = timer(registry, "read");
        this.commits = timer(registry, "commit");
        this.scans = timer(registry, "scan");
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
        return timed(reads, () -> store.read(keys));
    }

    @Override
    public CommitResult commit(Txn txn) {
        return timed(commits, () -> store.commit(txn));
    }

    @Override
    public ReadView view() {
        return new MeasuredView(store.view());
    }

    private static <T> T timed(Timer timer, Supplier<T> call) {
        long began = System.nanoTime();
        try {
            return call.get();
        } finally {
            timer.record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
        }
    }

    private final class MeasuredView implements ReadView {

        private final ReadView view;

        MeasuredView(ReadView view) {
            this.view = view;
        }

        @Override
        public long revision() {
            return view.revision();
        }

        @Override
        public ReadResult read(List<Bytes> keys) {
            return timed(reads, () -> view.read(keys));
        }

        @Override
        public ScanPage scan(KeyRange range, int limit) {
            return timed(scans, () -> view.scan(range, limit));
        }

        @Override
        public void close() {
            view.close();
        }
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
