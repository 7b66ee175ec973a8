package io.lilio.metadata.rocksdb;

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
import io.lilio.metadata.embedded.LeaseTable;
import io.lilio.metadata.embedded.WatchHub;
import io.lilio.metadata.rocksdb.Request.Work;
import io.lilio.rocks.RocksMemory;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded default: RocksDB in a local directory, every commit synced, many commits to a sync.
 * One process at a time. Thread-safe.
 *
 * <p>A disk that is nearly full refuses new data first. A write that fails makes its transactions'
 * outcome unknown; the store then opens its database again by itself, and until that has succeeded
 * it answers reads as long as it can and refuses commits.
 */
public final class RocksMetadataStore implements MetadataStore {

    private static final Logger log = LoggerFactory.getLogger(RocksMetadataStore.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final int MAX_WAITING_READS = 1_024;

    private final Time time;
    private final RequestQueue queue;
    private final Revisions revisions;
    private final DatabaseGate gate;
    private final Reads reads;
    private final Reads.Newest newest;
    private final Views views;
    private final LeaseTable leases;
    private final WatchHub watches;
    private final Committer committer;
    private final Thread committing;
    private final ThreadPoolExecutor readPool;

    /**
     * Opens the store, making it when there is none.
     *
     * @param memory outlives the store
     * @throws MetadataUnavailableException with a sentence that says what is wrong with the
     *     directory
     */
    public RocksMetadataStore(RocksMetadataSettings settings, RocksMemory memory, Time time) {
        this(
                settings,
                new Storage(settings.directory(), memory),
                time,
                Database::write,
                DiskSpace.of(settings.directory()));
    }

    /**
     * For tests, which own the disk.
     *
     * @param storage open, from now on the store's
     */
    RocksMetadataStore(
            RocksMetadataSettings settings,
            Storage storage,
            Time time,
            Committer.Journal journal,
            DiskSpace.Free free) {
        this.time = time;
        this.revisions = new Revisions(storage.revision());
        this.newest = new Reads.Newest(revisions, storage.recent());
        this.gate = new DatabaseGate(storage.database());
        this.queue = new RequestQueue(time, settings.deadline());
        this.readPool = pool(settings.readThreads());
        this.reads = new Reads(gate, readPool, time, settings.deadline());
        this.views = new Views(time);
        this.leases = new LeaseTable(time, storage.firstLeaseId(), this::endExpired);
        this.watches =
                new WatchHub(
                        Thread.ofVirtual().name("lilio-metadata-watch").factory(),
                        storage.revision());
        CommitterParts parts =
                new CommitterParts(
                        gate,
                        revisions,
                        views,
                        leases,
                        watches,
                        new DiskSpace(settings, free, time));
        this.committer = new Committer(queue, storage, parts, journal);
        this.committing =
                Thread.ofPlatform().name("lilio-metadata-commit").daemon().start(committer);
    }

    private static ThreadPoolExecutor pool(int threads) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        10,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(MAX_WAITING_READS),
                        Thread.ofPlatform().name("lilio-metadata-read-", 0).daemon().factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    @Override
    public ReadResult read(List<Bytes> keys) {
        Limits.checkRead(keys);
        return reads.cachedElseAnywhere(
                (database, tier) -> Reads.newest(database, newest, tier, keys));
    }

    @Override
    public ReadView view() {
        return views.open(reads);
    }

    @Override
    public long revision() {
        return reads.cachedElseAnywhere(
                (database, tier) -> {
                    long applied = revisions.applied();
                    return revisions.restAt(applied)
                            ? applied
                            : database.number(database.from(tier), Stored.REVISION);
                });
    }

    @Override
    public CommitResult commit(Txn txn) {
        return await(new Work.Commit(txn));
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
        if (!leases.end(lease)) {
            return;
        }
        CommitResult result;
        try {
            result = await(new Work.EndLease(lease));
        } catch (MetadataUnavailableException e) {
            endExpired(lease);
            throw e;
        }
        if (result instanceof CommitResult.Unknown(Throwable t)) {
            throw new MetadataUnavailableException(
                    "a lease has ended, but its keys may be there until the store is open again",
                    t);
        }
    }

    @Override
    public Watch watch(
            KeyRange range, long afterRevision, Consumer<Change> listener, Runnable lost) {
        return watches.watch(range, afterRevision, listener, lost);
    }

    /** How many transactions shared how many syncs. */
    public RocksMetadataStats stats() {
        return committer.stats();
    }

    @Override
    public void close() {
        leases.close();
        queue.close();
        joinCommitter();
        watches.close();
        readPool.shutdown();
        gate.shut("the metadata store is closed", views::releaseAll);
    }

    private CommitResult await(Work work) {
        Request request = new Request(work, time.nanos());
        queue.offer(request);
        return request.await();
    }

    /** Again and again until it is done: the lease has ended, and its keys must not outlive it. */
    private void endExpired(LeaseId lease) {
        queue.offerOwn(
                new Request(
                        new Work.EndLease(lease),
                        time.nanos(),
                        () -> time.schedule(RETRY_AFTER, () -> endExpired(lease))));
    }

    private void joinCommitter() {
        boolean interrupted = false;
        while (committing.isAlive()) {
            try {
                committing.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            log.info("the metadata store was closed by a thread that is to stop");
            Thread.currentThread().interrupt();
        }
    }
}
