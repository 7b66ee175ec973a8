package io.lilio.replication;

import io.lilio.chunk.buffer.BufferPool;

/**
 * Brings replicas level that a read found missing, corrupt or different. Works in the background on
 * a bounded queue; before it writes, it reads the chunk's owner anew (rule REPAIR_READS_OWNER), so
 * that nothing is brought back that was deleted meanwhile. Copies carry the unconfirmed mark.
 * Thread-safe; one per process.
 */
public final class ReadRepair implements AutoCloseable {

    /**
     * @param members whose replicas are compared
     * @param locator where chunks belong
     * @param owners says whether a chunk is still wanted
     * @param buffers carry the copies
     */
    @SuppressWarnings("UnusedVariable")
    public ReadRepair(
            Members members, ChunkLocator locator, OwnerCheck owners, BufferPool buffers) {}

    /** Takes no more, and returns when the repairs under way have ended. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
