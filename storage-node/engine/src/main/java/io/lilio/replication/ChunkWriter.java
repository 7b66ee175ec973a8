package io.lilio.replication;

import io.lilio.chunk.BlobId;
import io.lilio.chunk.ChunkId;
import io.lilio.placement.MemberId;
import io.lilio.placement.Replication;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Writes chunks to all their members at once and is content with W durable acknowledgements (DESIGN
 * §8). Thread-safe; one per process.
 *
 * <p>What is still under way when a write has its quorum, a straggler, finishes in the background.
 * All stragglers together hold about {@code stragglerBytes} of buffers: beyond that, members that
 * are behind are not asked as long as W others are, which the members mend later by themselves.
 */
public final class ChunkWriter {

    private static final int DELETE_BATCH = 1_000;

    private final Members members;
    private final Replication replication;
    private final Confirmations confirmations;
    private final StragglerBudget stragglers;

    /**
     * @param members where to write
     * @param replication N, W and R
     * @param confirmations told of chunks that all N hold, after their blob's commit
     * @param stragglerBytes what stragglers may hold: a quarter of the buffer pool
     */
    public ChunkWriter(
            Members members,
            Replication replication,
            Confirmations confirmations,
            long stragglerBytes) {
        this.members = members;
        this.replication = replication;
        this.confirmations = confirmations;
        this.stragglers = new StragglerBudget(stragglerBytes);
    }

    /** Begins to write a blob: nothing is sent yet. */
    public BlobReplicas open(BlobId blob) {
        return new BlobReplicas(this, blob);
    }

    /** Bytes of buffers that stragglers hold now. */
    public long stragglerBytes() {
        return stragglers.heldBytes();
    }

    Members members() {
        return members;
    }

    int writeQuorum() {
        return replication.writeQuorum();
    }

    Confirmations confirmations() {
        return confirmations;
    }

    StragglerBudget stragglers() {
        return stragglers;
    }

    /** Deletes one replica in the background, if its member lets it. */
    void deleteLater(ChunkId chunk, MemberId at) {
        members.find(at)
                .map(client -> new DeleteCall(client, List.of(chunk), () -> {}))
                .filter(MemberCall::admit)
                .ifPresent(MemberCall::launch);
    }

    /** Deletes replicas and waits until each member has answered or exceeded its deadline. */
    void deleteNow(Map<MemberId, List<ChunkId>> chunks) {
        Semaphore answers = new Semaphore(0);
        List<DeleteCall> calls = new ArrayList<>();
        chunks.forEach(
                (id, ids) ->
                        members.find(id)
                                .ifPresent(
                                        client ->
                                                batches(ids).stream()
                                                        .map(
                                                                batch ->
                                                                        new DeleteCall(
                                                                                client,
                                                                                batch,
                                                                                answers::release))
                                                        .filter(MemberCall::admit)
                                                        .forEach(calls::add)));
        calls.forEach(MemberCall::launch);
        answers.acquireUninterruptibly(calls.size());
    }

    private static List<List<ChunkId>> batches(List<ChunkId> ids) {
        List<List<ChunkId>> batches = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += DELETE_BATCH) {
            batches.add(ids.subList(from, Math.min(ids.size(), from + DELETE_BATCH)));
        }
        return batches;
    }
}
