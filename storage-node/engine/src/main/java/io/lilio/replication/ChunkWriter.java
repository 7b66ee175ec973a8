package io.lilio.replication;

import io.lilio.chunk.BlobId;
import io.lilio.placement.Replication;

/**
 * Writes chunks to all their members at once and is content with W durable acknowledgements (DESIGN
 * §8). Thread-safe; one per process.
 *
 * <p>What is still under way when a write has its quorum, a straggler, finishes in the background.
 * All stragglers together hold no more than {@code stragglerBytes} of buffers: beyond that, members
 * that are behind are not asked as long as W others are, which the members mend later by
 * themselves.
 */
public final class ChunkWriter {

    /**
     * @param members where to write
     * @param replication N, W and R
     * @param confirmations told of chunks that all N hold, after their blob's commit
     * @param stragglerBytes what stragglers may hold: a quarter of the buffer pool
     */
    @SuppressWarnings("UnusedVariable")
    public ChunkWriter(
            Members members,
            Replication replication,
            Confirmations confirmations,
            long stragglerBytes) {}

    /** Begins to write a blob: nothing is sent yet. */
    public BlobReplicas open(BlobId blob) {
        throw new UnsupportedOperationException();
    }
}
