package io.lilio.simulation;

import io.lilio.ObjectStoreException;
import io.lilio.catalog.ring.RingCommands;
import io.lilio.catalog.ring.RingStore;
import io.lilio.chunk.buffer.BufferPoolSettings;
import io.lilio.engine.Backend;
import io.lilio.engine.Engine;
import io.lilio.engine.EngineParts;
import io.lilio.engine.EngineSettings;
import io.lilio.maintenance.brake.BrakeSettings;
import io.lilio.maintenance.brake.DeletionBrake;
import io.lilio.maintenance.brake.SeenFiles;
import io.lilio.maintenance.move.MemberBackends;
import io.lilio.maintenance.run.MaintenanceListener;
import io.lilio.metadata.HighWaterMark;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.session.SessionSettings;
import io.lilio.object.Environment;
import io.lilio.object.ObjectSettings;
import io.lilio.placement.MemberId;
import io.lilio.placement.Partitioning;
import io.lilio.replication.ReplicationListener;
import io.lilio.replication.ReplicationSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A node: a disk that stays, and processes that come and go, one after the other, each with an
 * engine of its own.
 */
final class SimulatedNode {

    static final Duration SESSION_TTL = Duration.ofSeconds(5);
    private static final Duration MARKS = Duration.ofMillis(200);
    private static final long MEBIBYTE = 1 << 20;

    private final Cluster cluster;
    private final int number;
    private final SimulatedDisk disk;
    private boolean gone;
    private SimulatedProcess process;
    private @Nullable Engine engine;
    private @Nullable SimulatedMetadata metadata;
    private @Nullable Upkeep upkeep;

    SimulatedNode(Cluster cluster, int number) {
        this.cluster = cluster;
        this.number = number;
        this.disk = new SimulatedDisk(cluster, memberId());
        this.process = new SimulatedProcess(cluster.scheduler(), name());
        process.kill();
    }

    static String name(int number) {
        return "node" + number;
    }

    static MemberId memberId(int number) {
        return new MemberId(new UUID(number * 0x9E3779B97F4A7C15L, number));
    }

    String name() {
        return name(number);
    }

    MemberId memberId() {
        return memberId(number);
    }

    SimulatedDisk disk() {
        return disk;
    }

    SimulatedProcess process() {
        return process;
    }

    /** The engine of the process that runs now, once it is open. */
    Optional<Engine> running() {
        return process.isDead() ? Optional.empty() : Optional.ofNullable(engine);
    }

    Engine engine() {
        return running().orElseThrow(() -> new IllegalStateException(name() + " is not open"));
    }

    /** Its way to the metadata, while it runs. */
    Optional<SimulatedMetadata> metadata() {
        return process.isDead() ? Optional.empty() : Optional.ofNullable(metadata);
    }

    Optional<Upkeep> upkeep() {
        return process.isDead() ? Optional.empty() : Optional.ofNullable(upkeep);
    }

    RingCommands commands() {
        return new RingCommands(
                new RingStore(metadata().orElseThrow()), new MemberBackends(engine().members()));
    }

    /** Starts a process, which opens its engine as soon as it can. */
    void start() {
        process = new SimulatedProcess(cluster.scheduler(), name());
        engine = null;
        upkeep = null;
        disk.mountedBy(process);
        SimulatedProcess started = process;
        metadata = new SimulatedMetadata(cluster, started);
        started.start(() -> open(started));
    }

    private void open(SimulatedProcess started) {
        while (true) {
            SimulatedMetadata store = new SimulatedMetadata(cluster, started);
            metadata = store;
            var environment =
                    new Environment(started.time(), cluster.newRandom(), started.threads());
            try {
                Engine opened = Engine.open(settings(), parts(store), environment);
                engine = opened;
                upkeep = new Upkeep(cluster, this, opened, newBrake(store, started));
                return;
            } catch (MetadataUnavailableException
                    | ObjectStoreException
                    | IllegalStateException e) {
                pause(started, Duration.ofSeconds(1)); // somebody starts it again
            }
        }
    }

    private static void pause(SimulatedProcess process, Duration duration) {
        try {
            process.time().sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("nobody interrupts a start", e);
        }
    }

    /** The process is gone, in the midst of whatever it was at. */
    void kill() {
        process.kill();
        cluster.phases().gone(process);
        engine = null;
        disk.crashed();
    }

    /** Its disk is gone for good, and nobody starts it again. */
    void lose() {
        gone = true;
        disk.wipe();
    }

    boolean isGone() {
        return gone;
    }

    private EngineParts parts(SimulatedMetadata store) {
        return new EngineParts(
                store,
                List.of(Backend.of(memberId(), "disk", disk)),
                (peer, member) -> new PeerDisk(cluster, this, peer, member),
                ReplicationListener.NONE);
    }

    private DeletionBrake newBrake(SimulatedMetadata store, SimulatedProcess started) {
        return new DeletionBrake(
                new DeletionBrake.Parts(
                        store,
                        new SeenFiles(List.of(), started.threads(), started.time()),
                        new HighWaterMark(),
                        new Random(number),
                        MaintenanceListener.NONE),
                new BrakeSettings(1, 1_000, Duration.ofSeconds(10)));
    }

    private EngineSettings settings() {
        ObjectSettings objects = ObjectSettings.defaults();
        return EngineSettings.defaults(Cluster.ID, name())
                .withSession(
                        new SessionSettings(
                                name(), name() + ":9002", List.of(), SESSION_TTL, MARKS))
                .withFounding(
                        new EngineSettings.Founding(
                                Partitioning.of(Cluster.PARTITIONS),
                                Cluster.REPLICATION,
                                cluster.founders()))
                .withMembers(replication())
                .withObjects(
                        new ObjectSettings(
                                100,
                                2 * Cluster.CHUNK,
                                2 * Cluster.CHUNK,
                                objects.bufferWait(),
                                objects.pace(),
                                objects.etags()))
                .withBuffers(BufferPoolSettings.ofCapacity(2 * MEBIBYTE));
    }

    private static ReplicationSettings replication() {
        ReplicationSettings usual = ReplicationSettings.defaults();
        return new ReplicationSettings(
                Duration.ofSeconds(3),
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                usual.maxInFlight(),
                new ReplicationSettings.Breaker(4, Duration.ofMillis(100), Duration.ofSeconds(1)),
                usual.hedge(),
                usual.confirmations(),
                usual.repair());
    }
}
