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
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Times the calls of a metadata store that requests wait for, and counts the transactions whose
 * answer is awaited and those whose answer was lost. Thread-safe.
 */
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
    private final Map<Txn.Purpose, Answers> answers = new EnumMap<>(Txn.Purpose.class);

    public MeasuredMetadataStore(MetadataStore store, MeterRegistry registry) {
        this.store = store;
        this.reads = timer(registry, "read");
        this.commits = timer(registry, "commit");
        this.scans = timer(registry, "scan");
        for (Txn.Purpose purpose : Txn.Purpose.values()) {
            answers.put(purpose, new Answers(registry, purpose));
        }
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
        return Objects.requireNonNull(answers.get(txn.purpose()))
                .awaited(() -> timed(commits, () -> store.commit(txn)));
    }

    /** What becomes of the transactions of one purpose. */
    private static final class Answers {

        private final AtomicInteger awaited = new AtomicInteger();
        private final Counter lost;

        Answers(MeterRegistry registry, Txn.Purpose purpose) {
            String tag = purpose.name().toLowerCase(Locale.ROOT);
            Gauge.builder("lilio.metadata.commits.active", awaited, AtomicInteger::doubleValue)
                    .description("Transactions whose answer is awaited")
                    .tag("purpose", tag)
                    .register(registry);
            lost =
                    Counter.builder("lilio.metadata.commits.unknown")
                            .description("Transactions whose answer was lost")
                            .tag("purpose", tag)
                            .register(registry);
        }

        CommitResult awaited(Supplier<CommitResult> commit) {
            awaited.incrementAndGet();
            try {
                CommitResult result = commit.get();
                if (result instanceof CommitResult.Unknown) {
                    lost.increment();
                }
                return result;
            } finally {
                awaited.decrementAndGet();
            }
        }
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
