package io.lilio.simulation;

import io.lilio.ObjectStoreException;
import io.lilio.catalog.ring.RingStore;
import io.lilio.engine.Engine;
import io.lilio.maintenance.brake.BrakeEngagedException;
import io.lilio.maintenance.brake.DeletionBrake;
import io.lilio.maintenance.collect.CollectParts;
import io.lilio.maintenance.collect.CollectionSettings;
import io.lilio.maintenance.collect.FullCollection;
import io.lilio.maintenance.collect.TrashSweeper;
import io.lilio.maintenance.collect.UnconfirmedCheck;
import io.lilio.maintenance.collect.UsageCorrection;
import io.lilio.maintenance.drop.PartitionDrop;
import io.lilio.maintenance.move.Rebalance;
import io.lilio.maintenance.repair.HealParts;
import io.lilio.maintenance.repair.PartitionRepair;
import io.lilio.maintenance.repair.Scrub;
import io.lilio.maintenance.run.MaintenanceListener;
import io.lilio.maintenance.run.MaintenanceTask;
import io.lilio.maintenance.run.Pace;
import io.lilio.maintenance.run.PaceSettings;
import io.lilio.maintenance.run.Parallel;
import io.lilio.maintenance.run.Run;
import io.lilio.maintenance.run.RunCancelledException;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.replication.ChunkCopier;
import java.time.Duration;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** The maintenance of one node's process: at random times, each kind on its own, or all at once. */
final class Upkeep {

    private static final Duration LONGEST_REQUEST = Duration.ofSeconds(30);

    private final Cluster cluster;
    private final SimulatedProcess process;
    private final Engine engine;
    private final DeletionBrake brake;
    private final SimulatedMetadata metadata;
    private final Random random;
    private final TrashSweeper sweeper;
    private final UnconfirmedCheck lookUp;
    private final UnconfirmedCheck lookUpAll;
    private boolean stopped;

    Upkeep(Cluster cluster, SimulatedNode node, Engine engine, DeletionBrake brake) {
        this.cluster = cluster;
        this.process = node.process();
        this.engine = engine;
        this.brake = brake;
        this.metadata = node.metadata().orElseThrow();
        this.random = cluster.newRandom();
        this.sweeper = newSweeper();
        this.lookUp = new UnconfirmedCheck(heal(), brake, Duration.ofMillis(800));
        this.lookUpAll = new UnconfirmedCheck(heal(), brake, Duration.ZERO);
        repeat(Phase.Work.SWEEP, 1_500, () -> sweeper);
        repeat(Phase.Work.LOOK_UP, 2_000, () -> random.nextInt(3) == 0 ? lookUpAll : lookUp);
        repeat(Phase.Work.DROP, 1_500, this::newDrop);
        if (cluster.collects()) {
            repeat(Phase.Work.COLLECT, 4_000, this::newCollection);
        }
        repeat(Phase.Work.REPAIR, 7_000, () -> random.nextInt(4) == 0 ? newScrub() : newRepair());
        repeat(Phase.Work.MOVE, 3_000, this::newRebalance);
    }

    /** Makes the task of the next run. */
    private interface Next {
        MaintenanceTask task();
    }

    private void repeat(Phase.Work work, int meanMillis, Next next) {
        process.start(
                () -> {
                    while (true) {
                        int crowd = Math.max(3, cluster.nodes().size());
                        sleep(Duration.ofMillis(random.nextInt(2 * meanMillis * crowd / 3)));
                        if (!stopped) {
                            run(work, next.task());
                        }
                    }
                });
    }

    /** A run of some kind begins now. */
    void begin(Phase.Work work) {
        process.start(() -> run(work, task(work)));
    }

    private MaintenanceTask task(Phase.Work work) {
        return switch (work) {
            case SWEEP -> newSweeper();
            case LOOK_UP -> lookUpAll;
            case DROP -> newDrop();
            case COLLECT -> newCollection();
            case REPAIR -> newRepair();
            case MOVE -> newRebalance();
            case WRITE, READ -> throw new IllegalArgumentException(work + " is no maintenance");
        };
    }

    private TrashSweeper newSweeper() {
        return new TrashSweeper(
                collectParts(), engine.catalog().trash(), process.time(), MaintenanceListener.NONE);
    }

    /** No run begins by itself any more. */
    void stop() {
        stopped = true;
    }

    private void sleep(Duration duration) {
        try {
            process.time().sleep(duration);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts maintenance", e);
        }
    }

    /** Runs a task to its end; what it counted. */
    SortedMap<String, Long> run(Phase.Work work, MaintenanceTask task) {
        Activity activity = cluster.phases().begin(process, work);
        Run run =
                Run.alone(
                        task.kind(),
                        new Pace(PaceSettings.UNLIMITED, process.time(), () -> false),
                        MaintenanceListener.NONE);
        if (!stopped && random.nextInt(6) == 0) {
            process.time().schedule(Duration.ofMillis(random.nextInt(400)), run::cancel);
        }
        try {
            task.run(run);
            return run.counts();
        } catch (RunCancelledException
                | MetadataUnavailableException
                | BrakeEngagedException
                | ObjectStoreException e) {
            SortedMap<String, Long> counts = new TreeMap<>(run.counts());
            counts.put("failed: " + e.getMessage(), 1L);
            return counts;
        } finally {
            cluster.phases().end(activity);
        }
    }

    /**
     * Everything once.
     *
     * @param collects whether the full collection is among it
     * @param rotten whether some copy is bad, which only reading it shows
     */
    void runAll(boolean collects, boolean rotten) {
        engine.sessions().current().publishNow();
        run(Phase.Work.MOVE, newRebalance());
        run(Phase.Work.REPAIR, rotten ? newScrub() : newRepair());
        run(Phase.Work.DROP, newDrop());
        run(Phase.Work.SWEEP, sweeper);
        run(Phase.Work.LOOK_UP, lookUpAll);
        if (collects) {
            run(Phase.Work.COLLECT, newCollection());
        }
        sleep(Duration.ofMillis(300));
    }

    private MaintenanceTask newDrop() {
        return new PartitionDrop(engine.ring(), engine.members(), engine.sessions(), brake);
    }

    private MaintenanceTask newRepair() {
        return new PartitionRepair(heal(), process.time(), Duration.ofSeconds(2));
    }

    private MaintenanceTask newScrub() {
        return new Scrub(heal());
    }

    private MaintenanceTask newRebalance() {
        Duration courtesy = random.nextInt(3) == 0 ? Duration.ofMillis(200) : LONGEST_REQUEST;
        return new Rebalance(heal(), new RingStore(metadata), process.time(), courtesy, () -> {});
    }

    private MaintenanceTask newCollection() {
        return new FullCollection(
                collectParts(),
                engine.catalog().ownerWalk(),
                new UsageCorrection(
                        engine.catalog().usage(),
                        engine.catalog().buckets(),
                        engine.sessions(),
                        process.time(),
                        Duration.ZERO),
                process.time(),
                CollectionSettings.DEFAULTS);
    }

    private HealParts heal() {
        return new HealParts(
                engine.ring(),
                engine.members(),
                engine.sessions(),
                engine.catalog().ownerLookup(),
                new ChunkCopier(engine.members(), engine.buffers()),
                new Parallel(process.threads(), 3));
    }

    private CollectParts collectParts() {
        return new CollectParts(
                engine.ring(),
                engine.members(),
                engine.sessions(),
                brake,
                new Parallel(process.threads(), 3));
    }

    DeletionBrake brake() {
        return brake;
    }
}
