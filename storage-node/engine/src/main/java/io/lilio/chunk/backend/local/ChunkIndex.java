package io.lilio.chunk.backend.local;

import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.MarkedChunk;
import io.lilio.rocks.RocksMemory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;

/**
 * The index of one backend: where each chunk lies, its header and its mark, in RocksDB. Written
 * without syncing, but for {@link #sync}; what is synced covers everything before it.
 *
 * <p>Its keys go by partition, and it remembers of how many: one that holds chunks is opened for
 * the same number only. An older one that does not say takes the first number that it is opened
 * for.
 *
 * <p>Thread-safe. All methods may block on the medium except {@link #lookUpCached}; changes are
 * made one after the other.
 */
final class ChunkIndex implements Closeable {

    private final Path directory;
    private final Forcing forcing;
    private final IndexOptions options;
    private final RocksDB db;
    private final IndexKeys keys;
    private final ReentrantLock changing = new ReentrantLock();
    private final SharedSync walSync;
    private final Map<Container, Long> liveBytes = new HashMap<>();
    private boolean saysPartitions; // guarded by changing
    private volatile IndexState state;
    private volatile @Nullable IndexException broken;

    private ChunkIndex(
            Path directory, int partitions, Forcing forcing, IndexOptions options, RocksDB db)
            throws IndexException {
        this.directory = directory;
        this.forcing = forcing;
        this.options = options;
        this.db = db;
        this.keys = new IndexKeys(partitions);
        this.walSync = new SharedSync(this::syncWal);
        try {
            byte[] stored = db.get(options.reads(), IndexKeys.STATE);
            state = stored == null ? IndexState.EMPTY : IndexState.decode(stored);
            saysPartitions = says(partitions, db.get(options.reads(), IndexKeys.PARTITIONS));
            forEach(
                    's',
                    (key, value) -> readLive(Container.segment(IndexKeys.firstLong(key)), value));
            forEach('b', (key, value) -> readLive(Container.bin(IndexKeys.firstLong(key)), value));
        } catch (RocksDBException e) {
            throw new IndexException(e);
        }
    }

    /** Whether it says already that there are so many partitions. */
    private boolean says(int partitions, byte @Nullable [] stored) throws IndexException {
        if (stored == null) {
            return false;
        }
        try {
            int its = ByteBuffer.wrap(stored).getInt();
            if (its != partitions && state.chunks() > 0) {
                throw new OtherPartitionsException(directory, its, partitions);
            }
            return its == partitions;
        } catch (BufferUnderflowException e) {
            throw new IndexException("its number of partitions is damaged", e);
        }
    }

    /**
     * @param partitions of how many the keys tell
     * @throws OtherPartitionsException when it holds chunks under the keys of another number;
     *     nothing is changed
     */
    static ChunkIndex open(Path directory, int partitions, RocksMemory memory, Forcing forcing)
            throws IndexException {
        IndexOptions options = new IndexOptions(memory);
        RocksDB db = null;
        try {
            db = RocksDB.open(options.database(), directory.toString());
            return new ChunkIndex(directory, partitions, forcing, options, db);
        } catch (RocksDBException e) {
            options.close();
            throw new IndexException(e);
        } catch (IndexException e) {
            if (db != null) {
                db.close();
            }
            options.close();
            throw e;
        }
    }

    /** Up to where the medium is indexed, and the sums. */
    IndexState state() {
        return state;
    }

    /** Why it can no longer be relied upon: after a failed write nothing is. Null when it can. */
    @Nullable IndexException broken() {
        return broken;
    }

    IndexKeys keys() {
        return keys;
    }

    Optional<IndexEntry> get(ChunkId id) throws IndexException {
        try {
            return entry(id, db.get(options.reads(), keys.chunk(id)));
        } catch (RocksDBException e) {
            throw noteCorruption(new IndexException(e));
        }
    }

    /** Looks a chunk up in memory only; never blocks on the medium. */
    CachedLookUp lookUpCached(ChunkId id) throws IndexException {
        try {
            return new CachedLookUp(true, entry(id, db.get(options.cachedReads(), keys.chunk(id))));
        } catch (RocksDBException e) {
            Status status = e.getStatus();
            if (status != null && status.getCode() == Status.Code.Incomplete) {
                return CachedLookUp.UNDECIDED;
            }
            throw noteCorruption(new IndexException(e));
        }
    }

    /**
     * What memory knows of a chunk.
     *
     * @param decided whether it sufficed to tell; if not, only {@link ChunkIndex#get} can
     * @param entry the chunk's entry, if it is here
     */
    record CachedLookUp(boolean decided, Optional<IndexEntry> entry) {
        static final CachedLookUp UNDECIDED = new CachedLookUp(false, Optional.empty());
    }

    private Optional<IndexEntry> entry(ChunkId id, byte @Nullable [] value) throws IndexException {
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(IndexEntry.decode(id, value));
        } catch (IndexException e) {
            throw noteCorruption(e);
        }
    }

    boolean has(byte[] key) throws IndexException {
        try {
            return db.get(options.reads(), key) != null;
        } catch (RocksDBException e) {
            throw noteCorruption(new IndexException(e));
        }
    }

    List<ChunkHeader> list(int partition, @Nullable ChunkId after, int limit)
            throws IndexException {
        List<ChunkHeader> page = new ArrayList<>();
        byte[] from = after == null ? IndexKeys.partition(partition) : keys.chunk(after);
        try (RocksIterator at = db.newIterator(options.reads())) {
            for (at.seek(from); at.isValid() && page.size() < limit; at.next()) {
                byte[] key = at.key();
                if (!IndexKeys.isOfPartition(key, partition)) {
                    break;
                }
                ChunkId id = IndexKeys.idOfChunk(key);
                if (!id.equals(after)) {
                    page.add(IndexEntry.decode(id, at.value()).header());
                }
            }
            at.status();
            return page;
        } catch (RocksDBException e) {
            throw noteCorruption(new IndexException(e));
        }
    }

    /** Chunks marked no later than that, oldest marks first, and those marked after now. */
    List<MarkedChunk> marked(long byMillis, long nowMillis, @Nullable MarkedChunk after, int limit)
            throws IndexException {
        List<MarkedChunk> found = new ArrayList<>();
        byte[] from =
                after == null
                        ? IndexKeys.kind('m')
                        : keys.mark(after.since().toEpochMilli(), after.header().id());
        try (RocksIterator at = db.newIterator(options.reads())) {
            for (at.seek(from); at.isValid() && found.size() < limit; at.next()) {
                if (isMarkedBetween(at.key(), byMillis, nowMillis)) { // too young
                    at.seek(IndexKeys.marksFrom(nowMillis + 1));
                }
                if (!at.isValid() || at.key()[0] != 'm') {
                    break;
                }
                byte[] key = at.key();
                if (after == null || !Arrays.equals(key, from)) {
                    Instant since = Instant.ofEpochMilli(IndexKeys.firstLong(key));
                    get(IndexKeys.idOfMark(key))
                            .ifPresent(entry -> found.add(new MarkedChunk(since, entry.header())));
                }
            }
            at.status();
            return found;
        } catch (RocksDBException e) {
            throw noteCorruption(new IndexException(e));
        }
    }

    private static boolean isMarkedBetween(byte[] key, long afterMillis, long toMillis) {
        return key[0] == 'm'
                && IndexKeys.firstLong(key) > afterMillis
                && IndexKeys.firstLong(key) <= toMillis;
    }

    /** The next chunks in the order of the index, whatever their partition. */
    List<IndexEntry> entriesAfter(@Nullable ChunkId after, int limit) throws IndexException {
        List<IndexEntry> page = new ArrayList<>();
        byte[] from = after == null ? IndexKeys.kind('c') : keys.chunk(after);
        try (RocksIterator at = db.newIterator(options.reads())) {
            for (at.seek(from); at.isValid() && page.size() < limit; at.next()) {
                if (at.key()[0] != 'c') {
                    break;
                }
                ChunkId id = IndexKeys.idOfChunk(at.key());
                if (!id.equals(after)) {
                    page.add(IndexEntry.decode(id, at.value()));
                }
            }
            at.status();
            return page;
        } catch (RocksDBException e) {
            throw noteCorruption(new IndexException(e));
        }
    }

    /** The keys of deleted files in the bins before one, at most that many. */
    List<byte[]> goneBefore(long bin, int limit) throws IndexException {
        List<byte[]> gone = new ArrayList<>();
        try (RocksIterator at = db.newIterator(options.reads())) {
            for (at.seek(IndexKeys.kind('g')); at.isValid() && gone.size() < limit; at.next()) {
                byte[] key = at.key();
                if (key[0] != 'g' || IndexKeys.firstLong(key) >= bin) {
                    break;
                }
                gone.add(key);
            }
            at.status();
            return gone;
        } catch (RocksDBException e) {
            throw noteCorruption(new IndexException(e));
        }
    }

    /** Runs over all keys of a kind. */
    void forEach(char kind, KeyVisitor visitor) throws IndexException {
        try (RocksIterator at = db.newIterator(options.reads())) {
            for (at.seek(IndexKeys.kind(kind)); at.isValid(); at.next()) {
                byte[] key = at.key();
                if (key[0] != kind) {
                    break;
                }
                visitor.visit(key, at.value());
            }
            at.status();
        } catch (RocksDBException e) {
            throw noteCorruption(new IndexException(e));
        }
    }

    /** Live bytes of every segment that has any, or had. A copy. */
    Map<Long, Long> liveBytesBySegment() {
        Map<Long, Long> segments = new HashMap<>();
        changing.lock();
        try {
            liveBytes.forEach(
                    (container, bytes) -> {
                        if (container.kind() == Location.Kind.SEGMENT) {
                            segments.put(container.number(), bytes);
                        }
                    });
            return segments;
        } finally {
            changing.unlock();
        }
    }

    /** All segments and bins that hold a live chunk. A copy. */
    Set<Container> inUse() {
        Set<Container> used = new HashSet<>();
        changing.lock();
        try {
            liveBytes.forEach(
                    (container, bytes) -> {
                        if (bytes > 0) {
                            used.add(container);
                        }
                    });
            return used;
        } finally {
            changing.unlock();
        }
    }

    private void readLive(Container container, byte[] value) {
        liveBytes.put(container, longOf(value));
    }

    /**
     * Makes one change, all of it or nothing. It is visible when this returns; durable after {@link
     * #sync}, or earlier.
     */
    <T> T change(Change<T> change) throws IOException {
        changing.lock();
        try (WriteBatch writes = new WriteBatch()) {
            IndexException earlier = broken;
            if (earlier != null) {
                throw earlier;
            }
            IndexBatch batch = new IndexBatch(this, writes, state, liveBytes);
            T result = change.apply(batch);
            batch.finish();
            if (!saysPartitions) {
                writes.put(IndexKeys.PARTITIONS, keys.partitions());
            }
            db.write(options.unsyncedWrites(), writes);
            saysPartitions = true;
            state = batch.state();
            liveBytes.putAll(batch.changedLiveBytes());
            batch.forgotten().forEach(liveBytes::remove);
            return result;
        } catch (RocksDBException e) {
            throw breakWith(new IndexException(e));
        } finally {
            changing.unlock();
        }
    }

    /** Makes all changes so far durable; shared with whoever asks at the same time. */
    void sync() throws IOException {
        walSync.await();
    }

    private void syncWal() throws IOException {
        try {
            forcing.forceIndex(db, directory);
        } catch (RocksDBException e) {
            throw breakWith(new IndexException(e));
        }
    }

    private IndexException breakWith(IndexException e) {
        broken = e;
        return e;
    }

    private IndexException noteCorruption(IndexException e) {
        return e.isCorrupt() ? breakWith(e) : e;
    }

    private static long longOf(byte[] value) {
        return ByteBuffer.wrap(value).getLong();
    }

    @Override
    public void close() {
        db.close();
        options.close();
    }

    /** Sees one key. */
    interface KeyVisitor {
        void visit(byte[] key, byte[] value) throws IndexException;
    }

    /** Fills a batch; nothing of it happens when it throws. */
    interface Change<T> {
        T apply(IndexBatch batch) throws IOException;
    }
}
