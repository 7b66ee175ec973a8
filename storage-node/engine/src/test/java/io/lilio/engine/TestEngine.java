package io.lilio.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.Catalog;
import io.lilio.catalog.object.Attributes;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.FaultyChunkStore;
import io.lilio.chunk.backend.memory.MemoryChunkStore;
import io.lilio.chunk.backend.memory.MemoryChunkStoreSettings;
import io.lilio.chunk.buffer.BufferPoolSettings;
import io.lilio.maintenance.Maintenance;
import io.lilio.maintenance.MaintenanceParts;
import io.lilio.maintenance.MaintenanceSettings;
import io.lilio.maintenance.brake.DeletionBrake;
import io.lilio.maintenance.run.MaintenanceListener;
import io.lilio.maintenance.run.RunnerParts;
import io.lilio.metadata.InterruptedMetadataStore;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.memory.MemoryMetadataStore;
import io.lilio.object.Environment;
import io.lilio.object.ObjectSettings;
import io.lilio.object.ObjectStore;
import io.lilio.placement.MemberId;
import io.lilio.replication.ChunkCopier;
import io.lilio.replication.ReplicationListener;
import io.lilio.time.SystemTime;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A whole engine over three chunk stores and a metadata store in memory, each of which can be told
 * to go wrong. {@link #close} checks that every buffer came back.
 */
public final class TestEngine implements AutoCloseable {

    private static final long MEBIBYTE = 1 << 20;

    private final SystemTime time = new SystemTime();
    private final MetadataStore memory = new MemoryMetadataStore(time);
    private final List<FaultyChunkStore> stores = new ArrayList<>();
    private final InterruptedMetadataStore interrupted = new InterruptedMetadataStore(memory);
    private final VanishingMetadataStore metadata = new VanishingMetadataStore(interrupted);
    private final Engine engine;

    /** Of its buffer pool; claimed at once, so large ones make slow tests. */
    public static final long POOL_BYTES = 16 * MEBIBYTE;

    private TestEngine(long storeBytes, UnaryOperator<EngineSettings> change) {
        EngineSettings settings =
                change.apply(
                        EngineSettings.defaults(new UUID(7, 7), "node")
                                .withBuffers(BufferPoolSettings.ofCapacity(POOL_BYTES).tracing()));
        List<Backend> backends = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            String name = "backend-" + i;
            FaultyChunkStore store =
                    new FaultyChunkStore(
                            new MemoryChunkStore(
                                    new MemoryChunkStoreSettings(
                                            name,
                                            settings.founding().partitioning().partitions(),
                                            storeBytes),
                                    time),
                            time);
            stores.add(store);
            backends.add(Backend.of(new MemberId(new UUID(0, i)), name, store));
        }
        engine =
                Engine.open(
                        settings,
                        EngineParts.alone(metadata, backends, ReplicationListener.NONE),
                        new Environment(time, new SecureRandom(), Thread.ofVirtual().factory()));
    }

    /** With settings of its own, and stores that hold so much each: a multiple of 1 MiB. */
    public static TestEngine open(long storeBytes, UnaryOperator<EngineSettings> change) {
        return new TestEngine(storeBytes, change);
    }

    /** With other bounds of requests on objects, and stores of 16 MiB each. */
    public static TestEngine openWith(ObjectSettings objects) {
        return open(16 * MEBIBYTE, settings -> settings.withObjects(objects));
    }

    public Engine engine() {
        return engine;
    }

    public ObjectStore objects() {
        return engine.objects();
    }

    /** The metadata, which can be told to lose answers. */
    public VanishingMetadataStore metadata() {
        return metadata;
    }

    /** The same metadata, where a test can do something between two reads. */
    public InterruptedMetadataStore interrupted() {
        return interrupted;
    }

    /**
     * Maintenance that runs when it is told to.
     *
     * @param unconfirmedAge how long a chunk may stay unconfirmed before it is looked up
     */
    public Maintenance maintenance(Duration unconfirmedAge) {
        Catalog catalog = engine.catalog();
        MaintenanceSettings usual = MaintenanceSettings.defaults();
        RunnerParts runs =
                new RunnerParts(metadata, time, new Random(1), "node", MaintenanceListener.NONE);
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
                        engine.environment().threads(),
                        () -> false,
                        DeletionBrake.remembering(List.of(), metadata, runs, usual.brake())),
                new MaintenanceSettings(
                        usual.timetable(),
                        usual.brake(),
                        usual.collection(),
                        unconfirmedAge,
                        usual.parallelism()));
    }

    /** A backend, 0 to 2. */
    public FaultyChunkStore store(int index) {
        return stores.get(index);
    }

    /** All chunks that some backend holds. */
    public Set<ChunkId> inventory() {
        return headers().stream()
                .map(ChunkHeader::id)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Every copy of every chunk. */
    public List<ChunkHeader> headers() {
        List<ChunkHeader> copies = new ArrayList<>();
        for (FaultyChunkStore store : stores) {
            for (int partition = 0; partition < engine.ring().current().partitions(); partition++) {
                copies.addAll(store.list(partition, null, 10_000));
            }
        }
        return copies;
    }

    /** Fails unless no backend holds a chunk, see {@link #assertChunksStay}. */
    public void assertNothingStays() {
        assertChunksStay(0);
    }

    /**
     * Fails unless so many chunks are left. A put that was under way when its blob was rolled back
     * is followed by its delete a moment later: once all puts have ended, which gives their buffers
     * back, what is there can only become less.
     */
    public void assertChunksStay(int count) {
        awaitBuffers();
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        Set<ChunkId> left = inventory();
        while (left.size() > count && System.nanoTime() < end) {
            Thread.onSpinWait();
            left = inventory();
        }
        assertThat(left).as("chunks that stay").hasSize(count);
    }

    /** An attribute to recognise a version by. */
    public static Attributes attributes(String contentType) {
        Attributes none = Attributes.none();
        return new Attributes(
                Optional.of(contentType),
                none.cacheControl(),
                none.contentDisposition(),
                none.contentEncoding(),
                none.contentLanguage(),
                none.expires(),
                none.storageClass(),
                none.userMetadata());
    }

    /** Waits for stragglers, then checks that every buffer came back to its pool. */
    @SuppressWarnings("ThreadPriorityCheck")
    public void awaitBuffers() {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (engine.buffers().outstandingCount() > 0 && System.nanoTime() < deadline) {
            Thread.yield();
        }
        assertThat(engine.buffers().leaks()).as("buffers that nobody released").isEmpty();
        assertThat(engine.buffers().inUseBytes()).isZero();
    }

    @Override
    public void close() {
        metadata.heal();
        stores.forEach(FaultyChunkStore::heal);
        awaitBuffers();
        engine.close();
        stores.forEach(FaultyChunkStore::close);
        memory.close();
        time.close();
    }
}
