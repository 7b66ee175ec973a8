package io.lilio.maintenance.drop;

import io.lilio.catalog.ring.RingCache;
import io.lilio.chunk.ChunkDeletedException;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.ForwardingChunkStore;
import io.lilio.chunk.PartitionDigest;
import io.lilio.chunk.RecentChunks;
import io.lilio.placement.RingView;
import io.lilio.time.Time;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A member's own chunks, behind the gate through which all go who reach them, this node's requests
 * and those of others: puts, stats and listings of a partition on one side, dropping it on the
 * other, never both at once. A drop looks at the ring while it keeps the others out. So nobody is
 * told that a chunk is here, or has one stored, who knows a table that places it here, while it is
 * dropped by an older ring. Thread-safe.
 *
 * <p>A call from another node brings the ring epoch that its sender knows (rules RPC_CARRIES_EPOCH,
 * STAT_CARRIES_EPOCH): whoever serves it calls {@link RingCache#knowing} first, and does not serve
 * it when that fails. Callers in this process share the ring with the gate.
 *
 * <p>The store inside stays owned by whoever opened it.
 */
public final class GatedChunkStore extends ForwardingChunkStore {

    /** Longer than a put is under way, and a confirmation of it. */
    static final Duration DELETED_FOR = Duration.ofMinutes(1);

    /** Partitions share locks beyond this number. */
    private static final int LOCKS = 1_024;

    private final RingCache ring;
    private final ReadWriteLock[] locks = new ReadWriteLock[LOCKS];
    private final ReadWriteLock marks = new ReentrantReadWriteLock();
    private final RecentChunks deleted;

    public GatedChunkStore(ChunkStore store, RingCache ring, Time time) {
        super(store);
        this.ring = ring;
        this.deleted = new RecentChunks(time, DELETED_FOR);
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new ReentrantReadWriteLock();
        }
    }

    /**
     * Deletes some of a partition's chunks, if that is right by the newest ring known here, which
     * does not change while it looks and deletes.
     *
     * @param mayDrop decides by the ring; quick
     * @param atMost chunks, 1 to 10,000
     * @return how many were deleted; 0 when there are none, when it is not right, or when somebody
     *     is putting a chunk there just now
     */
    int drop(int partition, Predicate<RingView> mayDrop, int atMost) {
        Lock alone = lock(partition).writeLock();
        if (!alone.tryLock()) {
            return 0;
        }
        try {
            if (!mayDrop.test(ring.current())) {
                return 0;
            }
            List<ChunkId> doomed =
                    store.list(partition, null, atMost).stream().map(ChunkHeader::id).toList();
            if (!doomed.isEmpty()) {
                store.delete(doomed);
            }
            return doomed.size();
        } finally {
            alone.unlock();
        }
    }

    private ReadWriteLock lock(int partition) {
        return locks[partition % LOCKS];
    }

    private <T> T besideOthers(int partition, Supplier<T> call) {
        Lock shared = lock(partition).readLock();
        shared.lock();
        try {
            return call.get();
        } finally {
            shared.unlock();
        }
    }

    private int partitionOf(ChunkId id) {
        return id.partition(ring.current().partitions());
    }

    /**
     * @throws ChunkDeletedException when it was {@linkplain #delete deleted} a moment ago, or is
     *     while it is stored: nothing is stored
     */
    @Override
    public void put(ChunkHeader header, ByteBuffer payload) {
        ChunkId id = header.id();
        requireNotDeleted(id);
        Supplier<Boolean> put =
                () -> {
                    store.put(header, payload);
                    return true;
                };
        besideOthers(partitionOf(id), put);
        if (deleted.contains(id)) {
            store.delete(List.of(id));
            requireNotDeleted(id);
        }
    }

    private void requireNotDeleted(ChunkId id) {
        if (deleted.contains(id)) {
            throw new ChunkDeletedException(id, "it was deleted here a moment ago");
        }
    }

    /**
     * For good: whoever deletes by name knows that the chunk will never have an owner again. A put
     * that comes later was sent before that, and is refused for {@link #DELETED_FOR} (rule
     * DELETED_STAYS_DELETED); else a confirmation that was sent before as well might take the mark
     * off a copy that nobody owns. What is dropped may come back.
     */
    @Override
    public void delete(Collection<ChunkId> ids) {
        ids.forEach(deleted::note);
        store.delete(ids);
    }

    @Override
    public Optional<ChunkHeader> stat(ChunkId id) {
        return besideOthers(partitionOf(id), () -> store.stat(id));
    }

    @Override
    public List<ChunkHeader> list(int partition, @Nullable ChunkId after, int limit) {
        return besideOthers(partition, () -> store.list(partition, after, limit));
    }

    @Override
    public PartitionDigest digest(int partition) {
        return besideOthers(partition, () -> store.digest(partition));
    }

    /**
     * Does nothing when it was decided under an older ring than is known here: this member may have
     * been lost and readmitted since, and its chunks marked anew. Their marks stay, and are looked
     * up.
     */
    @Override
    public void confirm(Collection<ChunkId> ids, long epoch) {
        marks.readLock().lock();
        try {
            if (epoch >= ring.current().epoch()) {
                store.confirm(ids, epoch);
            }
        } finally {
            marks.readLock().unlock();
        }
    }

    @Override
    public void markAllUnconfirmed() {
        marks.writeLock().lock();
        try {
            store.markAllUnconfirmed();
        } finally {
            marks.writeLock().unlock();
        }
    }
}
