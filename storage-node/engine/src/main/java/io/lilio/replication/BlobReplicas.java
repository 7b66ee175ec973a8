package io.lilio.replication;

import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.buffer.PooledBuffer;
import io.lilio.placement.MemberId;
import java.util.List;

/**
 * The replicas of one blob while it is written, and what becomes of them. Ends in exactly one of
 * three ways, each once and for good: {@link #committed}, {@link #rollback} or {@link
 * #leaveToCollection}. Thread-safe.
 *
 * <p>Memory: a few bytes per chunk, until the blob is ended and all members have answered.
 */
public final class BlobReplicas {

    BlobReplicas() {}

    /**
     * Sends one chunk to all its members at once and returns without waiting for any.
     *
     * @param header names a chunk of this blob, each index once
     * @param payload its first {@code header.length()} bytes. Retained until the last member's I/O
     *     has ended; the caller releases its own reference whenever it likes and does not change
     *     the bytes
     * @param slots the chunk's members in slot order, without repetitions
     * @throws IllegalStateException when this blob has ended already
     */
    public ChunkWrite write(ChunkHeader header, PooledBuffer payload, List<MemberId> slots) {
        throw new UnsupportedOperationException();
    }

    /**
     * The blob's metadata transaction is committed, for certain. Chunks that all members hold are
     * confirmed to them, now or when the last one has answered; never before this call (rule
     * CONFIRM_AFTER_COMMIT). Returns at once.
     *
     * @throws IllegalStateException when a chunk has not reached its write quorum (rule ACK_AT_W),
     *     or when the blob was ended in another way
     */
    public void committed() {
        throw new UnsupportedOperationException();
    }

    /**
     * The blob will never be committed, for certain: removes what was written. Each member's copy
     * is deleted once its put has ended; puts that have not begun do not begin. Waits, within the
     * control deadline, for the deletes that can be made now; what cannot be deleted stays an
     * unconfirmed orphan, which its member collects. Never throws for a member's sake. Idempotent.
     *
     * @throws IllegalStateException when the blob was ended in another way
     */
    public void rollback() {
        throw new UnsupportedOperationException();
    }

    /**
     * Nobody knows whether the blob is committed (DESIGN §6): nothing is deleted and nothing is
     * confirmed. Its members find out by themselves. Idempotent.
     *
     * @throws IllegalStateException when the blob was ended in another way
     */
    public void leaveToCollection() {
        throw new UnsupportedOperationException();
    }
}
