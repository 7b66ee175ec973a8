package io.lilio.maintenance;

import io.lilio.catalog.Catalog;
import io.lilio.catalog.bucket.Bucket;
import io.lilio.catalog.commit.CommitOutcome;
import io.lilio.catalog.content.BlobRef;
import io.lilio.catalog.content.Content;
import io.lilio.catalog.object.Attributes;
import io.lilio.catalog.object.Conditions;
import io.lilio.catalog.object.Draft;
import io.lilio.catalog.object.HeadLook;
import io.lilio.catalog.ring.RingCache;
import io.lilio.catalog.ring.RingStore;
import io.lilio.chunk.BlobId;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkOrigin;
import io.lilio.chunk.ChunkOwner;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.FaultyChunkStore;
import io.lilio.chunk.backend.memory.MemoryChunkStore;
import io.lilio.chunk.backend.memory.MemoryChunkStoreSettings;
import io.lilio.chunk.buffer.BufferPool;
import io.lilio.chunk.buffer.BufferPoolSettings;
import io.lilio.maintenance.brake.BrakeSettings;
import io.lilio.maintenance.brake.DeletionBrake;
import io.lilio.maintenance.brake.SeenFile;
import io.lilio.maintenance.brake.SeenFiles;
import io.lilio.maintenance.collect.CollectParts;
import io.lilio.maintenance.repair.HealParts;
import io.lilio.maintenance.run.MaintenanceListener;
import io.lilio.maintenance.run.MaintenanceTask;
import io.lilio.maintenance.run.Pace;
import io.lilio.maintenance.run.PaceSettings;
import io.lilio.maintenance.run.Parallel;
import io.lilio.maintenance.run.Run;
import io.lilio.metadata.HighWaterMark;
import io.lilio.metadata.InterruptedMetadataStore;
import io.lilio.metadata.memory.MemoryMetadataStore;
import io.lilio.metadata.session.InFlight;
import io.lilio.metadata.session.SessionSettings;
import io.lilio.metadata.session.Sessions;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Partitioning;
import io.lilio.placement.Replication;
import io.lilio.placement.Ring;
import io.lilio.placement.RingOperation;
import io.lilio.replication.ChunkCopier;
import io.lilio.replication.MemberStore;
import io.lilio.replication.Members;
import io.lilio.replication.ReplicationListener;
import io.lilio.replication.ReplicationSettings;
import io.lilio.time.SystemTime;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;

/**
 * A cluster of one process in memory: metadata, a catalog, and members behind stores that go wrong
 * when told to. Objects are written here chunk by chunk, so that a test decides which copies exist.
 */
public final class Fixture implements AutoCloseable {

    public static final int PARTITIONS = 16;
    public static final int CHUNK_BYTES = 1_000;
    static final Replication THREE_TWO_TWO =
            new Replication(3, 2, 2, Replication.Spread.HOST, false);

    public final SystemTime time = new SystemTime();
    public final RandomGenerator random = new Random(1);
    public final InterruptedMetadataStore metadata =
            new InterruptedMetadataStore(new MemoryMetadataStore(time));
    public final Map<MemberId, FaultyChunkStore> stores = new LinkedHashMap<>();
    private final Map<MemberId, ChunkStore> inner = new LinkedHashMap<>();
    public final Sessions sessions;
    public final RingCache ring;
    public final RingStore ringStore = new RingStore(metadata);
    public final Catalog catalog;
    public final Bucket bucket;
    public final Members members;

    /** Chunks that some member was reported to hold a bad copy of. */
    public final List<ChunkId> corrupt = new CopyOnWriteArrayList<>();

    public final Parallel parallel = new Parallel(Thread.ofVirtual().factory(), 4);
    public final HealParts heal;

    public Fixture() {
        this(3);
    }

    public Fixture(int memberCount) {
        List<Member> ringMembers = new ArrayList<>();
        members =
                new Members(
                        ReplicationSettings.defaults(),
                        time,
                        Thread.ofVirtual().factory(),
                        new ReplicationListener() {
                            @Override
                            public void corruptReplica(MemberStore member, ChunkId chunk) {
                                corrupt.add(chunk);
                            }
                        });
        for (int i = 1; i <= memberCount; i++) {
            ringMembers.add(addStore(i));
        }
        ringStore.create(
                new UUID(5, 5),
                Ring.create(Partitioning.of(PARTITIONS), THREE_TWO_TWO, ringMembers));
        ring = RingCache.open(metadata, time);
        sessions = session("node");
        catalog = Catalog.on(new Catalog.Ground(metadata, sessions, time, random, "node"));
        catalog.buckets().create("photos", "root", 65_536);
        bucket = catalog.buckets().get("photos");
        heal =
                new HealParts(
                        ring,
                        members,
                        sessions,
                        catalog.ownerLookup(),
                        new ChunkCopier(
                                members,
                                new BufferPool(
                                        BufferPoolSettings.ofCapacity(8 * 1024 * 1024), time)),
                        parallel);
    }

    private Member addStore(int number) {
        var id = new MemberId(new UUID(number * 0x9E3779B97F4A7C15L, number));
        String name = "backend" + number;
        var memory =
                new MemoryChunkStore(
                        new MemoryChunkStoreSettings(name, PARTITIONS, 16 * 1024 * 1024), time);
        var store = new FaultyChunkStore(memory, time);
        stores.put(id, store);
        inner.put(id, memory);
        members.add(new MemberStore(id, name, "node", true, store));
        return new Member(id, name, "node", "host" + number, "", 1, MemberState.ACTIVE);
    }

    /** Another node of the cluster, as far as the metadata know. */
    public Sessions session(String node) {
        return new Sessions(
                metadata,
                new SessionSettings(
                        node, "", List.of(), Duration.ofMinutes(1), Duration.ofMillis(20)),
                List.of(),
                time,
                random);
    }

    /** A member joins: a new epoch, of which no partition is settled. */
    public MemberId join() {
        Member joining = addStore(stores.size() + 1);
        Ring current = ring.refresh().ring();
        RingOperation operation =
                new RingOperation(new UUID(6, 6), RingOperation.Type.ADMIT, random.nextLong());
        changeRing(current.admit(joining, operation));
        return joining.id();
    }

    /** Stores a ring document in place of the one that is there. */
    public void changeRing(Ring next) {
        if (ringStore.replace(ring.refresh().ring(), next).isEmpty()) {
            throw new AssertionError("the ring was changed by somebody else");
        }
        ring.refresh();
    }

    public DeletionBrake brake(List<SeenFile> files) {
        return new DeletionBrake(
                new DeletionBrake.Parts(
                        metadata,
                        new SeenFiles(files, Thread.ofPlatform().daemon().factory(), time),
                        new HighWaterMark(),
                        random,
                        MaintenanceListener.NONE),
                new BrakeSettings(0.2, 10, BrakeSettings.DEFAULTS.remember()));
    }

    public CollectParts collect() {
        return collect(brake(List.of()));
    }

    public CollectParts collect(DeletionBrake brake) {
        return new CollectParts(ring, members, sessions, brake, parallel);
    }

    /** Runs a task as fast as it goes, alone. */
    public Run run(MaintenanceTask task) {
        Run run =
                Run.alone(
                        task.kind(),
                        new Pace(PaceSettings.UNLIMITED, time, () -> false),
                        MaintenanceListener.NONE);
        task.run(run);
        return run;
    }

    /** Writes an object of some chunks, with a copy of each at every slot, and commits it. */
    public BlobRef put(String key, int chunks) {
        try (InFlight request = sessions.begin()) {
            BlobRef blob = write(request, key, chunks);
            commit(request, key, blob);
            return blob;
        }
    }

    /** Writes the chunks of an object at every slot, and no record. */
    public BlobRef write(InFlight request, String key, int chunks) {
        return write(
                request,
                new ChunkOwner.OfObject(bucket.id(), key),
                chunks,
                Set.copyOf(stores.keySet()));
    }

    /** Writes chunks at those of their slots that are named. */
    public BlobRef write(InFlight request, ChunkOwner owner, int chunks, Set<MemberId> at) {
        BlobRef blob =
                new BlobRef(
                        BlobId.random(random),
                        (long) chunks * CHUNK_BYTES,
                        CHUNK_BYTES,
                        ring.current().epoch(),
                        "replicated(3)",
                        request.openingRevision());
        var origin =
                new ChunkOrigin(
                        blob.epoch(),
                        blob.openingRevision(),
                        request.session().incarnation(),
                        owner);
        for (ChunkId id : chunksOf(blob)) {
            byte[] bytes = new byte[CHUNK_BYTES];
            new Random(id.hashCode()).nextBytes(bytes);
            ByteBuffer payload = ByteBuffer.allocateDirect(CHUNK_BYTES).put(bytes).flip();
            ChunkHeader header = ChunkHeader.of(id, origin, payload);
            for (MemberId slot : slots(id, blob)) {
                if (at.contains(slot)) {
                    store(slot).put(header, payload.duplicate());
                }
            }
        }
        return blob;
    }

    /**
     * This one has the disks of a cluster whose metadata were far ahead, and went back to these:
     * what a node has left there that was started again in between.
     *
     * @param seen where it is remembered how far ahead they were
     */
    public BlobRef leftByNewerMetadata(String key, int chunks, List<SeenFile> seen) {
        try (Fixture newer = new Fixture(stores.size())) {
            for (int i = 0; i < 200; i++) {
                newer.put("key", 1);
            }
            BlobRef left;
            try (Sessions restarted = newer.session("node");
                    InFlight upload = restarted.begin()) {
                left = newer.write(upload, key, chunks);
            }
            newer.brake(seen).remember();
            for (MemberId member : stores.keySet()) {
                for (ChunkId chunk : chunksOf(left)) {
                    ByteBuffer payload = ByteBuffer.allocateDirect(CHUNK_BYTES);
                    ChunkHeader header = newer.inner(member).read(chunk, 0, payload);
                    inner(member).put(header, payload.flip());
                }
            }
            return left;
        }
    }

    public void commit(InFlight request, String key, BlobRef blob) {
        var draft = new Draft(new Content.Blob(blob), "etag", Attributes.none(), Optional.empty());
        HeadLook opened = catalog.objects().look(bucket.name(), key);
        var outcome = catalog.objects().put(request, opened, draft, Conditions.none());
        if (!(outcome instanceof CommitOutcome.Committed)) {
            throw new AssertionError("not committed: " + outcome);
        }
    }

    public void delete(String key) {
        try (InFlight request = sessions.begin()) {
            catalog.objects().delete(request, bucket, key, Conditions.none());
        }
    }

    /** Every mark passes everything that has happened so far. */
    public void passMarks() {
        sessions.current().publishNow();
    }

    public static List<ChunkId> chunksOf(BlobRef blob) {
        List<ChunkId> chunks = new ArrayList<>();
        for (int i = 0; i < blob.chunks(); i++) {
            chunks.add(new ChunkId(blob.id(), i, 0));
        }
        return chunks;
    }

    public List<MemberId> slots(ChunkId chunk, BlobRef blob) {
        return ring.current().slots(chunk.partition(PARTITIONS), blob.epoch());
    }

    public FaultyChunkStore store(MemberId member) {
        return Objects.requireNonNull(stores.get(member));
    }

    /** The first, second, ... member. */
    public MemberId member(int index) {
        return List.copyOf(stores.keySet()).get(index);
    }

    /** What a member holds. */
    public Set<ChunkId> held(MemberId member) {
        Set<ChunkId> held = new HashSet<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            inner(member).list(partition, null, 10_000).forEach(h -> held.add(h.id()));
        }
        return held;
    }

    /** How many copies of a blob's chunks there are, wherever. */
    public int copies(BlobRef blob) {
        return stores.keySet().stream().mapToInt(member -> copiesAt(member, blob)).sum();
    }

    /** How many of a blob's chunks a member holds; the indexes of failing stores can be asked. */
    public int copiesAt(MemberId member, BlobRef blob) {
        int copies = 0;
        for (ChunkId chunk : chunksOf(blob)) {
            copies += inner(member).stat(chunk).isPresent() ? 1 : 0;
        }
        return copies;
    }

    /** A member's store without its faults. */
    public ChunkStore inner(MemberId member) {
        return Objects.requireNonNull(inner.get(member));
    }

    public long unconfirmed() {
        return stores.values().stream().mapToLong(store -> store.usage().unconfirmed()).sum();
    }

    @Override
    public void close() {
        ring.close();
        sessions.close();
        stores.values().forEach(FaultyChunkStore::close);
        metadata.close();
        time.close();
    }
}
