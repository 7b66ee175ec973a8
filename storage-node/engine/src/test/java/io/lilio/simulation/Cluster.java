package io.lilio.simulation;

import io.lilio.placement.MemberId;
import io.lilio.placement.Replication;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;

/** The parts of one simulated cluster, as they know each other. */
final class Cluster {

    static final int PARTITIONS = 4;
    static final String BUCKET = "bucket";
    static final int CHUNK = 64 * 1024;
    static final UUID ID = new UUID(3, 3);
    static final Replication REPLICATION = new Replication(3, 2, 2, Replication.Spread.HOST, false);

    private final boolean collects;
    private final Random seeds;
    private final Scheduler scheduler;
    private final Coverage coverage = new Coverage();
    private final Phases phases;
    private final Network network;
    private final SimulatedProcess hardware;
    private final MetadataService metadata;
    private final GroundTruth truth;
    private final Readers readers = new Readers(this);
    private Duration watchDelay = Duration.ZERO;
    private Consumer<SimulatedNode> birth = _ -> {};
    private final Random leisure;
    private final Map<String, SimulatedNode> nodes = new LinkedHashMap<>();
    private final Set<String> founders = new TreeSet<>();

    /**
     * @param founding how many nodes found it
     * @param collects whether the full collection runs by itself
     */
    Cluster(long seed, int founding, boolean collects) {
        this.collects = collects;
        seeds = new Random(seed * 0x9E3779B97F4A7C15L);
        scheduler = new Scheduler(seeds.nextLong());
        phases = new Phases(scheduler, coverage);
        network = new Network(scheduler, newRandom(), phases);
        leisure = newRandom();
        hardware = new SimulatedProcess(scheduler, "hardware");
        truth = new GroundTruth(this);
        metadata = new MetadataService(scheduler, truth);
        for (int number = 1; number <= founding; number++) {
            founders.add(SimulatedNode.name(number));
        }
        for (int number = 1; number <= founding; number++) {
            add(number);
        }
    }

    /** What changes in the metadata is told up to so much later, now and to nodes that start. */
    void delayWatches(Duration most) {
        watchDelay = most;
    }

    Duration watchDelay() {
        return watchDelay;
    }

    /**
     * Some lists and walks of maintenance take long: elsewhere there is more to be listed than
     * here.
     */
    void takeLong() {
        scheduler
                .activity()
                .filter(activity -> leisure.nextInt(10) < slowness(activity.phase()))
                .ifPresent(
                        activity ->
                                Requests.linger(
                                        activity.process(),
                                        Duration.ofMillis(10 + leisure.nextInt(240))));
    }

    /** How many of ten take long. */
    private static int slowness(Phase phase) {
        return switch (phase) {
            case GC_WALKING -> 5;
            case GC_LISTING, MOVER_LISTING -> 2;
            default -> 0;
        };
    }

    /** Has somebody told of every node that has got a session. */
    void onBirth(Consumer<SimulatedNode> told) {
        birth = told;
    }

    void born(String node) {
        birth.accept(node(node));
    }

    /** A source of randomness for one part. */
    Random newRandom() {
        return new Random(seeds.nextLong());
    }

    /** One more node, which is not started yet. */
    SimulatedNode add(int number) {
        SimulatedNode node = new SimulatedNode(this, number);
        nodes.put(node.name(), node);
        return node;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    Coverage coverage() {
        return coverage;
    }

    Phases phases() {
        return phases;
    }

    Network network() {
        return network;
    }

    /** What never dies. */
    SimulatedProcess hardware() {
        return hardware;
    }

    MetadataService metadata() {
        return metadata;
    }

    GroundTruth truth() {
        return truth;
    }

    Readers readers() {
        return readers;
    }

    boolean collects() {
        return collects;
    }

    Set<String> founders() {
        return founders;
    }

    List<SimulatedNode> nodes() {
        return List.copyOf(nodes.values());
    }

    SimulatedNode node(String name) {
        return Objects.requireNonNull(nodes.get(name), () -> "no node " + name);
    }

    Optional<SimulatedNode> host(MemberId member) {
        return nodes.values().stream().filter(node -> node.memberId().equals(member)).findFirst();
    }
}
