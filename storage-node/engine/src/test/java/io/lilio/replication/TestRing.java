package io.lilio.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.chunk.BlobId;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.FaultyChunkStore;
import io.lilio.chunk.FaultyChunkStore.Fault;
import io.lilio.chunk.FaultyChunkStore.Operation;
import io.lilio.chunk.SampleChunk;
import io.lilio.chunk.backend.memory.MemoryChunkStore;
import io.lilio.chunk.backend.memory.MemoryChunkStoreSettings;
import io.lilio.chunk.buffer.BufferPool;
import io.lilio.chunk.buffer.BufferPoolSettings;
import io.lilio.chunk.buffer.PooledBuffer;
import io.lilio.placement.MemberId;
import io.lilio.placement.Replication;
import io.lilio.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import java.util.function.Supplier;

/**
 * A small ring of memory stores that go wrong when told to, in time that only moves when the test
 * moves it: a delayed member hangs until then. Closing it checks that every buffer came back.
 */
final class TestRing implements AutoCloseable {

    static final Duration LONG = Duration.ofMinutes(10);
    private static final int PARTITIONS = 16;

    final ManualTime time = new ManualTime();
    final RecordingListener listener = new RecordingListener();
    final List<FaultyChunkStore> stores = new ArrayList<>();
    final List<MemberId> slots = new ArrayList<>();
    final BufferPool pool = new BufferPool(BufferPoolSettings.ofCapacity(16 << 20).tracing(), time);
    private final Replication replication;
    final Members members;
    final Confirmations confirmations;
    final ChunkWriter writer;
    final ReadRepair repair;
    final ChunkReader reader;
    final TestLocator locator = new TestLocator(slots);

    /** That of {@link SampleChunk}s. */
    volatile long epoch = SampleChunk.EPOCH;

    volatile LongPredicate sessionLives = session -> true;
    volatile OwnerCheck owners = header -> true;
    volatile Supplier<SweepHold> holding = () -> () -> {};

    TestRing(int n, int w, int r) {
        this(new Replication(n, w, r, Replication.Spread.HOST, false), settings());
    }

    TestRing(Replication replication, ReplicationSettings settings) {
        this.replication = replication;
        members = new Members(settings, time, Thread.ofVirtual().factory(), listener);
        for (int number = 0; number < replication.factor(); number++) {
            slots.add(addMember(number));
        }
        confirmations =
                new Confirmations(members, () -> epoch, session -> sessionLives.test(session));
        writer = new ChunkWriter(members, replication, confirmations, pool.capacityBytes() / 4);
        repair =
                new ReadRepair(
                        members,
                        locator,
                        header -> owners.isOwned(header),
                        () -> holding.get(),
                        pool);
        reader = new ChunkReader(members, replication, locator, pool, repair);
    }

    Replication replication() {
        return replication;
    }

    static ReplicationSettings settings() {
        return ReplicationSettings.defaults();
    }

    /** Members are called a, b, c and so on; all are local. */
    MemberId addMember(int number) {
        String name = String.valueOf((char) ('a' + number));
        MemoryChunkStore memory =
                new MemoryChunkStore(
                        new MemoryChunkStoreSettings(name, PARTITIONS, 64 << 20), time);
        FaultyChunkStore store = new FaultyChunkStore(memory, time);
        stores.add(store);
        MemberId id = new MemberId(new UUID(0, number + 1));
        members.add(new MemberStore(id, name, "node", true, store));
        return id;
    }

    /** It is another node's from now on. */
    void moveAway(MemberId id) {
        MemberStore here = members.find(id).orElseThrow().member();
        members.add(new MemberStore(id, here.name(), "other", false, here.store()));
    }

    FaultyChunkStore store(int number) {
        return stores.get(number);
    }

    MemberClient client(int number) {
        return members.find(new MemberId(new UUID(0, number + 1))).orElseThrow();
    }

    static SampleChunk sample(int seed, int length) {
        ChunkId id = new ChunkId(new BlobId(7, seed), 0, 0);
        return SampleChunk.of(id, SampleChunk.OWNER, seed, length);
    }

    /** Begins to write a chunk as the only one of its blob. */
    Written begin(SampleChunk chunk) {
        BlobReplicas blob = writer.open(chunk.id().blob());
        return new Written(blob, write(blob, chunk));
    }

    ChunkWrite write(BlobReplicas blob, SampleChunk chunk) {
        try (PooledBuffer payload = pool.acquire(chunk.header().length(), Duration.ZERO)) {
            payload.buffer().put(chunk.payload().duplicate());
            return blob.write(chunk.header(), payload, slots);
        }
    }

    /** A chunk that all members hold. */
    SampleChunk stored(int seed, int length) {
        SampleChunk chunk = sample(seed, length);
        stores.forEach(chunk::putInto);
        return chunk;
    }

    /** Reads a chunk whole and checks its bytes. */
    void assertReads(SampleChunk chunk) {
        try (ChunkRead read = reader.read(whole(chunk));
                VerifiedBytes bytes = read.await()) {
            assertSame(chunk, bytes);
        }
    }

    static void assertSame(SampleChunk chunk, VerifiedBytes bytes) {
        assertThat(bytes.bytes()).isEqualByComparingTo(chunk.payload());
    }

    /** Calls of a kind to all members together. */
    long calls(Operation operation) {
        return stores.stream().mapToLong(store -> store.calls(operation)).sum();
    }

    /** How often a fault has met a call, at all members together. */
    long hits(Fault fault) {
        return stores.stream().mapToLong(store -> store.hits(fault)).sum();
    }

    /** The read fails as one of members that cannot be reached. */
    static void assertUnavailable(ChunkRead read) {
        assertThatThrownBy(read::await)
                .isInstanceOfSatisfying(
                        ObjectStoreException.class,
                        e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
    }

    static ChunkRange whole(SampleChunk chunk) {
        ChunkHeader header = chunk.header();
        return ChunkRange.whole(header.id(), header.epoch(), header.length());
    }

    /** Which members hold a chunk, by name. */
    String holders(SampleChunk chunk) {
        StringBuilder names = new StringBuilder();
        for (int number = 0; number < stores.size(); number++) {
            Optional<ChunkHeader> header = stores.get(number).stat(chunk.id());
            if (header.isPresent()) {
                names.append((char) ('a' + number));
            }
        }
        return names.toString();
    }

    /** Which members hold a mark on something. */
    String unconfirmed() {
        StringBuilder names = new StringBuilder();
        for (int number = 0; number < stores.size(); number++) {
            if (stores.get(number).usage().unconfirmed() > 0) {
                names.append((char) ('a' + number));
            }
        }
        return names.toString();
    }

    /** Waits for what other threads do; the bound is for a machine that is very busy. */
    static void eventually(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("still not: %s", what).isLessThan(deadline);
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Moves time on until something has happened. */
    void eventuallyInTime(String what, Duration step, BooleanSupplier condition) {
        eventually(
                what,
                () -> {
                    if (condition.getAsBoolean()) {
                        return true;
                    }
                    time.advance(step);
                    return false;
                });
    }

    @Override
    public void close() {
        stores.forEach(FaultyChunkStore::heal);
        eventuallyInTime(
                "all buffers are back, " + pool.leaks(),
                Duration.ofSeconds(1),
                () -> pool.outstandingCount() == 0);
        assertThat(writer.stragglerBytes()).as("bytes held by stragglers").isZero();
        repair.close();
    }

    /** A blob of one chunk. */
    record Written(BlobReplicas blob, ChunkWrite chunk) {}
}
