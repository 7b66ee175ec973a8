package io.lilio.replication;

import io.lilio.chunk.ChunkId;
import io.lilio.chunk.RecentChunks;
import io.lilio.chunk.buffer.BufferPool;
import io.lilio.chunk.buffer.PooledBuffer;
import io.lilio.placement.MemberId;
import io.lilio.placement.Replication;
import java.time.Duration;
import java.util.List;

/**
 * Reads chunks: one verified copy is enough for an answer, R members have to agree before a chunk
 * counts as missing (DESIGN §4). Thread-safe; one per process.
 *
 * <p>The data comes from the best replica: breaker closed, near, fast of late, little under way.
 * R−1 others are asked for presence and digest beside it, without being waited for unless reads are
 * strict, and not when another read has found them complete a moment ago; a replica that lacks the
 * chunk, holds a corrupt one or differs is handed to {@link ReadRepair}. A replica that is slower
 * than nearly all reads of late is backed by a second one, and the first good answer wins. When the
 * chunk is not found, the locator is asked to look again, once.
 */
public final class ChunkReader {

    /** How long a chunk of which a read quorum has the same is not asked for again. */
    static final Duration COMPLETE_FOR = Duration.ofMinutes(1);

    private final Members members;
    private final Replication replication;
    private final ChunkLocator locator;
    private final BufferPool buffers;
    private final ReadRepair repair;
    private final ReplicaOrder order;
    private final HedgeDelay hedgeDelay;
    private final RecentChunks latelyComplete;

    /**
     * @param members where to read
     * @param replication N, W, R and whether reads are strict
     * @param locator where chunks are
     * @param buffers what is read into
     * @param repair mends what reads find amiss
     */
    public ChunkReader(
            Members members,
            Replication replication,
            ChunkLocator locator,
            BufferPool buffers,
            ReadRepair repair) {
        this.members = members;
        this.replication = replication;
        this.locator = locator;
        this.buffers = buffers;
        this.repair = repair;
        this.order = new ReplicaOrder(members, locator);
        this.hedgeDelay = new HedgeDelay(members.settings().hedge());
        this.latelyComplete = new RecentChunks(members.time(), COMPLETE_FOR);
    }

    /**
     * Begins to read and returns without waiting for any member; it waits for a buffer only, at
     * most the read deadline.
     *
     * @throws io.lilio.ObjectStoreException SLOW_DOWN when no buffer was free in time
     * @throws RuntimeException what the locator throws
     */
    public ChunkRead read(ChunkRange range) {
        List<MemberId> slots = locator.slots(range.id(), range.blobEpoch());
        PooledBuffer buffer =
                buffers.acquire(range.blockBytes(), members.settings().readDeadline());
        ChunkRead read = new ChunkRead(this, range);
        read.begin(slots, buffer);
        return read;
    }

    Members members() {
        return members;
    }

    Replication replication() {
        return replication;
    }

    ChunkLocator locator() {
        return locator;
    }

    BufferPool buffers() {
        return buffers;
    }

    ReadRepair repair() {
        return repair;
    }

    ReplicaOrder order() {
        return order;
    }

    HedgeDelay hedgeDelay() {
        return hedgeDelay;
    }

    /**
     * Whether others are to be asked if they have a chunk too. A breaker that waits for a call that
     * decides gets it, whatever is known of the chunk.
     */
    boolean isPresenceInDoubt(ChunkId chunk, List<Replica> replicas) {
        return replication.strictReads()
                || !latelyComplete.contains(chunk)
                || replicas.stream().anyMatch(Replica::isHalfOpen);
    }

    /** A read quorum has it, and all have the same. */
    void foundComplete(ChunkId chunk) {
        latelyComplete.note(chunk);
    }

    RecentChunks latelyComplete() {
        return latelyComplete;
    }
}
