package io.lilio.simulation;

import io.lilio.chunk.ChunkHeader;
import io.lilio.metadata.memory.MemoryMetadataStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * The end of a run in which the metadata go back to an older state while everything goes on: by
 * them, much that has an owner has none. The deletion brake has to keep all of it until somebody
 * has looked.
 */
final class RollBack {

    private static final Duration LONGEST = Duration.ofSeconds(15);

    private static final int ATTEMPTS = 3;

    /** With so many there are a cluster and a bucket. */
    private static final int FIRST_CHANGES = 30;

    /** So many are taken back at least, all of which the brakes know of. */
    private static final int LEAST = 10;

    private final Cluster cluster;
    private final Phase phase;
    private final Chaos chaos;
    private final Expectation expectation;
    private final Random random;

    /** What has to come about. */
    interface Expectation {
        void require(String what, BooleanSupplier condition);
    }

    /**
     * @param phase that it is to meet
     */
    RollBack(Cluster cluster, Phase phase, Chaos chaos, Expectation expectation) {
        this.cluster = cluster;
        this.phase = phase;
        this.chaos = chaos;
        this.expectation = expectation;
        this.random = cluster.newRandom();
    }

    Optional<String> run() {
        cluster.scheduler().run(() -> false, Duration.ofMillis(3_000 + random.nextInt(4_000)));
        expectation.require(
                "hardly anything changes", () -> cluster.metadata().changes() > 2 * FIRST_CHANGES);
        chaos.stop();
        chaos.nodes().heal();
        expectation.require(
                "nodes do not start",
                () ->
                        cluster.nodes().stream()
                                .allMatch(node -> node.isGone() || node.upkeep().isPresent()));
        int known = cluster.metadata().changes();
        letAllBrakesLook();
        ambush();
        List<ChunkHeader> before = cluster.truth().readable();
        MemoryMetadataStore newest =
                cluster.metadata()
                        .rollBack(known - LEAST - random.nextInt(known - LEAST - FIRST_CHANGES));
        cluster.truth().mislead(true);
        cluster.phases().met(Fault.METADATA_ROLLED_BACK, (SimulatedProcess) null);
        cluster.nodes().forEach(n -> n.metadata().ifPresent(SimulatedMetadata::loseWatches));
        cluster.scheduler().run(() -> false, LONGEST);
        cluster.metadata().restore(newest);
        List<ChunkHeader> lost = cluster.truth().unreadable(before);
        return lost.isEmpty()
                ? Optional.empty()
                : Optional.of("after the metadata went back, these were deleted: " + lost);
    }

    private void letAllBrakesLook() {
        int[] open = new int[1];
        for (SimulatedNode node : cluster.nodes()) {
            node.upkeep()
                    .ifPresent(
                            upkeep -> {
                                open[0]++;
                                node.process()
                                        .start(
                                                () -> {
                                                    upkeep.brake().begin();
                                                    open[0]--;
                                                });
                            });
        }
        expectation.require("a brake does not look", () -> open[0] == 0);
    }

    /** Until something gets to the phase that is aimed at, or for a while. */
    private void ambush() {
        boolean[] met = new boolean[1];
        for (int attempt = 0; attempt < ATTEMPTS && !met[0]; attempt++) {
            cluster.phases().await(phase, _ -> met[0] = true);
            chaos.occasions().bringAbout(phase);
            cluster.scheduler().run(() -> met[0], Duration.ofSeconds(3));
            expectation.require("the run goes on", () -> true);
        }
        cluster.phases().stopAwaiting();
    }
}
