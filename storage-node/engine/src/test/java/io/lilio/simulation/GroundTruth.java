package io.lilio.simulation;

import io.lilio.catalog.Keys;
import io.lilio.catalog.owner.Owner;
import io.lilio.catalog.owner.OwnerLookup;
import io.lilio.catalog.ring.RingStore;
import io.lilio.chunk.BlobId;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.metadata.Txn;
import io.lilio.metadata.Write;
import io.lilio.metadata.memory.MemoryMetadataStore;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.RingView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What really is the case, seen without a network: which chunks have an owner, where they have to
 * be and where they are. Looked at whenever a chunk is deleted or a partition settled: what is
 * needed and could be read before can be read afterwards. Needed is what has an owner, and what
 * somebody reads that had one. What a member lacks that is being filled again does not count, as in
 * the model.
 */
final class GroundTruth {

    private final Cluster cluster;
    private List<ChunkHeader> atStake = List.of();
    private final Set<ChunkId> looked = new HashSet<>();
    private final Set<BlobId> deleted = new HashSet<>();
    private @Nullable Seen lastSeen;
    private boolean copiesAreGone;
    private boolean misled;

    GroundTruth(Cluster cluster) {
        this.cluster = cluster;
    }

    RingView view() {
        return seen().orElseThrow();
    }

    private Optional<RingView> seen() {
        MemoryMetadataStore store = cluster.metadata().store();
        Seen last = lastSeen;
        if (last == null || last.store() != store || last.revision() != store.revision()) {
            last = new Seen(store, store.revision(), new RingStore(store).load());
            lastSeen = last;
        }
        return last.view();
    }

    /** The ring at a revision. */
    private record Seen(MemoryMetadataStore store, long revision, Optional<RingView> view) {}

    Owner owner(ChunkHeader chunk) {
        return new OwnerLookup(cluster.metadata().store()).find(chunk.owner(), chunk.id().blob());
    }

    /** Every chunk that some disk holds. */
    Map<ChunkId, ChunkHeader> chunks() {
        Map<ChunkId, ChunkHeader> chunks = new TreeMap<>();
        for (SimulatedNode node : cluster.nodes()) {
            for (ChunkHeader header : node.disk().held()) {
                chunks.put(header.id(), header);
            }
        }
        return chunks;
    }

    /** Who holds a chunk that can be read. */
    Set<MemberId> holders(ChunkId chunk) {
        Set<MemberId> holders = new HashSet<>();
        for (SimulatedNode node : cluster.nodes()) {
            if (node.disk().holds(chunk)) {
                holders.add(node.memberId());
            }
        }
        return holders;
    }

    /**
     * Whether readers find it: some slot has it, and too few lack it to agree on its absence. A bad
     * copy is not one that lacks.
     */
    private boolean isReadable(ChunkHeader chunk, RingView view) {
        int partition = chunk.id().partition(view.partitions());
        List<MemberId> slots = view.slots(partition, chunk.epoch());
        Set<MemberId> holders = holders(chunk.id());
        long having = slots.stream().filter(holders::contains).count();
        long lacking =
                slots.stream()
                        .filter(slot -> !isKept(slot, chunk.id()) && !isRefilling(slot))
                        .count();
        return having > 0 && lacking < Cluster.REPLICATION.readQuorum();
    }

    /** Whether a member has a copy, be it bad. */
    private boolean isKept(MemberId member, ChunkId chunk) {
        return cluster.host(member).filter(node -> node.disk().keeps(chunk)).isPresent();
    }

    private boolean isRefilling(MemberId member) {
        return cluster.host(member).filter(node -> node.disk().isRefilling()).isPresent();
    }

    private List<ChunkHeader> readable(Collection<ChunkHeader> chunks) {
        RingView view = view();
        List<ChunkHeader> readable = new ArrayList<>();
        for (ChunkHeader chunk : chunks) {
            if (isNeeded(chunk) && isReadable(chunk, view)) {
                readable.add(chunk);
            }
        }
        return readable;
    }

    private boolean isNeeded(ChunkHeader chunk) {
        return owner(chunk) instanceof Owner.Live || cluster.readers().isRead(chunk.id().blob());
    }

    /** The metadata are not what they should be: what they say is no truth, for a while. */
    void mislead(boolean now) {
        misled = now;
        atStake = List.of();
    }

    /** All that has an owner and can be read. */
    List<ChunkHeader> readable() {
        return readable(chunks().values()).stream()
                .filter(chunk -> owner(chunk) instanceof Owner.Live)
                .toList();
    }

    /** What of this is needed still and cannot be read any more. */
    List<ChunkHeader> unreadable(List<ChunkHeader> before) {
        RingView view = view();
        return before.stream()
                .filter(chunk -> isNeeded(chunk) && !isReadable(chunk, view))
                .toList();
    }

    /** A member is about to delete chunks. */
    void beforeDeletion(MemberId member, Collection<ChunkId> ids) {
        if (misled) {
            return;
        }
        Set<ChunkId> doomed = Set.copyOf(ids);
        SimulatedNode node = cluster.host(member).orElseThrow();
        List<ChunkHeader> going =
                node.disk().held().stream().filter(h -> doomed.contains(h.id())).toList();
        requireUnread(member, going);
        requireUnneeded(member, going);
        atStake = readable(going);
    }

    private void requireUnread(MemberId member, List<ChunkHeader> going) {
        cluster.readers()
                .needing(member, going.stream().map(ChunkHeader::id).toList())
                .ifPresent(reader -> fail("a deletion at %s breaks %s".formatted(member, reader)));
    }

    /** What has an owner goes from no slot; what has none yet will have none. */
    private void requireUnneeded(MemberId member, List<ChunkHeader> going) {
        RingView view = view();
        for (ChunkHeader chunk : going) {
            if (!(owner(chunk) instanceof Owner.Live)) {
                deleted.add(chunk.id().blob());
            } else if (slots(chunk, view).contains(member)) {
                fail("%s deletes its copy of what has an owner: %s".formatted(member, chunk));
            }
        }
    }

    private void fail(String what) {
        cluster.scheduler().fail(new AssertionError(what));
    }

    /** It has. */
    void afterDeletion(MemberId member) {
        requireReadable("a deletion at " + member);
    }

    /** A member is about to be told that it has been filled again. */
    void beforeRefilled() {
        atStake = misled ? List.of() : readable(chunks().values());
    }

    /** It was: what it lacks is missing from now on. */
    void afterRefilled(MemberId member) {
        requireReadable("saying that %s has been filled again".formatted(member));
    }

    /** A transaction is about to be applied. */
    void beforeCommit(Txn txn) {
        atStake = List.of();
        if (misled) {
            return;
        }
        Set<Integer> settling =
                txn.writes().stream()
                        .map(Write::key)
                        .filter(Keys.allSettled()::contains)
                        .map(Keys::partitionOf)
                        .collect(Collectors.toSet());
        if (!settling.isEmpty()) {
            atStake =
                    readable(
                            chunks().values().stream()
                                    .filter(
                                            chunk ->
                                                    settling.contains(
                                                            chunk.id()
                                                                    .partition(Cluster.PARTITIONS)))
                                    .toList());
        }
    }

    /** It was, or not. */
    void afterCommit(Txn txn) {
        requireReadable("settling a partition");
        if (!misled && txn.writes().stream().anyMatch(write -> write.key().equals(Keys.ring()))) {
            requireNothingNeedsTheRemoved();
        }
        if (!misled && txn.purpose() == Txn.Purpose.GROW) {
            lookAtNewBlobs();
        }
    }

    private void requireNothingNeedsTheRemoved() {
        RingView view = seen().orElse(null);
        if (view == null) {
            return;
        }
        for (Member member : view.ring().members()) {
            if (member.state() == MemberState.REMOVED
                    && view.epochThatNeeds(member.id()).isPresent()) {
                fail(
                        "%s is removed, and needed in epoch %s"
                                .formatted(member, view.epochThatNeeds(member.id())));
            }
        }
    }

    /** What has got an owner just now can be read, unless a fault has taken copies meanwhile. */
    private void lookAtNewBlobs() {
        RingView view = seen().orElse(null);
        if (view == null) {
            return;
        }
        for (ChunkHeader chunk : chunks().values()) {
            if (!looked.contains(chunk.id()) && owner(chunk) instanceof Owner.Live) {
                looked.add(chunk.id());
                if (deleted.contains(chunk.id().blob())) {
                    fail("committed when copies had been deleted already: " + chunk);
                }
                if (!isReadable(chunk, view) && !copiesAreGone) {
                    fail(
                            "committed with too few copies, %s: %s"
                                    .formatted(holders(chunk.id()), chunk));
                }
            }
        }
    }

    /** From now on a fault may have taken copies of what is not committed yet. */
    void copiesAreGone() {
        copiesAreGone = true;
    }

    private void requireReadable(String act) {
        if (atStake.isEmpty()) {
            return;
        }
        for (ChunkHeader chunk : unreadable(atStake)) {
            fail(
                    "%s makes unreadable what is needed: %s, held by %s"
                            .formatted(act, chunk, holders(chunk.id())));
        }
        atStake = List.of();
    }

    /** Empty when every chunk with an owner is at all its slots and the ring is at rest. */
    Optional<String> unevenness() {
        RingView view = view();
        if (view.unsettled() > 0) {
            return Optional.of(view.unsettled() + " partitions are not settled");
        }
        for (ChunkHeader chunk : chunks().values()) {
            List<MemberId> slots = slots(chunk, view);
            if (owner(chunk) instanceof Owner.Live && !isLevel(chunk)) {
                return Optional.of(
                        "%s is at %s, not at all of %s"
                                .formatted(chunk, holders(chunk.id()), slots));
            }
        }
        return Optional.empty();
    }

    /** Whether it is at all its slots, and at all those that a ring change gives it. */
    boolean isLevel(ChunkHeader chunk) {
        RingView view = view();
        int partition = chunk.id().partition(view.partitions());
        Set<MemberId> holders = holders(chunk.id());
        return holders.containsAll(slots(chunk, view))
                && holders.containsAll(view.ring().table().members(partition));
    }

    private static List<MemberId> slots(ChunkHeader chunk, RingView view) {
        return view.slots(chunk.id().partition(view.partitions()), chunk.epoch());
    }

    /** Empty when nothing is held that nobody owns, and nothing where it does not belong. */
    Optional<String> excess() {
        RingView view = view();
        for (ChunkHeader chunk : chunks().values()) {
            Owner owner = owner(chunk);
            Set<MemberId> elsewhere = counted(holders(chunk.id()), view);
            if (!(owner instanceof Owner.Live) && !elsewhere.isEmpty()) {
                return Optional.of(
                        "%s, at %s, has no owner: %s".formatted(chunk, elsewhere, owner));
            }
            slots(chunk, view).forEach(elsewhere::remove);
            if (!elsewhere.isEmpty()) {
                return Optional.of("%s does not belong at %s".formatted(chunk, elsewhere));
            }
        }
        return Optional.empty();
    }

    /** Empty when every member that counts has all that it was given. */
    Optional<String> unfilled() {
        return view().ring().members().stream()
                .filter(member -> member.state().counted() && isRefilling(member.id()))
                .map(member -> member + " has not been filled again")
                .findFirst();
    }

    /** Without those who were lost: what they hold is left for repair. */
    private static Set<MemberId> counted(Set<MemberId> members, RingView view) {
        Set<MemberId> counted = new HashSet<>(members);
        view.ring().members().stream()
                .filter(
                        member ->
                                member.state() == MemberState.LOST
                                        || member.state() == MemberState.RETURNED)
                .map(Member::id)
                .forEach(counted::remove);
        return counted;
    }
}
