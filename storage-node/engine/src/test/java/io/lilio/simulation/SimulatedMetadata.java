package io.lilio.simulation;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.LeaseId;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.ReadResult;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.ScanPage;
import io.lilio.metadata.Txn;
import io.lilio.metadata.Write;
import io.lilio.metadata.watch.QueuedWatch;
import io.lilio.simulation.RemoteCall.NoAnswerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The metadata as one process reaches them: by calls that may get lost, either way. */
final class SimulatedMetadata implements MetadataStore {

    /** How long an answer is waited for. */
    static final Duration DEADLINE = Duration.ofSeconds(1);

    private final Cluster cluster;
    private final SimulatedProcess process;
    private final Random random;
    private final List<RemoteWatch> watches = new ArrayList<>();
    private Duration watchDelay = Duration.ZERO;

    SimulatedMetadata(Cluster cluster, SimulatedProcess process) {
        this.cluster = cluster;
        this.process = process;
        this.random = cluster.newRandom();
    }

    private <T> T call(Supplier<T> work) {
        return new RemoteCall<T>(cluster.network(), process, service().process())
                .onArrival(cluster.scheduler(), DEADLINE, work);
    }

    private <T> T ask(Supplier<T> work) {
        try {
            return call(work);
        } catch (NoAnswerException e) {
            throw new MetadataUnavailableException("the metadata do not answer", e);
        }
    }

    private MetadataService service() {
        return cluster.metadata();
    }

    @Override
    public ReadResult read(List<Bytes> keys) {
        Optional<Activity> asking = cluster.scheduler().activity();
        return ask(
                () -> {
                    ReadResult result = service().store().read(keys);
                    cluster.readers().answered(asking, result);
                    return result;
                });
    }

    @Override
    public ReadView view() {
        ReadView view = ask(() -> service().store().view());
        return new RemoteView(view);
    }

    @Override
    public long revision() {
        return ask(() -> service().store().revision());
    }

    @Override
    public CommitResult commit(Txn txn) {
        cluster.phases().commits();
        CommitResult result;
        try {
            result = call(() -> service().commit(txn));
        } catch (NoAnswerException e) {
            cluster.phases().unknown();
            return new CommitResult.Unknown(e);
        }
        cluster.phases().answered(result);
        if (result instanceof CommitResult.Committed && beginsSession(txn)) {
            cluster.born(process.name());
        }
        return result;
    }

    private static boolean beginsSession(Txn txn) {
        return txn.writes().stream()
                .filter(write -> write instanceof Write.Put)
                .map(Write::key)
                .anyMatch(
                        key ->
                                key.at(0) == Phases.SESSIONS
                                        && key.at(key.length() - 1) == Phases.SESSIONS);
    }

    @Override
    public LeaseId grantLease(Duration ttl) {
        return ask(() -> service().grant(process.name(), ttl));
    }

    @Override
    public boolean keepAlive(LeaseId lease) {
        return ask(() -> service().keepAlive(lease));
    }

    @Override
    public void revokeLease(LeaseId lease) {
        ask(
                () -> {
                    service().end(lease);
                    return lease;
                });
    }

    @Override
    public Watch watch(
            KeyRange range, long afterRevision, Consumer<Change> listener, Runnable lost) {
        RemoteWatch watch = new RemoteWatch(range, listener, lost);
        watches.add(watch);
        watch.begin(afterRevision);
        return watch;
    }

    /** What changes is told so much later. */
    void delayWatches(Duration delay) {
        watchDelay = delay;
    }

    /** All watches of this process break. */
    void loseWatches() {
        List<RemoteWatch> broken = List.copyOf(watches);
        watches.clear();
        broken.forEach(RemoteWatch::lose);
    }

    @Override
    public void close() {
        watches.clear();
    }

    /** A view whose every use is a call. */
    private final class RemoteView implements ReadView {
        private final ReadView view;

        RemoteView(ReadView view) {
            this.view = view;
        }

        @Override
        public long revision() {
            return view.revision();
        }

        @Override
        public ReadResult read(List<Bytes> keys) {
            return ask(() -> view.read(keys));
        }

        @Override
        public ScanPage scan(KeyRange range, int limit) {
            cluster.phases().scans(range);
            cluster.takeLong();
            return ask(() -> view.scan(range, limit));
        }

        @Override
        public void close() {
            view.close();
        }
    }

    /** A stream of changes that comes in order, until it breaks. */
    private final class RemoteWatch implements Watch {
        private final QueuedWatch queue;
        private Watch source = () -> {};
        private long arrivesNanos;

        RemoteWatch(KeyRange range, Consumer<Change> listener, Runnable lost) {
            queue = new QueuedWatch(range, listener, lost, process.threads());
            this.range = range;
        }

        private final KeyRange range;

        void begin(long afterRevision) {
            source = service().store().watch(range, afterRevision, this::tell, this::lose);
        }

        private void tell(Change change) {
            if (cluster.network().isCut(service().process().name(), process.name())) {
                lose();
                return;
            }
            long usual = (long) (random.nextDouble() * cluster.watchDelay().toNanos());
            long delay = watchDelay.toNanos() + usual + 50_000 + random.nextInt(5_000_000);
            long now = cluster.scheduler().nanos();
            arrivesNanos = Math.max(arrivesNanos + 1, now + delay);
            cluster.scheduler()
                    .after(
                            Duration.ofNanos(arrivesNanos - now),
                            process,
                            () -> queue.offer(List.of(change)));
        }

        void lose() {
            source.close();
            watches.remove(this);
            cluster.scheduler().after(Duration.ofMillis(random.nextInt(50)), process, queue::lose);
        }

        @Override
        public void close() {
            source.close();
            queue.close();
            watches.remove(this);
        }
    }
}
