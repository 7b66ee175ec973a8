package io.lilio.metadata.etcd;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.LeaseId;
import io.lilio.metadata.Limits;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.ReadResult;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.Txn;
import io.lilio.metadata.watch.QueuedWatch;
import io.lilio.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/**
 * The metadata in etcd, shared by the nodes of a cluster. Thread-safe.
 *
 * <p>A commit is sent once. Transactions that are committed together may have one revision; those
 * that write a common key, or put one under a lease, never have. While etcd does not answer, calls
 * fail at once.
 */
public final class EtcdMetadataStore implements MetadataStore {

    private final EtcdClient client;
    private final KeySpace keys;
    private final EtcdReads reads;
    private final EtcdCommitter committer;
    private final EtcdLeases leases;
    private final EtcdSpace space;
    private final ScanHints hints = new ScanHints();
    private final Time time;
    private final ThreadFactory threads;
    private final ExecutorService callbacks;
    private final Set<EtcdWatch> watches = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * How etcd fares.
     *
     * @param away since when it does not answer, and what it said last; empty while it does
     * @param usedBytes in use
     * @param quotaBytes that it takes at most
     * @param nearlyFull whether new data are refused
     * @param troubles what etcd says is wrong with it; empty when nothing is
     */
    public record Status(
            Optional<Away> away,
            long usedBytes,
            long quotaBytes,
            boolean nearlyFull,
            List<String> troubles) {

        public Status {
            troubles = List.copyOf(troubles);
        }

        /** Since when it does not answer. */
        public Optional<Instant> awaySince() {
            return away.map(Away::since);
        }
    }

    /**
     * etcd does not answer.
     *
     * @param since when the first call failed
     * @param why what it said last
     */
    public record Away(Instant since, String why) {}

    /**
     * Connects; whether etcd answers shows in the first call.
     *
     * @param threads makes virtual threads
     * @throws IllegalArgumentException with a sentence, when a certificate cannot be read
     */
    public EtcdMetadataStore(EtcdSettings settings, Time time, ThreadFactory threads) {
        this.time = time;
        this.threads = threads;
        this.callbacks = Executors.newThreadPerTaskExecutor(threads);
        this.client = new EtcdClient(settings, time, callbacks);
        this.keys = new KeySpace(settings.prefix());
        this.reads = new EtcdReads(client, keys);
        this.committer = new EtcdCommitter(client, keys, time);
        this.leases = new EtcdLeases(client);
        this.space = new EtcdSpace(client, time, settings.limits().quotaBytes());
        time.schedule(Duration.ZERO, space::start);
    }

    /** How etcd fares, as of the latest calls. Never blocks. */
    public Status status() {
        EtcdSpace.Space now = space.current();
        return new Status(
                client.availability().away(),
                now.usedBytes(),
                now.quotaBytes(),
                now.nearlyFull(),
                now.troubles());
    }

    /**
     * Whether etcd answers. Waits as long as a call may take.
     *
     * @throws MetadataUnavailableException when it answers that it does nothing for this client:
     *     trying again does not help
     */
    public boolean answers() {
        try {
            long _ = reads.revision();
            return true;
        } catch (MetadataUnavailableException e) {
            Optional<EtcdException> refusal = client.login().refusal();
            if (refusal.isPresent() && !refusal.get().fault().passes()) {
                throw EtcdClient.unavailable(refusal.get());
            }
            if (e.getCause() instanceof EtcdException why && !why.fault().passes()) {
                throw e;
            }
            return false;
        }
    }

    @Override
    public ReadResult read(List<Bytes> wanted) {
        Limits.checkRead(wanted);
        return reads.read(wanted);
    }

    @Override
    public ReadView view() {
        return new EtcdView(reads, hints, time, reads.revision());
    }

    @Override
    public long revision() {
        return reads.revision();
    }

    @Override
    public CommitResult commit(Txn txn) {
        space.require(txn.purpose());
        CommitResult result = committer.commit(txn);
        if (result instanceof CommitResult.Committed) {
            space.wrote(txn);
        } else if (result instanceof CommitResult.Unknown(EtcdException why)
                && why.fault() == EtcdFault.FULL) {
            space.refused();
        }
        return result;
    }

    @Override
    public LeaseId grantLease(Duration ttl) {
        return leases.grant(ttl);
    }

    @Override
    public boolean keepAlive(LeaseId lease) {
        return leases.keepAlive(lease);
    }

    @Override
    public void revokeLease(LeaseId lease) {
        leases.revoke(lease);
    }

    @Override
    public Watch watch(
            KeyRange range, long afterRevision, Consumer<Change> listener, Runnable lost) {
        client.requireAvailable();
        var queued = new QueuedWatch(range, listener, lost, threads);
        EtcdWatch[] self = new EtcdWatch[1];
        EtcdWatch watch = new EtcdWatch(keys, queued, () -> watches.remove(self[0]));
        self[0] = watch;
        watches.add(watch);
        watch.begin(client, range, afterRevision);
        if (closed) {
            watch.lose();
            throw new MetadataUnavailableException("the metadata store is closed", null);
        }
        return watch;
    }

    @Override
    public void close() {
        closed = true;
        watches.forEach(EtcdWatch::lose);
        space.close();
        client.close();
        callbacks.shutdown();
    }
}
