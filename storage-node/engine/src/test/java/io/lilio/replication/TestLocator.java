package io.lilio.replication;

import io.lilio.chunk.ChunkId;
import io.lilio.placement.MemberId;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Every chunk is at the same members; a look-up anew may say something else. */
final class TestLocator implements ChunkLocator {

    private final List<MemberId> slots;
    private final AtomicInteger lookUps = new AtomicInteger();
    volatile List<MemberId> anew;
    volatile boolean failing;
    volatile boolean slotsFail;
    volatile List<MemberId> inOwnZone = List.of();

    TestLocator(List<MemberId> slots) {
        this.slots = slots;
        this.anew = slots;
    }

    int lookUps() {
        return lookUps.get();
    }

    @Override
    public List<MemberId> slots(ChunkId chunk, long blobEpoch) {
        if (slotsFail) {
            throw new IllegalStateException("the ring is not known (injected)");
        }
        return List.copyOf(slots);
    }

    @Override
    public List<MemberId> slotsReadAnew(ChunkId chunk, long blobEpoch) {
        lookUps.incrementAndGet();
        if (failing) {
            throw new IllegalStateException("the metadata cannot be read (injected)");
        }
        return List.copyOf(anew);
    }

    @Override
    public boolean inOwnZone(MemberId member) {
        return inOwnZone.contains(member);
    }
}
