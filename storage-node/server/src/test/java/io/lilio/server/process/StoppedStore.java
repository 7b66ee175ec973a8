package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.Catalog;
import io.lilio.catalog.Keys;
import io.lilio.catalog.owner.OwnedBlob;
import io.lilio.catalog.owner.OwnerWalk;
import io.lilio.catalog.ring.RingStore;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.backend.local.BackendLabel;
import io.lilio.chunk.backend.local.DataDirectory;
import io.lilio.chunk.backend.local.LocalChunkStore;
import io.lilio.chunk.backend.local.LocalChunkStoreSettings;
import io.lilio.chunk.backend.local.LocalRuntime;
import io.lilio.engine.Backend;
import io.lilio.engine.Engine;
import io.lilio.engine.EngineParts;
import io.lilio.engine.EngineSettings;
import io.lilio.maintenance.Maintenance;
import io.lilio.maintenance.MaintenanceParts;
import io.lilio.maintenance.MaintenanceSettings;
import io.lilio.maintenance.brake.DeletionBrake;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.MaintenanceListener;
import io.lilio.maintenance.run.RunResult;
import io.lilio.maintenance.run.RunnerParts;
import io.lilio.maintenance.run.TaskKind;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.etcd.EtcdMetadataStore;
import io.lilio.metadata.etcd.EtcdProcess;
import io.lilio.metadata.etcd.EtcdSettings;
import io.lilio.metadata.rocksdb.RocksMetadataSettings;
import io.lilio.metadata.rocksdb.RocksMetadataStore;
import io.lilio.object.Environment;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Ring;
import io.lilio.placement.RingView;
import io.lilio.replication.ChunkCopier;
import io.lilio.replication.ReplicationListener;
import io.lilio.rocks.RocksMemory;
import io.lilio.time.SystemTime;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The data of a server that was stopped, opened by the engine alone: what the backends hold is
 * compared with what the records name.
 */
public final class StoppedStore {

    private StoppedStore() {}

    /**
     * Fails unless each backend of a server that had brought them level holds exactly the chunks
     * that records name (three replicas on three backends: all of them), all confirmed, and unless
     * the first scrub finds nothing. Nothing else is done before.
     */
    static void assertIsLevel(Path data, List<Path> disks) throws IOException {
        assertLevelAfter(List.of(), data, disks);
    }

    /**
     * The same where disks have rotted or hung, after a scrub: one that ends what the server may
     * have left off, and one from the beginning. What was not confirmed in time has been looked up
     * then.
     */
    static void assertIsLevelAfterScrub(Path data, List<Path> disks) throws IOException {
        assertLevelAfter(List.of(TaskKind.SCRUB, TaskKind.SCRUB, TaskKind.ORPHANS), data, disks);
    }

    /**
     * The same for a data directory with its three usual backends, of a server that was stopped or
     * killed at any moment: after maintenance has done what it would have done.
     */
    public static void assertHoldsExactlyWhatRecordsName(Path data) throws IOException {
        assertHoldsExactlyWhatRecordsName(
                data, List.of(data.resolve("disk1"), data.resolve("disk2"), data.resolve("disk3")));
    }

    /** The same for three backends elsewhere. */
    static void assertHoldsExactlyWhatRecordsName(Path data, List<Path> disks) throws IOException {
        assertLevelAfter(
                List.of(
                        TaskKind.TRASH,
                        TaskKind.ORPHANS,
                        TaskKind.GC,
                        TaskKind.REPAIR,
                        TaskKind.ORPHANS),
                data,
                disks);
    }

    private static void assertLevelAfter(List<TaskKind> runs, Path data, List<Path> disks)
            throws IOException {
        assertLevelAfter(
                runs,
                disks,
                (rocks, time) ->
                        new RocksMetadataStore(
                                RocksMetadataSettings.of(data.resolve("metadata")), rocks, time));
    }

    /**
     * The same for the nodes of a cluster: each disk holds what the ring places there, exactly, all
     * of it confirmed, and a scrub finds nothing. What they left undone is not done before.
     *
     * @param etcd that holds their metadata, under the usual prefix
     */
    static void assertClusterIsLevel(EtcdProcess etcd, List<Path> disks) throws IOException {
        assertLevelAfter(List.of(), disks, (_, time) -> metadata(etcd, time));
    }

    /** Whether a cluster has nothing left to sweep. */
    static boolean isTrashEmpty(EtcdProcess etcd) {
        return ask(
                etcd,
                metadata -> {
                    try (ReadView view = metadata.view()) {
                        return view.scan(Keys.allTrash(), 1).entries().isEmpty();
                    }
                });
    }

    /** The ring of a cluster. */
    static Ring ring(EtcdProcess etcd) {
        return ask(etcd, metadata -> ring(metadata).ring());
    }

    /** The identity of a cluster. */
    static UUID cluster(EtcdProcess etcd) {
        return ask(etcd, metadata -> new RingStore(metadata).clusterId().orElseThrow());
    }

    private static <T> T ask(EtcdProcess etcd, Function<MetadataStore, T> question) {
        try (SystemTime time = new SystemTime();
                MetadataStore metadata = metadata(etcd, time)) {
            return question.apply(metadata);
        }
    }

    private static RingView ring(MetadataStore metadata) {
        return new RingStore(metadata).load().orElseThrow();
    }

    private static MetadataStore metadata(EtcdProcess etcd, SystemTime time) {
        return new EtcdMetadataStore(
                EtcdSettings.of(List.of(etcd.endpoint()), "/lilio/"),
                time,
                Thread.ofVirtual().factory());
    }

    /**
     * How many bytes of payload lie on each of these disks, by their inventories.
     *
     * @param etcd of the cluster whose disks they are, or were
     */
    static List<Long> payloadBytes(EtcdProcess etcd, List<Path> disks) throws IOException {
        return inventories(etcd, disks).stream()
                .map(all -> all.stream().mapToLong(ChunkHeader::length).sum())
                .toList();
    }

    /**
     * The chunks on each of these disks, by their inventories.
     *
     * @param etcd as above
     */
    static List<Set<ChunkId>> chunks(EtcdProcess etcd, List<Path> disks) throws IOException {
        return inventories(etcd, disks).stream()
                .<Set<ChunkId>>map(
                        all ->
                                all.stream()
                                        .map(ChunkHeader::id)
                                        .collect(Collectors.toCollection(TreeSet::new)))
                .toList();
    }

    private static List<List<ChunkHeader>> inventories(EtcdProcess etcd, List<Path> disks)
            throws IOException {
        int partitions = ring(etcd).partitions();
        List<List<ChunkHeader>> inventories = new ArrayList<>();
        try (SystemTime time = new SystemTime();
                RocksMemory rocks = new RocksMemory(32 << 20, 16 << 20)) {
            LocalRuntime runtime = runtime(rocks, time, new SecureRandom());
            for (Path disk : disks) {
                try (LocalChunkStore store = open(DataDirectory.open(disk), partitions, runtime)) {
                    inventories.add(listed(store, partitions));
                }
            }
        }
        return inventories;
    }

    private static LocalRuntime runtime(RocksMemory rocks, SystemTime time, SecureRandom random) {
        return new LocalRuntime(rocks, time, random, Thread.ofPlatform().daemon().factory());
    }

    private static LocalChunkStore open(
            DataDirectory directory, int partitions, LocalRuntime runtime) throws IOException {
        return LocalChunkStore.open(
                directory, LocalChunkStoreSettings.defaults(partitions), runtime);
    }

    /** Opens the metadata. */
    private interface Records {
        MetadataStore open(RocksMemory rocks, SystemTime time);
    }

    private static void assertLevelAfter(List<TaskKind> runs, List<Path> disks, Records records)
            throws IOException {
        SecureRandom random = new SecureRandom();
        List<LocalChunkStore> stores = new ArrayList<>();
        try (SystemTime time = new SystemTime();
                RocksMemory rocks = new RocksMemory(32 << 20, 16 << 20);
                MetadataStore metadata = records.open(rocks, time)) {
            LocalRuntime runtime = runtime(rocks, time, random);
            int partitions = ring(metadata).partitions();
            List<Backend> backends = new ArrayList<>();
            BackendLabel label = null;
            for (Path disk : disks) {
                DataDirectory directory = DataDirectory.open(disk);
                label = directory.label().orElseThrow();
                LocalChunkStore store = open(directory, partitions, runtime);
                stores.add(store);
                backends.add(Backend.of(new MemberId(label.member()), label.backend(), store));
            }
            try (Engine engine =
                            Engine.open(
                                    EngineSettings.defaults(label.cluster(), label.node()),
                                    EngineParts.alone(metadata, backends, ReplicationListener.NONE),
                                    new Environment(time, random, Thread.ofVirtual().factory()));
                    Maintenance maintenance = maintenance(engine, metadata, time, random)) {
                for (TaskKind kind : runs) {
                    assertSucceeded(kind, run(maintenance, kind));
                }
                RingView ring = engine.ring().refresh();
                for (int i = 0; i < stores.size(); i++) {
                    Set<ChunkId> held = held(stores.get(i), partitions);
                    MemberId member = backends.get(i).id();
                    Set<ChunkId> named = named(engine.catalog().ownerWalk(), ring, member);
                    assertThat(held).as("chunks on %s", disks.get(i)).isEqualTo(named);
                    assertThat(stores.get(i).usage().unconfirmed()).as("unconfirmed").isZero();
                }
                assertFindsNothing(run(maintenance, TaskKind.SCRUB));
            }
        } finally {
            stores.forEach(LocalChunkStore::close);
        }
    }

    private static Maintenance maintenance(
            Engine engine, MetadataStore metadata, SystemTime time, SecureRandom random) {
        MaintenanceSettings usual = MaintenanceSettings.defaults();
        Catalog catalog = engine.catalog();
        RunnerParts runs =
                new RunnerParts(metadata, time, random, "test", MaintenanceListener.NONE);
        return new Maintenance(
                new MaintenanceParts(
                        engine.ring(),
                        engine.sessions(),
                        engine.members(),
                        new ChunkCopier(engine.members(), engine.buffers()),
                        new MaintenanceParts.Catalog(
                                catalog.buckets(),
                                catalog.ownerLookup(),
                                catalog.ownerWalk(),
                                catalog.trash(),
                                catalog.usage())),
                new Maintenance.Surroundings(
                        runs,
                        Thread.ofVirtual().factory(),
                        () -> false,
                        DeletionBrake.remembering(List.of(), metadata, runs, usual.brake())),
                new MaintenanceSettings(
                        usual.timetable(),
                        usual.brake(),
                        usual.collection(),
                        Duration.ZERO,
                        usual.parallelism()));
    }

    /**
     * Once the lease of a process that died has ended; again, as a server would, when a disk of a
     * busy machine was too slow to be asked for a while.
     */
    private static RunResult run(Maintenance maintenance, TaskKind kind) {
        for (int attempt = 0; ; attempt++) {
            RunResult result = maintenance.runNow(kind);
            boolean later =
                    switch (result.outcome()) {
                        case ELSEWHERE -> true;
                        case INCOMPLETE -> result.count(Counter.CHUNKS_BAD) == 0;
                        default -> false;
                    };
            if (!later || attempt == 60) {
                return result;
            }
            try {
                Thread.sleep(1_000);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static void assertFindsNothing(RunResult scrub) {
        assertSucceeded(TaskKind.SCRUB, scrub);
        assertThat(scrub.count(Counter.CHUNKS_BAD)).as("bad copies").isZero();
        assertThat(scrub.count(Counter.CHUNKS_UNREPAIRED)).as("left bad").isZero();
        assertThat(scrub.count(Counter.PARTITIONS_INCOMPLETE)).as("not looked at").isZero();
    }

    private static void assertSucceeded(TaskKind kind, RunResult result) {
        assertThat(result.outcome())
                .as("%s: %s", kind, result)
                .isEqualTo(RunResult.Outcome.SUCCEEDED);
    }

    /** What records name of what the ring places at a member, in as many copies as there can be. */
    private static Set<ChunkId> named(OwnerWalk walk, RingView ring, MemberId member) {
        int copies = copies(ring.ring());
        Set<ChunkId> named = new TreeSet<>();
        OwnerWalk.Page page = walk.next(null, 1000);
        while (true) {
            for (OwnedBlob owned : page.blobs()) {
                assertThat(owned.trashed()).as("trash is left").isFalse();
                long size = owned.blob().size();
                for (int i = 0; (long) i * owned.blob().chunkSize() < size; i++) {
                    ChunkId chunk = new ChunkId(owned.blob().id(), i, 0);
                    int partition = chunk.partition(ring.partitions());
                    List<MemberId> slots = ring.slots(partition, owned.blob().epoch());
                    assertThat(slots).as("slots of %s", chunk).hasSize(copies);
                    if (slots.contains(member)) {
                        named.add(chunk);
                    }
                }
            }
            if (page.next().isEmpty()) {
                return named;
            }
            page = walk.next(page.next().get(), 1000);
        }
    }

    /** Of each chunk: N, or as many as there are members that can hold one. */
    private static int copies(Ring ring) {
        long active =
                ring.members().stream()
                        .filter(member -> member.state() == MemberState.ACTIVE)
                        .count();
        return (int) Math.min(ring.replication().factor(), active);
    }

    private static Set<ChunkId> held(LocalChunkStore store, int partitions) {
        Set<ChunkId> held = new TreeSet<>();
        listed(store, partitions).forEach(header -> held.add(header.id()));
        return held;
    }

    private static List<ChunkHeader> listed(LocalChunkStore store, int partitions) {
        List<ChunkHeader> listed = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            listed.addAll(store.list(partition, null, 10_000));
        }
        return listed;
    }
}
