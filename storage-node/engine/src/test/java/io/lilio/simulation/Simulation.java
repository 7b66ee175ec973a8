package io.lilio.simulation;

import io.lilio.catalog.bucket.Buckets;
import io.lilio.catalog.bucket.Versioning;
import io.lilio.placement.RingView;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * One run: a cluster, its clients and its faults, all of which follow from a seed. When clients and
 * faults are done, everything is put right and looked at.
 */
final class Simulation {

    private static final int FOUNDERS = 3;
    private static final int CLIENTS = 4;
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final int ROUNDS = 60;
    private static final List<Phase> COPYING =
            List.of(Phase.MOVER_COPYING, Phase.LOOK_UP_HEALING, Phase.REPAIR_COPYING);

    private final Cluster cluster;
    private final Profile profile;
    private final Clients clients;
    private final Chaos chaos;

    Simulation(long seed) {
        this.profile = Profile.of(seed);
        this.cluster = new Cluster(seed, FOUNDERS, profile.collects());
        this.clients = new Clients(cluster, profile);
        this.chaos = new Chaos(cluster, profile, clients);
    }

    /** How it went: empty when all is well. */
    Optional<String> run() {
        try {
            return toTheEnd();
        } catch (AssertionError | RuntimeException e) {
            return Optional.of(describe(e));
        }
    }

    private Optional<String> toTheEnd() {
        begin();
        slant();
        clients.start(CLIENTS, chaos::isDone);
        chaos.start();
        Random births = cluster.newRandom();
        cluster.metadata()
                .onLeaseEnd(
                        () -> {
                            for (int millis = 100;
                                    millis < 2_000 && !chaos.isDone();
                                    millis += 600) {
                                chaos.occasions()
                                        .attend(Phase.Work.COLLECT, Duration.ofMillis(millis));
                            }
                        });
        cluster.onBirth(
                node -> {
                    if (!chaos.isDone() && births.nextInt(4) != 0) {
                        clients.greet(node);
                        chaos.occasions().attend(Phase.Work.LOOK_UP, Duration.ofMillis(120));
                        chaos.occasions().attend(Phase.Work.LOOK_UP, Duration.ofMillis(200));
                        chaos.occasions().attend(Phase.Work.COLLECT, Duration.ofMillis(250));
                    }
                });
        if (profile.ending() == Profile.Ending.ROLLED_BACK) {
            return new RollBack(cluster, profile.aims().getFirst().phase(), chaos, this::require)
                    .run();
        }
        require("clients and faults do not end", () -> clients.areDone() && chaos.isDone());
        chaos.nodes().heal();
        require("nodes do not start", this::areUp);
        cluster.nodes().forEach(node -> node.upkeep().ifPresent(Upkeep::stop));
        bringLevel(false);
        bringLevel(true);
        clients.readEverything();
        require("the last reads do not end", clients::areDone);
        return clients.violation();
    }

    private void slant() {
        Network network = cluster.network();
        switch (profile.slant()) {
            case NONE -> {}
            case COMMITS -> {
                network.trouble(Phase.COMMIT_SENT, Fault.REQUEST_LOST, 0.04);
                network.trouble(Phase.COMMIT_SENT, Fault.ANSWER_LOST, 0.1);
                network.trouble(Phase.COMMIT_SENT, Fault.MESSAGE_LATE, 0.2);
                network.trouble(Phase.COMMIT_UNKNOWN, Fault.REQUEST_LOST, 0.15);
                network.trouble(Phase.COMMIT_UNKNOWN, Fault.ANSWER_LOST, 0.1);
            }
            case COPIES -> {
                network.trouble(Phase.CHUNKS_WRITTEN, Fault.REQUEST_LOST, 0.15);
                network.trouble(Phase.CHUNKS_WRITTEN, Fault.MESSAGE_LATE, 0.1);
                network.trouble(Phase.MOVER_LISTING, Fault.REQUEST_LOST, 0.25);
                for (Phase copying : COPYING) {
                    network.trouble(copying, Fault.REQUEST_LOST, 0.1);
                    network.trouble(copying, Fault.MESSAGE_LATE, 0.1);
                }
            }
            case RINGS -> cluster.delayWatches(Duration.ofSeconds(4));
            case READS -> network.trouble(Phase.READING, Fault.MESSAGE_LATE, 0.3);
            case LOSSES -> network.trouble(Phase.CHUNKS_WRITTEN, Fault.REQUEST_LOST, 0.15);
            case CONFIRMATIONS -> {
                network.straggle(Duration.ofSeconds(20));
                network.trouble(Phase.CHUNKS_WRITTEN, Fault.MESSAGE_TWICE, 0.3);
            }
        }
    }

    private void begin() {
        cluster.nodes().forEach(SimulatedNode::start);
        require("the founders do not start", this::areUp);
        SimulatedNode first = cluster.nodes().getFirst();
        boolean[] made = new boolean[1];
        first.process()
                .start(
                        () -> {
                            makeBucket(first.engine().objects().buckets());
                            made[0] = true;
                        });
        require("no bucket is made", () -> made[0]);
    }

    private void makeBucket(Buckets buckets) {
        buckets.create(Cluster.BUCKET, "me", Cluster.CHUNK);
        // Else clients enable it later, when there are objects that have no versions.
        if (profile.versions() != Profile.VersionUse.NONE && cluster.newRandom().nextBoolean()) {
            buckets.setVersioning(Cluster.BUCKET, Versioning.ENABLED);
        }
    }

    private boolean areUp() {
        return cluster.nodes().stream()
                .allMatch(node -> node.isGone() || node.upkeep().isPresent());
    }

    /**
     * Runs maintenance until all copies are where they belong and nothing else is left.
     *
     * @param collects whether the full collection helps
     */
    private void bringLevel(boolean collects) {
        Optional<String> amiss = Optional.empty();
        for (int round = 0; round < ROUNDS; round++) {
            chaos.ring().finish();
            maintain(collects);
            amiss = amiss();
            if (amiss.isEmpty()) {
                return;
            }
        }
        throw new AssertionError(
                "%s, however often %s runs"
                        .formatted(
                                amiss.orElseThrow(),
                                collects ? "the full collection" : "maintenance"));
    }

    private Optional<String> amiss() {
        RingView view = cluster.truth().view();
        if (view.ring().operation().isPresent()) {
            return Optional.of(view.ring().operation() + " does not end");
        }
        if (chaos.ring().isUnfinished()) {
            return Optional.of("members are lost or have returned");
        }
        return cluster.truth()
                .unevenness()
                .or(() -> cluster.truth().excess())
                .or(() -> cluster.truth().unfilled());
    }

    private void maintain(boolean collects) {
        int[] open = new int[1];
        boolean rotten = cluster.nodes().stream().anyMatch(node -> node.disk().isRotten());
        for (SimulatedNode node : cluster.nodes()) {
            Optional<Upkeep> upkeep = node.upkeep();
            if (upkeep.isPresent()) {
                open[0]++;
                node.process()
                        .start(
                                () -> {
                                    upkeep.get().runAll(collects, rotten);
                                    open[0]--;
                                });
            }
        }
        require("maintenance does not end", () -> open[0] == 0);
    }

    private void require(String what, BooleanSupplier condition) {
        boolean came = cluster.scheduler().run(condition, LONGEST);
        cluster.scheduler()
                .failure()
                .ifPresent(
                        e -> {
                            throw e instanceof AssertionError error
                                    ? error
                                    : new AssertionError(e.toString(), e);
                        });
        if (!came) {
            throw new AssertionError(what);
        }
    }

    private static String describe(Throwable e) {
        var text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    long steps() {
        return cluster.scheduler().steps();
    }

    /** A digest of every step that was taken. */
    long trace() {
        return cluster.scheduler().trace();
    }

    Coverage coverage() {
        return cluster.coverage();
    }

    /** What was done, for people. */
    String summary() {
        return "%s; %s; %d steps, %.1f s"
                .formatted(
                        profile,
                        clients.outcomes(),
                        cluster.scheduler().steps(),
                        cluster.scheduler().nanos() / 1e9);
    }
}
