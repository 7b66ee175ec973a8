package io.lilio.engine;

import io.lilio.catalog.Catalog;
import io.lilio.catalog.ring.RingCommands;
import io.lilio.catalog.ring.RingStore;
import io.lilio.chunk.BackendException;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.FaultyChunkStore;
import io.lilio.chunk.backend.memory.MemoryChunkStore;
import io.lilio.chunk.backend.memory.MemoryChunkStoreSettings;
import io.lilio.chunk.buffer.BufferPoolSettings;
import io.lilio.maintenance.Maintenance;
import io.lilio.maintenance.MaintenanceParts;
import io.lilio.maintenance.MaintenanceSettings;
import io.lilio.maintenance.brake.BrakeSettings;
import io.lilio.maintenance.brake.DeletionBrake;
import io.lilio.maintenance.brake.SeenFiles;
import io.lilio.maintenance.collect.CollectParts;
import io.lilio.maintenance.collect.CollectionSettings;
import io.lilio.maintenance.collect.FullCollection;
import io.lilio.maintenance.collect.TrashSweeper;
import io.lilio.maintenance.collect.UnconfirmedCheck;
import io.lilio.maintenance.collect.UsageCorrection;
import io.lilio.maintenance.drop.PartitionDrop;
import io.lilio.maintenance.move.MemberBackends;
import io.lilio.maintenance.move.Rebalance;
import io.lilio.maintenance.repair.HealParts;
import io.lilio.maintenance.repair.PartitionRepair;
import io.lilio.maintenance.run.MaintenanceListener;
import io.lilio.maintenance.run.MaintenanceTask;
import io.lilio.maintenance.run.Pace;
import io.lilio.maintenance.run.PaceSettings;
import io.lilio.maintenance.run.Parallel;
import io.lilio.maintenance.run.Run;
import io.lilio.maintenance.run.RunnerParts;
import io.lilio.metadata.HighWaterMark;
import io.lilio.metadata.session.SessionSettings;
import io.lilio.object.Environment;
import io.lilio.object.ObjectSettings;
import io.lilio.placement.MemberId;
import io.lilio.placement.Partitioning;
import io.lilio.replication.ChunkCopier;
import io.lilio.replication.ReplicationListener;
import io.lilio.replication.ReplicationSettings;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntSupplier;

/** A node of a {@link TestCluster}: an engine over one backend that can be told to go wrong. */
public final class TestNode implements AutoCloseable {

    private static final long MEBIBYTE = 1 << 20;

    private final int number;
    private final TestCluster cluster;
    private final MemoryChunkStore memory;
    private final FaultyChunkStore store;
    private final Engine engine;
    private final DeletionBrake brake;
    private volatile boolean cut;

    TestNode(TestCluster cluster, int number) {
        this.cluster = cluster;
        this.number = number;
        memory =
                new MemoryChunkStore(
                        new MemoryChunkStoreSettings("disk", cluster.partitions, 64 * MEBIBYTE),
                        cluster.time);
        store = new FaultyChunkStore(memory, cluster.time);
        var session =
                new SessionSettings(
                        name(number),
                        name(number) + ":9002",
                        List.of(),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(20));
        ObjectSettings objects = ObjectSettings.defaults();
        EngineSettings settings =
                EngineSettings.defaults(TestCluster.cluster(), name(number))
                        .withSession(session)
                        .withFounding(
                                new EngineSettings.Founding(
                                        Partitioning.of(cluster.partitions),
                                        cluster.replication,
                                        cluster.founders))
                        .withMembers(quickBreakers())
                        .withObjects(
                                new ObjectSettings(
                                        1_000,
                                        3 * TestCluster.CHUNK,
                                        3 * TestCluster.CHUNK,
                                        objects.bufferWait(),
                                        objects.pace(),
                                        objects.etags()))
                        .withBuffers(BufferPoolSettings.ofCapacity(16 * MEBIBYTE));
        engine =
                Engine.open(
                        settings,
                        new EngineParts(
                                cluster.metadata,
                                List.of(Backend.of(memberId(number), "disk", store)),
                                (_, member) -> new PeerChunkStore(cluster, this, member),
                                ReplicationListener.NONE),
                        new Environment(
                                cluster.time, new SecureRandom(), Thread.ofVirtual().factory()));
        brake =
                new DeletionBrake(
                        new DeletionBrake.Parts(
                                cluster.metadata,
                                new SeenFiles(
                                        List.of(),
                                        Thread.ofPlatform().daemon().factory(),
                                        cluster.time),
                                new HighWaterMark(),
                                new Random(number),
                                MaintenanceListener.NONE),
                        BrakeSettings.DEFAULTS);
    }

    private static ReplicationSettings quickBreakers() {
        ReplicationSettings usual = ReplicationSettings.defaults();
        return new ReplicationSettings(
                usual.putDeadline(),
                usual.readDeadline(),
                usual.controlDeadline(),
                usual.maxInFlight(),
                new ReplicationSettings.Breaker(3, Duration.ofMillis(50), Duration.ofMillis(200)),
                usual.hedge(),
                usual.confirmations(),
                usual.repair());
    }

    static String name(int number) {
        return "node" + number;
    }

    public static MemberId memberId(int number) {
        return new MemberId(new UUID(number * 0x9E3779B97F4A7C15L, number));
    }

    public int number() {
        return number;
    }

    public MemberId memberId() {
        return memberId(number);
    }

    public Engine engine() {
        return engine;
    }

    /** The backend, to be told to go wrong. */
    public FaultyChunkStore store() {
        return store;
    }

    /** Others reach it no more, or again; its backend is what it was. */
    public void cut(boolean off) {
        cut = off;
    }

    /** Its backend is gone for good too, which is all that may tell its engine so. */
    void lose() {
        cut = true;
        store.fail(BackendException.Reason.IO);
    }

    boolean isCut() {
        return cut;
    }

    boolean reaches(MemberId member) {
        return engine.members().find(member).isPresent();
    }

    public RingCommands commands() {
        return new RingCommands(rings(), new MemberBackends(engine.members()));
    }

    /** What the backend holds, whatever its faults. */
    public List<ChunkHeader> held() {
        List<ChunkHeader> held = new ArrayList<>();
        for (int partition = 0; partition < cluster.partitions; partition++) {
            held.addAll(memory.list(partition, null, 10_000));
        }
        return held;
    }

    /** How many chunks carry their mark. */
    public long unconfirmed() {
        return memory.usage().unconfirmed();
    }

    /** Payload that the backend holds. */
    public long bytes() {
        return memory.usage().payloadBytes();
    }

    public RingStore rings() {
        return new RingStore(cluster.metadata);
    }

    public HealParts heal() {
        return new HealParts(
                engine.ring(),
                engine.members(),
                engine.sessions(),
                engine.catalog().ownerLookup(),
                new ChunkCopier(engine.members(), engine.buffers()),
                new Parallel(Thread.ofVirtual().factory(), 4));
    }

    public Rebalance newRebalance() {
        return newRebalance(() -> {});
    }

    public Rebalance newRebalance(Runnable askForRepair) {
        return new Rebalance(heal(), rings(), cluster.time, Duration.ofSeconds(5), askForRepair);
    }

    /** Carries the ring change under way on, as far as it goes. */
    public Run rebalance() {
        return run(newRebalance());
    }

    public Run repair() {
        return run(new PartitionRepair(heal(), cluster.time, Duration.ofSeconds(5)));
    }

    public Run drop() {
        return run(new PartitionDrop(engine.ring(), engine.members(), engine.sessions(), brake));
    }

    /** Drops, sweeps the trash, and looks up what is unconfirmed, once. */
    public void maintain() {
        engine.sessions().current().publishNow();
        drop();
        sweep();
        run(new UnconfirmedCheck(heal(), brake, Duration.ZERO));
    }

    /** Sweeps the trash, once. */
    public Run sweep() {
        return run(
                new TrashSweeper(
                        collectParts(),
                        engine.catalog().trash(),
                        cluster.time,
                        MaintenanceListener.NONE));
    }

    /** The full walk: deletes what nobody owns. */
    public Run collect() {
        return run(
                new FullCollection(
                        collectParts(),
                        engine.catalog().ownerWalk(),
                        new UsageCorrection(
                                engine.catalog().usage(),
                                engine.catalog().buckets(),
                                engine.sessions(),
                                cluster.time,
                                Duration.ZERO),
                        cluster.time,
                        CollectionSettings.DEFAULTS));
    }

    /**
     * All maintenance, by the usual timetable; it has not begun.
     *
     * @param holder who runs it, as a process of its own
     */
    public Maintenance newMaintenance(String holder) {
        Catalog catalog = engine.catalog();
        HealParts heal = heal();
        return new Maintenance(
                new MaintenanceParts(
                        engine.ring(),
                        engine.sessions(),
                        engine.members(),
                        heal.copier(),
                        new MaintenanceParts.Catalog(
                                catalog.buckets(),
                                catalog.ownerLookup(),
                                catalog.ownerWalk(),
                                catalog.trash(),
                                catalog.usage())),
                new Maintenance.Surroundings(
                        new RunnerParts(
                                cluster.metadata,
                                cluster.time,
                                new Random(number),
                                holder,
                                MaintenanceListener.NONE),
                        Thread.ofVirtual().factory(),
                        () -> false,
                        brake),
                MaintenanceSettings.defaults());
    }

    private CollectParts collectParts() {
        return new CollectParts(
                engine.ring(),
                engine.members(),
                engine.sessions(),
                brake,
                new Parallel(Thread.ofVirtual().factory(), 4));
    }

    public Run run(MaintenanceTask task) {
        Run run = newRun(task);
        task.run(run);
        return run;
    }

    public Run newRun(MaintenanceTask task) {
        return Run.alone(
                task.kind(),
                new Pace(PaceSettings.UNLIMITED, cluster.time, () -> false),
                MaintenanceListener.NONE);
    }

    /**
     * A run that is cancelled in the midst of it.
     *
     * @param steps asked at each step; cancels when it answers 0
     */
    public Run newRun(MaintenanceTask task, IntSupplier steps) {
        Run[] run = new Run[1];
        var pace =
                new Pace(
                        new PaceSettings(Long.MAX_VALUE, Long.MAX_VALUE, Duration.ofNanos(1)),
                        cluster.time,
                        () -> {
                            if (steps.getAsInt() == 0) {
                                run[0].cancel();
                            }
                            return false;
                        });
        run[0] = Run.alone(task.kind(), pace, MaintenanceListener.NONE);
        return run[0];
    }

    @Override
    public void close() {
        store.heal();
        engine.close();
        store.close();
    }
}
