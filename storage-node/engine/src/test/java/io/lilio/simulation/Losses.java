package io.lilio.simulation;

import io.lilio.catalog.owner.Owner;
import io.lilio.chunk.ChunkHeader;
import io.lilio.engine.Engine;
import io.lilio.placement.MemberId;
import io.lilio.placement.Replication;
import io.lilio.placement.RingView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Members that lose chunks when others rely on what they hold. */
final class Losses {

    private static final Replication REPLICATION = Cluster.REPLICATION;

    private final Cluster cluster;
    private final NodeFaults nodes;
    private final RingFaults ring;
    private final Occasions occasions;
    private final Random random;

    Losses(Cluster cluster, NodeFaults nodes, RingFaults ring, Occasions occasions) {
        this.cluster = cluster;
        this.nodes = nodes;
        this.ring = ring;
        this.occasions = occasions;
        this.random = cluster.newRandom();
    }

    /**
     * A writer has the acknowledgements that it needs, and none to spare, when one of the members
     * that gave them loses what it was given; it commits when repairs have come and gone.
     *
     * @param over run when it was so
     */
    void underAWriter(Runnable over) {
        cluster.phases()
                .await(
                        Phase.COMMIT_SENT,
                        activity -> holderOfFew(activity).isPresent(),
                        activity -> {
                            holderOfFew(activity).ifPresent(this::lose);
                            attend(Phase.Work.REPAIR, 1_400);
                            Duration meanwhile = Duration.ofMillis(1_000 + random.nextInt(2_500));
                            Requests.linger(activity.process(), meanwhile);
                            over.run();
                        });
    }

    /** One of the holders of what was written in this session and is not committed yet. */
    private Optional<SimulatedNode> holderOfFew(Activity activity) {
        Optional<Engine> writer =
                cluster.nodes().stream()
                        .filter(node -> node.process() == activity.process())
                        .flatMap(node -> node.running().stream())
                        .findFirst();
        if (writer.isEmpty()) {
            return Optional.empty();
        }
        long session = writer.get().sessions().current().incarnation();
        return cluster.truth().chunks().values().stream()
                .filter(chunk -> chunk.session() == session)
                .filter(chunk -> cluster.truth().owner(chunk) instanceof Owner.None)
                .map(nodes::holders)
                .filter(holders -> holders.size() == REPLICATION.writeQuorum())
                .flatMap(List::stream)
                .filter(nodes::mayLoseChunks)
                .findFirst();
    }

    /**
     * A copy was never made, a member loses another, and who has the third is silent while the
     * partition is to be moved away from it.
     *
     * @return whether it could be so
     */
    boolean besideAMove() {
        Optional<ChunkHeader> spare = nodes.spareChunk();
        List<SimulatedNode> slots = spare.map(this::slots).orElseGet(List::of);
        if (slots.size() < REPLICATION.factor() || !nodes.mayLoseChunks(slots.get(1))) {
            return false;
        }
        ChunkHeader chunk = spare.orElseThrow();
        SimulatedNode silent = slots.getLast();
        slots.getFirst().disk().lose(chunk.id());
        silent.disk().markAnew(chunk.id());
        lose(slots.get(1));
        nodes.silence(silent);
        ring.drain(silent);
        attend(Phase.Work.MOVE, 3_500);
        return true;
    }

    /** In any order. */
    private List<SimulatedNode> slots(ChunkHeader chunk) {
        RingView view = cluster.truth().view();
        List<SimulatedNode> slots = new ArrayList<>();
        for (MemberId slot : view.slots(chunk.id().partition(view.partitions()), chunk.epoch())) {
            cluster.host(slot).ifPresent(slots::add);
        }
        Collections.shuffle(slots, random);
        return slots;
    }

    private void lose(SimulatedNode node) {
        node.disk().loseSome(1);
        cluster.phases().met(Fault.CHUNKS_LOST, (SimulatedProcess) null);
    }

    /** Again and again, for so long. */
    private void attend(Phase.Work work, int millis) {
        for (int later = 150; later < millis; later += 300) {
            occasions.attend(work, Duration.ofMillis(later));
        }
    }
}
