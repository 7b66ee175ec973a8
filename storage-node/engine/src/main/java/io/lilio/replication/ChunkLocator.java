package io.lilio.replication;

import io.lilio.chunk.ChunkId;
import io.lilio.placement.MemberId;
import java.util.List;

/**
 * Where a chunk is: the members of its partition in the table of epoch {@code max(blobEpoch,
 * settled[partition])} (DESIGN §5); and who of them is near. Thread-safe.
 */
public interface ChunkLocator {

    /** From what this node knows. Quick; no I/O. In slot order, without repetitions. */
    List<MemberId> slots(ChunkId chunk, long blobEpoch);

    /**
     * The same after reading the ring and {@code settled} anew. Blocks.
     *
     * @throws RuntimeException when the metadata cannot be read
     */
    List<MemberId> slotsReadAnew(ChunkId chunk, long blobEpoch);

    /** Whether a member is in the failure zone of one that this node hosts. Quick; no I/O. */
    boolean inOwnZone(MemberId member);
}
