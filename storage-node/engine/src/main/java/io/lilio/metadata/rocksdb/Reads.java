package io.lilio.metadata.rocksdb;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.ReadResult;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;

/**
 * Reads from memory on the caller's thread, which takes microseconds, and from the disk on a
 * bounded pool of platform threads, because a native call that waits would hold a virtual thread's
 * carrier. Thread-safe.
 */
final class Reads {

    /** One read, of what a tier holds. It may be done twice. */
    @FunctionalInterface
    interface Read<T> {
        T of(Database database, ReadTier tier) throws RocksDBException;
    }

    private static final int OPTIMISTIC_ATTEMPTS = 3;

    private final DatabaseGate gate;
    private final Executor pool;
    private final Time time;
    private final Duration deadline;

    /**
     * @param pool rejects when too much waits
     */
    Reads(DatabaseGate gate, Executor pool, Time time, Duration deadline) {
        this.gate = gate;
        this.pool = pool;
        this.time = time;
        this.deadline = deadline;
    }

    <T> T cachedElseAnywhere(Read<T> read) {
        try {
            return gate.enter(database -> read.of(database, ReadTier.BLOCK_CACHE_TIER));
        } catch (RocksDBException e) {
            if (Database.isIncomplete(e)) {
                return anywhere(read);
            }
            throw unreadable(e);
        }
    }

    /**
     * @throws MetadataUnavailableException also when the disk does not answer in time
     */
    <T> T anywhere(Read<T> read) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Time.Cancellable timer =
                time.schedule(
                        deadline,
                        () ->
                                answer.completeExceptionally(
                                        new MetadataUnavailableException(
                                                "the metadata store's disk did not answer in time",
                                                null)));
        try {
            pool.execute(() -> complete(answer, read));
            return answer.join();
        } catch (RejectedExecutionException e) {
            throw new MetadataUnavailableException(
                    "the metadata store has too many reads waiting for its disk", e);
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        } finally {
            timer.cancel();
        }
    }

    private <T> void complete(CompletableFuture<T> answer, Read<T> read) {
        if (answer.isDone()) {
            return;
        }
        try {
            answer.complete(gate.enter(database -> read.of(database, ReadTier.READ_ALL_TIER)));
        } catch (RocksDBException e) {
            answer.completeExceptionally(unreadable(e));
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    /** Does something that cannot fail, unless the database is shut. */
    void ifOpen(Consumer<Database> action) {
        gate.ifOpen(action);
    }

    /** What tells of the newest state without asking the database. */
    record Newest(Revisions revisions, Recent recent) {}

    /** What keys hold in the newest state. */
    static ReadResult newest(Database database, Newest newest, ReadTier tier, List<Bytes> keys)
            throws RocksDBException {
        ReadResult known = newest.recent().read(keys);
        if (known != null) {
            return known;
        }
        Revisions revisions = newest.revisions();
        ReadOptions from = database.from(tier);
        long applied = revisions.applied();
        if (revisions.restAt(applied)) {
            List<Optional<KeyValue>> values = values(database, from, keys);
            if (revisions.restAt(applied)) {
                ReadResult found = new ReadResult(applied, values);
                newest.recent().learn(keys, found);
                return found;
            }
        }
        // The committer is writing; what it wrote shows in the database before it says so.
        for (int attempt = 0; attempt < OPTIMISTIC_ATTEMPTS; attempt++) {
            long before = database.number(from, Stored.REVISION);
            List<Optional<KeyValue>> values = values(database, from, keys);
            if (database.number(from, Stored.REVISION) == before) {
                return new ReadResult(before, values);
            }
        }
        Snapshot snapshot = database.snapshot();
        try (ReadOptions pinned = new ReadOptions().setSnapshot(snapshot).setReadTier(tier)) {
            return new ReadResult(
                    database.number(pinned, Stored.REVISION), values(database, pinned, keys));
        } finally {
            database.release(snapshot);
        }
    }

    /** What keys held when a snapshot was taken. */
    static ReadResult at(
            Database database, Snapshot snapshot, long revision, ReadTier tier, List<Bytes> keys)
            throws RocksDBException {
        try (ReadOptions pinned = new ReadOptions().setSnapshot(snapshot).setReadTier(tier)) {
            return new ReadResult(revision, values(database, pinned, keys));
        }
    }

    private static List<Optional<KeyValue>> values(
            Database database, ReadOptions from, List<Bytes> keys) throws RocksDBException {
        List<Optional<KeyValue>> values = new ArrayList<>(keys.size());
        for (Bytes key : keys) {
            byte[] stored = database.get(from, Stored.dataKey(key));
            values.add(stored == null ? Optional.empty() : Optional.of(Stored.entry(key, stored)));
        }
        return values;
    }

    private static MetadataUnavailableException unreadable(RocksDBException e) {
        return new MetadataUnavailableException(
                "the metadata store cannot read: " + e.getMessage(), e);
    }
}
