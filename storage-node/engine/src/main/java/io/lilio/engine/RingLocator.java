package io.lilio.engine;

import io.lilio.catalog.ring.RingCache;
import io.lilio.chunk.ChunkId;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.Ring;
import io.lilio.placement.RingView;
import io.lilio.replication.ChunkLocator;
import io.lilio.replication.MemberClient;
import io.lilio.replication.MemberStore;
import io.lilio.replication.Members;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds chunks by the ring that this process knows. The ring's zones count, whatever nodes were
 * configured with: an operator may have named others.
 */
final class RingLocator implements ChunkLocator {

    private final RingCache ring;
    private final Members members;
    private volatile Near near;

    /** Members in the zones of this node's own, by the ring of a revision. */
    private record Near(long revision, Set<MemberId> members) {}

    RingLocator(RingCache ring, Members members) {
        this.ring = ring;
        this.members = members;
        this.near = near(ring.current().ring());
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

    @Override
    public boolean inOwnZone(MemberId member) {
        Near known = near;
        Ring newest = ring.current().ring();
        if (known.revision() != newest.revision()) {
            known = near(newest);
            near = known;
        }
        return known.members().contains(member);
    }

    private Near near(Ring newest) {
        Set<String> own =
                newest.members().stream()
                        .filter(member -> isOwn(member.id()))
                        .map(Member::zone)
                        .collect(Collectors.toUnmodifiableSet());
        return new Near(
                newest.revision(),
                newest.members().stream()
                        .filter(member -> own.contains(member.zone()))
                        .map(Member::id)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    private boolean isOwn(MemberId id) {
        Optional<MemberStore> store = members.find(id).map(MemberClient::member);
        return store.filter(MemberStore::local).isPresent();
    }
}
