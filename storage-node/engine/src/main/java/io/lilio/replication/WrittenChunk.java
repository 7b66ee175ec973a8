package io.lilio.replication;

import io.lilio.chunk.ChunkId;
import io.lilio.placement.MemberId;
import java.util.List;

/**
 * What is remembered of a chunk write when all its I/O has ended.
 *
 * @param epoch of the ring that named its members
 * @param session under which it was written
 * @param slots the chunk's members
 * @param begun bit by bit, to which of them a put has begun: they may have it
 * @param reached whether the write quorum was reached
 * @param everywhere whether all of them have it
 */
record WrittenChunk(
        ChunkId id,
        long epoch,
        long session,
        List<MemberId> slots,
        long begun,
        boolean reached,
        boolean everywhere) {}
