package io.lilio.metadata.rocksdb;

import io.lilio.metadata.CommitResult;
import io.lilio.metadata.LeaseEndedException;
import io.lilio.metadata.LeaseId;
import io.lilio.metadata.MetadataFullException;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.Txn;
import io.lilio.metadata.rocksdb.Request.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. It takes everything that waits, decides each transaction, writes what
 * they change in one batch that is synced once, and then answers all of them: the more callers, the
 * more transactions to a sync (group commit).
 *
 * <p>When a write fails, nobody knows what is on the disk: the outcome of the batch is unknown, and
 * nothing else is taken until the database was closed and opened again, which it tries every
 * second.
 */
final class Committer implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(Committer.class);
    private static final Duration REOPEN_AFTER = Duration.ofSeconds(1);

    /** Writes and syncs a batch. */
    @FunctionalInterface
    interface Journal {
        void write(Database database, WriteBatch batch) throws RocksDBException;
    }

    private record Decided(Request request, CommitResult result) {}

    private final RequestQueue queue;
    private final Storage storage;
    private final CommitterParts parts;
    private final Journal journal;
    private final LongAdder committed = new LongAdder();
    private final LongAdder syncs = new LongAdder();
    private boolean failing;

    Committer(RequestQueue queue, Storage storage, CommitterParts parts, Journal journal) {
        this.queue = queue;
        this.storage = storage;
        this.parts = parts;
        this.journal = journal;
    }

    RocksMetadataStats stats() {
        return new RocksMetadataStats(committed.sum(), syncs.sum(), queue.size());
    }

    /** Until the queue is closed and empty. */
    @Override
    public void run() {
        while (true) {
            if (failing) {
                if (!queue.pause(REOPEN_AFTER)) {
                    return;
                }
                reopen();
                continue;
            }
            List<Request> requests = queue.take();
            if (requests.isEmpty()) {
                return;
            }
            try {
                process(requests);
            } catch (RuntimeException | Error e) {
                // A fault of ours; what it did to the batch is not known either.
                log.error("the metadata committer failed", e);
                fail(e);
                requests.forEach(request -> abandon(request, e));
            }
        }
    }

    private void process(List<Request> requests) {
        Batch batch = storage.batch(parts.revisions().applied());
        List<Decided> decided = new ArrayList<>(requests.size());
        for (Request request : requests) {
            if (request.take()) {
                decide(request, batch, decided);
            }
        }
        if (batch.isEmpty() || write(batch, decided)) {
            decided.forEach(one -> one.request().answer(one.result()));
        }
    }

    private void decide(Request request, Batch batch, List<Decided> decided) {
        try {
            decided.add(
                    switch (request.work()) {
                        case Work.Commit(Txn txn) -> {
                            if (!txn.writes().isEmpty()) {
                                parts.space().check(txn.purpose());
                            }
                            yield new Decided(request, batch.decide(txn, parts.leases()));
                        }
                        case Work.EndLease(LeaseId lease) -> {
                            batch.endLease(lease);
                            yield new Decided(
                                    request, new CommitResult.Committed(batch.revision()));
                        }
                    });
        } catch (LeaseEndedException | MetadataFullException e) {
            request.fail(e);
        } catch (RocksDBException e) {
            request.fail(
                    new MetadataUnavailableException(
                            "the metadata store cannot read: " + e.getMessage(), e));
        }
    }

    /** False when it failed and everybody has been told. */
    private boolean write(Batch batch, List<Decided> decided) {
        parts.revisions().begin(batch.revision());
        batch.begin();
        try (WriteBatch target = new WriteBatch()) {
            batch.fill(target);
            journal.write(storage.database(), target);
        } catch (RocksDBException e) {
            log.error("the metadata store cannot write; it will be opened again", e);
            fail(e);
            decided.forEach(one -> tellOfFailure(one, e));
            return false;
        }
        batch.remember();
        parts.revisions().applied(batch.revision());
        parts.watches().publish(batch.changes());
        syncs.increment();
        committed.add(
                decided.stream().filter(d -> d.result() instanceof CommitResult.Committed).count());
        return true;
    }

    private static void abandon(Request request, Throwable cause) {
        request.refuse(new MetadataUnavailableException("the metadata store failed", cause));
        request.answer(new CommitResult.Unknown(cause));
    }

    /** Who reads can go on; who writes is told why not. */
    private void fail(Throwable cause) {
        failing = true;
        queue.shut("the metadata store cannot write: " + cause.getMessage());
    }

    private static void tellOfFailure(Decided one, Exception cause) {
        if (one.result() instanceof CommitResult.Refused) {
            // Refused for sure, but perhaps because of something that never happened.
            one.request()
                    .fail(
                            new MetadataUnavailableException(
                                    "the metadata store cannot write: " + cause.getMessage(),
                                    cause));
        } else {
            one.request().answer(new CommitResult.Unknown(cause));
        }
    }

    private void reopen() {
        parts.gate().shut("the metadata store is being opened again", parts.views()::releaseAll);
        try {
            storage.reopen();
        } catch (MetadataUnavailableException e) {
            log.warn("{}", e.getMessage());
            return;
        }
        if (storage.revision() < parts.revisions().applied()) {
            log.error(
                    "the metadata store went back from revision {} to {}: it stays closed",
                    parts.revisions().applied(),
                    storage.revision());
            storage.database().close();
            return;
        }
        parts.revisions().reset(storage.revision());
        parts.watches().loseAll(storage.revision());
        failing = false;
        parts.gate().open(storage.database());
        queue.reopen();
        log.info("the metadata store is open again at revision {}", storage.revision());
        for (LeaseId lease : storage.endedLeases(parts.leases())) {
            queue.offerOwn(
                    new Request(new Work.EndLease(lease), parts.space().nowNanos(), () -> {}));
        }
    }
}
