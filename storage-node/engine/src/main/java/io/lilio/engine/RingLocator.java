package io.lilio.engine;

import io.lilio.catalog.ring.RingCache;
import io.lilio.chunk.ChunkId;
import io.lilio.placement.MemberId;
import io.lilio.placement.RingView;
import io.lilio.replication.ChunkLocator;
import java.util.List;

/** Finds chunks by the ring that this process knows. */
final class RingLocator implements ChunkLocator {

    private final RingCache ring;

    RingLocator(RingCache ring) {
        this.ring = ring;
    }

    @Override
    public List<MemberId> slots(ChunkId chunk, long blobEpoch) {
        return slots(ring.knowing(blobEpoch), chunk, blobEpoch);
    }

    @Override
    public List<MemberId> slotsReadAnew(ChunkId chunk, long blobEpoch) {
        return slots(ring.refresh(), chunk, blobEpoch);
    }

    private static List<MemberId> slots(RingView view, ChunkId chunk, long blobEpoch) {
        return view.slots(chunk.partition(view.partitions()), blobEpoch);
    }
}
