package io.lilio.simulation;

import io.lilio.chunk.BlobId;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkOrigin;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.RingView;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Brings about what a fault is to meet: work that would come by itself, only later, and what it
 * finds to do.
 */
final class Occasions {

    /** No session has it: whoever wrote under it is dead. */
    private static final long DEAD_SESSION = 1;

    private static final Duration AGAIN = Duration.ofMillis(600);

    private final Cluster cluster;
    private final Profile profile;
    private final NodeFaults nodes;
    private final RingFaults ring;
    private final Random random;

    Occasions(Cluster cluster, Profile profile, NodeFaults nodes, RingFaults ring) {
        this.cluster = cluster;
        this.profile = profile;
        this.nodes = nodes;
        this.ring = ring;
        this.random = cluster.newRandom();
    }

    /** Work begins that has this phase. */
    void bringAbout(Phase phase) {
        if (phase.work() == Phase.Work.MOVE) {
            ring.unsettle();
        }
        somewhere()
                .ifPresent(
                        node -> {
                            prepare(phase, node);
                            begin(phase.work(), node);
                            cluster.scheduler()
                                    .after(AGAIN, node.process(), () -> begin(phase.work(), node));
                        });
    }

    /** Whether it could come about now. */
    boolean isPossible(Phase phase) {
        return switch (phase) {
            case LOOK_UP_HEALING, REPAIR_COPYING -> nodes.spareChunk().isPresent();
            case DROP_DELETING -> hasSomewhereToStray() || !nodes.addNode();
            default -> true;
        };
    }

    private void prepare(Phase phase, SimulatedNode node) {
        switch (phase) {
            case GC_DELETING, LOOK_UP_DELETING -> leaveOrphan(node);
            case LOOK_UP_HEALING, REPAIR_COPYING -> loseCopy();
            case DROP_DELETING -> leaveStray();
            case COMMIT_UNKNOWN -> nodes.trouble(Fault.ANSWER_LOST, Phase.COMMIT_SENT);
            default -> {}
        }
    }

    private void begin(Phase.Work work, SimulatedNode node) {
        switch (work) {
            case WRITE, READ -> {} // clients are always at it
            case COLLECT -> {
                if (profile.collects()) {
                    node.upkeep().ifPresent(upkeep -> upkeep.begin(work));
                }
            }
            case DROP, LOOK_UP ->
                    cluster.nodes()
                            .forEach(each -> each.upkeep().ifPresent(upkeep -> upkeep.begin(work)));
            case MOVE, SWEEP, REPAIR -> node.upkeep().ifPresent(upkeep -> upkeep.begin(work));
        }
    }

    /** Somebody does some work, soon. */
    void attend(Phase.Work work, Duration atMost) {
        cluster.scheduler()
                .after(
                        Duration.ofNanos((long) (random.nextDouble() * atMost.toNanos())),
                        cluster.hardware(),
                        () -> hurry(work));
    }

    /** Work begins. */
    void hurry(Phase.Work work) {
        somewhere().ifPresent(node -> begin(work, node));
    }

    /**
     * A member with something that the ring does not place there any more; half of the time with
     * all of a partition, as if it had been a moment ago.
     */
    Optional<SimulatedNode> someoneWithTooMuch() {
        RingView view = cluster.truth().view();
        int partition = random.nextInt(view.partitions());
        Optional<SimulatedNode> chosen =
                some(
                        cluster.nodes().stream()
                                .filter(node -> node.upkeep().isPresent())
                                .filter(node -> view.ring().member(node.memberId()).isPresent())
                                .filter(node -> !view.needs(partition, node.memberId()))
                                .toList());
        if (chosen.isPresent() && random.nextBoolean()) {
            cluster.truth().readable().stream()
                    .filter(chunk -> chunk.id().partition(view.partitions()) == partition)
                    .filter(chunk -> !chosen.get().disk().holds(chunk.id()))
                    .forEach(chunk -> chosen.get().disk().leave(chunk, bytes(chunk)));
        }
        return chosen;
    }

    private Optional<SimulatedNode> somewhere() {
        return some(cluster.nodes().stream().filter(n -> n.upkeep().isPresent()).toList());
    }

    private <T> Optional<T> some(List<T> all) {
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    /** What a writer of long ago had sent arrives. */
    private void leaveOrphan(SimulatedNode node) {
        some(List.copyOf(cluster.truth().chunks().values()))
                .ifPresent(
                        like -> {
                            ByteBuffer payload = ByteBuffer.allocate(like.length());
                            var id = new ChunkId(BlobId.random(random), 0, 0);
                            var origin =
                                    new ChunkOrigin(
                                            cluster.truth().view().epoch(),
                                            DEAD_SESSION,
                                            DEAD_SESSION,
                                            like.owner());
                            node.disk().leave(ChunkHeader.of(id, origin, payload), payload);
                        });
    }

    private boolean hasSomewhereToStray() {
        RingView view = cluster.truth().view();
        return cluster.truth().readable().stream()
                .anyMatch(chunk -> whereToStray(chunk, view).isPresent());
    }

    /** A copy arrives at a member that has dropped its partition, or never had it. */
    private void leaveStray() {
        RingView view = cluster.truth().view();
        some(cluster.truth().readable().stream()
                        .filter(chunk -> whereToStray(chunk, view).isPresent())
                        .toList())
                .ifPresent(
                        chunk ->
                                whereToStray(chunk, view)
                                        .orElseThrow()
                                        .disk()
                                        .leave(chunk, bytes(chunk)));
    }

    /** A node whose member does not have a chunk, and would drop it. */
    private Optional<SimulatedNode> whereToStray(ChunkHeader chunk, RingView view) {
        int partition = chunk.id().partition(view.partitions());
        return cluster.nodes().stream()
                .filter(node -> node.upkeep().isPresent())
                .filter(node -> !node.disk().holds(chunk.id()))
                .filter(node -> !view.needs(partition, node.memberId()))
                .filter(node -> drops(view, node))
                .findFirst();
    }

    private static boolean drops(RingView view, SimulatedNode node) {
        return view.ring()
                .member(node.memberId())
                .map(Member::state)
                .filter(state -> state != MemberState.LOST && state != MemberState.RETURNED)
                .isPresent();
    }

    private ByteBuffer bytes(ChunkHeader chunk) {
        MemberId holder = cluster.truth().holders(chunk.id()).iterator().next();
        return cluster.host(holder).orElseThrow().disk().payload(chunk);
    }

    /** One copy of a chunk is gone, and those that are left are to be looked up. */
    private void loseCopy() {
        nodes.spareChunk()
                .ifPresent(
                        chunk -> {
                            List<SimulatedNode> holders = nodes.holders(chunk);
                            SimulatedNode loser = holders.get(random.nextInt(holders.size()));
                            loser.disk().lose(chunk.id());
                            holders.stream()
                                    .filter(node -> node != loser)
                                    .forEach(node -> node.disk().markAnew(chunk.id()));
                        });
    }
}
