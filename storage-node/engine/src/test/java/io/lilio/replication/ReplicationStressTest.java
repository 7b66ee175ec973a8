package io.lilio.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.ObjectStoreException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.BlobId;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.FaultyChunkStore;
import io.lilio.chunk.FaultyChunkStore.Operation;
import io.lilio.chunk.SampleChunk;
import io.lilio.chunk.backend.memory.MemoryChunkStore;
import io.lilio.chunk.backend.memory.MemoryChunkStoreSettings;
import io.lilio.chunk.buffer.BufferPool;
import io.lilio.chunk.buffer.BufferPoolSettings;
import io.lilio.chunk.buffer.PooledBuffer;
import io.lilio.placement.MemberId;
import io.lilio.placement.Replication;
import io.lilio.time.SystemTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Many writers and readers while one member after the other goes wrong. Nothing wrong is ever read;
 * in the end everything committed is at every member, whatever else lies about is unconfirmed, and
 * no buffer is lost.
 */
class ReplicationStressTest {

    private static final int MEMBERS = 3;
    private static final int PARTITIONS = 16;
    private static final List<Operation> OPERATIONS =
            List.of(Operation.PUT, Operation.READ, Operation.STAT, Operation.DELETE);

    /**
     * About as many writes are spread over a run, however long it is: all of them stay in memory.
     */
    private static final int WRITES = 8_000;

    private final SystemTime time = new SystemTime();
    private final BufferPool pool =
            new BufferPool(BufferPoolSettings.ofCapacity(32 << 20).tracing(), time);
    private final List<FaultyChunkStore> stores = new ArrayList<>();
    private final List<MemberId> slots = new ArrayList<>();
    private final Set<BlobId> committed = ConcurrentHashMap.newKeySet();
    private final Map<Integer, SampleChunk> readable = new ConcurrentHashMap<>();
    private final Set<String> surprises = ConcurrentHashMap.newKeySet();
    private Members members;
    private ChunkWriter writer;
    private ChunkReader reader;
    private volatile boolean over;

    @Test
    void nothingIsLostAndNothingLeaksForASecond() throws Exception {
        run(Duration.ofSeconds(1), 11);
    }

    @Test
    @Tag("faults")
    void nothingIsLostAndNothingLeaksForAMinute() throws Exception {
        run(Duration.ofMinutes(1), 12);
    }

    private void run(Duration howLong, long seed) throws Exception {
        ReplicationSettings settings =
                new ReplicationSettings(
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(20),
                        256,
                        new ReplicationSettings.Breaker(
                                20, Duration.ofMillis(5), Duration.ofMillis(20)),
                        new ReplicationSettings.Hedge(Duration.ofMillis(2), Duration.ofMillis(20)),
                        new ReplicationSettings.Confirmation(
                                1_000, 50, Duration.ofMillis(10), Duration.ofSeconds(2)),
                        new ReplicationSettings.Repair(10_000, 4, Duration.ofMillis(10)));
        members =
                new Members(settings, time, Thread.ofVirtual().factory(), ReplicationListener.NONE);
        for (int number = 0; number < MEMBERS; number++) {
            addMember(number);
        }
        Replication replication = new Replication(3, 2, 2, Replication.Spread.HOST, false);
        Confirmations confirmations =
                new Confirmations(members, () -> SampleChunk.EPOCH, session -> true);
        writer = new ChunkWriter(members, replication, confirmations, pool.capacityBytes() / 4);
        TestLocator locator = new TestLocator(slots);
        ReadRepair repair =
                new ReadRepair(
                        members,
                        locator,
                        header -> committed.contains(header.id().blob()),
                        () -> () -> {},
                        pool);
        reader = new ChunkReader(members, replication, locator, pool, repair);

        List<Thread> threads = new ArrayList<>();
        for (int number = 0; number < 8; number++) {
            int first = number;
            threads.add(start(() -> write(first, howLong.dividedBy(WRITES / 8))));
            threads.add(start(() -> read(new Random(seed + first))));
        }
        goWrong(new Random(seed), howLong);
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(surprises).isEmpty();
        assertThat(committed).isNotEmpty();

        stores.forEach(FaultyChunkStore::heal);
        assertThat(readable.values()).allMatch(this::canBeRead);
        TestRing.eventually("all is level", this::allIsLevel);
        TestRing.eventually("buffers are back", () -> pool.outstandingCount() == 0);
        assertThat(writer.stragglerBytes()).isZero();
        confirmations.flush();
        whatLiesAboutIsUnconfirmed();
        repair.close();
        time.close();
    }

    private void addMember(int number) {
        String name = "m" + number;
        FaultyChunkStore store =
                new FaultyChunkStore(
                        new MemoryChunkStore(
                                new MemoryChunkStoreSettings(name, PARTITIONS, 512 << 20), time),
                        time);
        stores.add(store);
        MemberId id = new MemberId(new UUID(0, number + 1));
        slots.add(id);
        members.add(new MemberStore(id, name, "node", true, store));
    }

    private Thread start(Runnable work) {
        return Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                work.run();
                            } catch (RuntimeException | AssertionError e) {
                                surprises.add(e.toString());
                            }
                        });
    }

    private void write(int first, Duration pause) {
        for (int seed = first; !over; seed += 8) {
            pause(pause);
            ChunkId id = new ChunkId(new BlobId(1, seed), 0, 0);
            SampleChunk chunk = SampleChunk.of(id, SampleChunk.OWNER, seed, 1 + seed % 20_000);
            BlobReplicas blob = writer.open(id.blob());
            try (PooledBuffer payload =
                    pool.acquire(chunk.header().length(), Duration.ofMinutes(1))) {
                payload.buffer().put(chunk.payload().duplicate());
                blob.write(chunk.header(), payload, slots).await();
                if (seed % 7 == 0) {
                    blob.rollback();
                } else if (seed % 11 == 0) {
                    blob.leaveToCollection();
                } else {
                    committed.add(id.blob());
                    blob.committed(() -> () -> {});
                    readable.put(seed, chunk);
                    stores.get(seed % MEMBERS).flipBit(seed % 5 == 0 ? id : unrelated(id));
                }
            } catch (ObjectStoreException e) {
                blob.rollback();
            }
        }
    }

    private static ChunkId unrelated(ChunkId id) {
        return new ChunkId(new BlobId(2, id.blob().low()), 0, 0);
    }

    private void read(Random random) {
        while (!over) {
            List<Integer> seeds = List.copyOf(readable.keySet());
            if (seeds.isEmpty()) {
                pause(Duration.ofMillis(1));
            } else {
                readOne(readable.get(seeds.get(random.nextInt(seeds.size()))));
            }
        }
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Breakers close after a while. */
    private boolean canBeRead(SampleChunk chunk) {
        TestRing.eventually("it can be read", () -> readOne(chunk));
        return true;
    }

    /** False when it is not available at the moment; wrong bytes are a surprise. */
    private boolean readOne(SampleChunk chunk) {
        try (ChunkRead read = reader.read(TestRing.whole(chunk));
                VerifiedBytes bytes = read.await()) {
            TestRing.assertSame(chunk, bytes);
            return true;
        } catch (ObjectStoreException e) {
            return false;
        }
    }

    private void goWrong(Random random, Duration howLong) throws InterruptedException {
        long end = System.nanoTime() + howLong.toNanos();
        while (System.nanoTime() < end) {
            FaultyChunkStore store = stores.get(random.nextInt(MEMBERS));
            Operation operation = OPERATIONS.get(random.nextInt(OPERATIONS.size()));
            switch (random.nextInt(6)) {
                case 0 -> store.fail(Reason.IO);
                case 1 -> store.fail(Reason.IO, operation);
                case 2 -> store.delay(Duration.ofMillis(1 + random.nextInt(30)), operation);
                case 3 -> store.fillDisk();
                case 4 -> store.loseAnswers(operation);
                default -> store.fail(Reason.OVERLOADED);
            }
            Thread.sleep(10 + random.nextInt(20));
            store.heal();
        }
    }

    /** What a scrub does: a flipped bit is not seen by a read that goes elsewhere. */
    private boolean allIsLevel() {
        ChunkCopier copier = new ChunkCopier(members, pool);
        boolean level = true;
        for (SampleChunk chunk : readable.values()) {
            if (!stores.stream().allMatch(store -> isWhole(store, chunk))) {
                level = false;
                copier.bringLevel(chunk.id(), slots, slots, slots);
            }
        }
        return level;
    }

    private static boolean isWhole(FaultyChunkStore store, SampleChunk chunk) {
        try {
            store.verify(chunk.id());
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private void whatLiesAboutIsUnconfirmed() {
        for (FaultyChunkStore store : stores) {
            List<ChunkId> marked =
                    store.unconfirmed(Duration.ZERO, null, 10_000).stream()
                            .map(chunk -> chunk.header().id())
                            .toList();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                store.list(partition, null, 10_000).stream()
                        .filter(header -> !committed.contains(header.id().blob()))
                        .forEach(header -> assertThat(marked).contains(header.id()));
            }
        }
    }
}
