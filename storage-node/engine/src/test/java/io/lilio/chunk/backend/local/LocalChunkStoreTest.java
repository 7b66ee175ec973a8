package io.lilio.chunk.backend.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendUsage;
import io.lilio.chunk.ChunkCorruptException;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkMissingException;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.ChunkStoreContract;
import io.lilio.chunk.SampleChunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

class LocalChunkStoreTest extends ChunkStoreContract {

    @TempDir Path root;
    private LocalFixture fixture;

    @Override
    protected ChunkStore open() {
        fixture = new LocalFixture(root, time);
        return fixture.open();
    }

    @AfterEach
    void closeFixture() {
        store.close();
        fixture.close();
    }

    private void reopen() {
        store.close();
        store = fixture.open();
    }

    @Test
    void everythingIsThereAfterReopening() {
        SampleChunk small = SampleChunk.of(1, 3000).putInto(store);
        SampleChunk large = SampleChunk.of(2, 900_000).putInto(store);
        SampleChunk deleted = SampleChunk.of(3, 900_000).putInto(store);
        store.confirm(List.of(small.id()), SampleChunk.EPOCH);
        store.delete(List.of(deleted.id()));
        var usage = store.usage();

        reopen();

        assertThat(small.readFrom(store)).isEqualTo(small.bytes());
        assertThat(large.readFrom(store)).isEqualTo(large.bytes());
        assertThat(store.stat(deleted.id())).isEmpty();
        assertThat(store.usage()).isEqualTo(usage);
        assertThat(unconfirmed(Duration.ZERO, 9)).containsExactly(large.header());
    }

    @Test
    void deadSpaceOfSegmentsIsReclaimed() throws Exception {
        LocalChunkStoreSettings small = fixture.settings().withSegmentBytes(200_000);
        store.close();
        LocalChunkStore local = fixture.open(small);
        store = local;
        List<SampleChunk> kept = new ArrayList<>();
        List<ChunkId> deleted = new ArrayList<>();
        for (int seed = 0; seed < 100; seed++) {
            SampleChunk chunk = SampleChunk.of(seed, 10_000).putInto(store);
            if (seed % 4 == 0) {
                kept.add(chunk);
            } else {
                deleted.add(chunk.id());
            }
        }
        store.confirm(kept.stream().limit(10).map(SampleChunk::id).toList(), SampleChunk.EPOCH);
        store.delete(deleted);
        long before = store.usage().storedBytes();
        BackendUsage expected = store.usage();

        local.compact();

        assertThat(store.usage().storedBytes()).isLessThan(before / 2);
        assertThat(store.usage().chunks()).isEqualTo(25);
        assertThat(store.usage().unconfirmed()).isEqualTo(expected.unconfirmed()).isEqualTo(15);
        assertThat(kept).allSatisfy(chunk -> assertIntact(chunk));
        reopen();
        assertThat(store.usage().chunks()).isEqualTo(25);
        assertThat(kept).allSatisfy(chunk -> assertIntact(chunk));
        assertThat(kept).allSatisfy(chunk -> store.verify(chunk.id()));
        assertThat(deleted).allSatisfy(id -> assertThat(store.stat(id)).isEmpty());
    }

    private void assertIntact(SampleChunk chunk) {
        assertThat(chunk.readFrom(store)).isEqualTo(chunk.bytes());
    }

    @Test
    void readersAndWritersDoNotNoticeCompaction() throws Exception {
        store.close();
        LocalChunkStore local = fixture.open(fixture.settings().withSegmentBytes(100_000));
        store = local;
        AtomicBoolean writing = new AtomicBoolean(true);
        List<Callable<Object>> calls = new ArrayList<>();
        for (int worker = 0; worker < 4; worker++) {
            int seed = worker;
            calls.add(() -> overwriteForAWhile(seed));
        }
        CompletableFuture<Void> compacting =
                CompletableFuture.runAsync(
                        () -> {
                            while (writing.get()) {
                                local.compact();
                                Thread.onSpinWait();
                            }
                        });
        runAll(calls);
        writing.set(false);
        compacting.get();
        local.compact();

        assertThat(store.usage().chunks()).isEqualTo(40);
        assertThat(store.usage().storedBytes()).isLessThan(1_500_000);
    }

    /** Keeps ten chunks: puts a new one, deletes the oldest, reads all. */
    private Object overwriteForAWhile(int worker) {
        ArrayDeque<SampleChunk> live = new ArrayDeque<>();
        for (int i = 0; i < 50; i++) {
            live.addLast(SampleChunk.of(worker * 1000L + i, 4000 + i).putInto(store));
            if (live.size() > 10) {
                store.delete(List.of(live.removeFirst().id()));
            }
            live.forEach(this::assertIntact);
        }
        return live;
    }

    @Test
    void anIndexThatIsLostIsRebuiltAndEverythingIsUnconfirmed() throws Exception {
        SampleChunk small = SampleChunk.of(1, 3000).putInto(store);
        SampleChunk large = SampleChunk.of(2, 900_000).putInto(store);
        store.confirm(List.of(small.id(), large.id()), SampleChunk.EPOCH);
        store.close();
        new VolumeLayout(root).deleteIndex();

        reopen();

        assertIntact(small);
        assertIntact(large);
        assertThat(store.usage().chunks()).isEqualTo(2);
        assertThat(store.usage().payloadBytes()).isEqualTo(903_000);
        assertThat(unconfirmed(Duration.ZERO, 9)).hasSize(2);
        SampleChunk.of(3, 3000).putInto(store);
        SampleChunk.of(4, 900_000).putInto(store);
        reopen();
        assertThat(store.usage().chunks()).isEqualTo(4);
    }

    @Test
    void anIndexThatIsDamagedIsRebuilt() throws Exception {
        SampleChunk chunk = SampleChunk.of(1, 3000).putInto(store);
        store.close();
        Files.writeString(root.resolve("index/CURRENT"), "nonsense");

        reopen();

        assertIntact(chunk);
    }

    /** Its keys go by them: nothing would be found, and what is added not be found again. */
    @Test
    void anIndexThatHoldsChunksIsOpenedForNoOtherNumberOfPartitions() {
        SampleChunk small = SampleChunk.of(1, 3000).putInto(store);
        SampleChunk large = SampleChunk.of(2, 900_000).putInto(store);
        store.confirm(List.of(small.id()), SampleChunk.EPOCH);
        BackendUsage usage = store.usage();
        store.close();

        assertRefused(2 * PARTITIONS);

        store = fixture.open();
        assertThat(store.usage()).isEqualTo(usage);
        assertIntact(small);
        assertIntact(large);
    }

    private void assertRefused(int partitions) {
        try (DataDirectory directory = DataDirectory.open(root)) {
            assertThatThrownBy(
                            () ->
                                    LocalChunkStore.open(
                                            directory,
                                            LocalChunkStoreSettings.defaults(partitions),
                                            fixture.runtime()))
                    .isInstanceOf(BackendException.class)
                    .hasMessageContaining(
                            "%s: its index goes by %d partitions, but the cluster has %d",
                            root, PARTITIONS, partitions);
        }
    }

    /** As that of a node which began before others founded its cluster. */
    @Test
    void anIndexWithoutChunksTakesAnotherNumberOfPartitions() {
        SampleChunk deleted = SampleChunk.of(1, 900_000).putInto(store);
        store.delete(List.of(deleted.id()));
        store.close();
        LocalChunkStoreSettings others = LocalChunkStoreSettings.defaults(2 * PARTITIONS);

        store = fixture.open(others);
        SampleChunk chunk = SampleChunk.of(2, 900_000).putInto(store);
        store.close();
        store = fixture.open(others);

        int partition = chunk.id().partition(2 * PARTITIONS);
        assertThat(store.list(partition, null, 9)).containsExactly(chunk.header());
        assertThat(store.usage().chunks()).isEqualTo(1);
        assertIntact(chunk);
    }

    /** As older software left it. */
    @Test
    void anIndexThatDoesNotTellItsPartitionsTakesThoseThatItIsOpenedFor() throws Exception {
        SampleChunk large = SampleChunk.of(1, 900_000).putInto(store);
        store.close();
        try (Options options = new Options();
                RocksDB index = RocksDB.open(options, root.resolve("index").toString())) {
            assertThat(index.get(IndexKeys.PARTITIONS)).isNotNull();
            index.delete(IndexKeys.PARTITIONS);
        }

        store = fixture.open();
        assertIntact(large);
        assertThat(store.usage().chunks()).isEqualTo(1);
        store.close();
        assertRefused(2 * PARTITIONS);
    }

    @Test
    void aFlippedBitIsNeverReadAndIsFoundByVerify() throws Exception {
        SampleChunk small = SampleChunk.of(1, 200_000).putInto(store);
        SampleChunk large = SampleChunk.of(2, 900_000).putInto(store);
        flipLastByte(onlyFileIn("segments"), 8);
        flipLastByte(onlyFileIn("files/00000001"), 0);
        for (SampleChunk chunk : List.of(small, large)) {
            assertThatThrownBy(() -> chunk.readFrom(store))
                    .isInstanceOf(ChunkCorruptException.class);
            assertThatThrownBy(() -> store.verify(chunk.id()))
                    .isInstanceOf(ChunkCorruptException.class);
            ByteBuffer firstBlock = ByteBuffer.allocateDirect(65_536);
            store.read(chunk.id(), 0, firstBlock);

            chunk.putInto(store); // mended by storing it again
            assertIntact(chunk);
            store.verify(chunk.id());
        }
        assertThat(store.usage().chunks()).isEqualTo(2);
    }

    @Test
    void aDamagedHeaderOnTheMediumIsFoundByVerifyAndMendedByStoringItAgain() throws Exception {
        SampleChunk large = SampleChunk.of(2, 900_000).putInto(store);
        Path file = onlyFileIn("files/00000001");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {77}), 40);
        }
        assertIntact(large);
        assertThatThrownBy(() -> store.verify(large.id()))
                .isInstanceOf(ChunkCorruptException.class);

        large.putInto(store);
        store.verify(large.id());
        assertIntact(large);
    }

    @Test
    void aLostFileIsMissingAndComesBackWhenStoredAgain() throws Exception {
        SampleChunk large = SampleChunk.of(2, 900_000).putInto(store);
        Files.delete(onlyFileIn("files/00000001"));

        assertThatThrownBy(() -> large.readFrom(store)).isInstanceOf(ChunkMissingException.class);
        assertThatThrownBy(() -> store.verify(large.id()))
                .isInstanceOf(ChunkMissingException.class);
        large.putInto(store);
        assertIntact(large);
    }

    private Path onlyFileIn(String directory) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(directory))) {
            return files.findFirst().orElseThrow();
        }
    }

    private static void flipLastByte(Path file, int beforeEnd) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long at = channel.size() - 1 - beforeEnd;
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            channel.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 4)}), at);
        }
    }

    @Test
    void anInterruptedReaderDisturbsNobody() throws Exception {
        SampleChunk chunk = SampleChunk.of(1, 900_000).putInto(store);
        assertIntact(chunk);
        Thread interrupted =
                Thread.startVirtualThread(
                        () -> {
                            Thread.currentThread().interrupt();
                            assertIntact(chunk);
                        });
        interrupted.join();
        assertIntact(chunk);
    }

    /** While one sync of the segment is under way, all who come meanwhile gather for the next. */
    @Test
    void writersOfASegmentShareItsSyncs() throws Exception {
        store.close();
        AtomicInteger syncs = new AtomicInteger();
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean counting = new AtomicBoolean();
        store =
                fixture.open(
                        fixture.settings(),
                        (channel, path) -> {
                            if (counting.get() && syncs.incrementAndGet() == 1) {
                                try {
                                    goOn.await();
                                } catch (InterruptedException e) {
                                    throw new IOException(e);
                                }
                            }
                        });
        SampleChunk.of(0, 1000).putInto(store);
        counting.set(true);
        List<Thread> writers = new ArrayList<>();
        for (int seed = 1; seed <= 20; seed++) {
            SampleChunk chunk = SampleChunk.of(seed, 1000);
            writers.add(Thread.ofPlatform().start(() -> chunk.putInto(store)));
        }
        while (syncs.get() == 0
                || !writers.stream().allMatch(t -> t.getState() == Thread.State.WAITING)) {
            Thread.sleep(1);
        }
        goOn.countDown();
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(store.usage().chunks()).isEqualTo(21);
        assertThat(syncs.get()).as("of 20 writers").isLessThanOrEqualTo(3);
    }

    @Test
    void aFailedSyncIsToldToEveryWriterAndItsSegmentIsNotUsedAgain() throws Exception {
        store.close();
        AtomicBoolean failing = new AtomicBoolean();
        Forcing forcing =
                (channel, path) -> {
                    if (failing.get()) {
                        throw new IOException("Input/output error");
                    }
                };
        store = fixture.open(fixture.settings(), forcing);
        SampleChunk before = SampleChunk.of(1, 1000).putInto(store);
        failing.set(true);
        SampleChunk failed = SampleChunk.of(2, 1000);
        assertThatThrownBy(() -> failed.putInto(store)).isInstanceOf(BackendException.class);
        failing.set(false);
        SampleChunk after = SampleChunk.of(3, 1000).putInto(store);

        assertThat(store.stat(failed.id())).isEmpty();
        assertThat(SegmentFile.numbers(root.resolve("segments"))).hasSize(2);
        reopen();
        assertIntact(before);
        assertIntact(after);
        assertThat(store.stat(failed.id())).isEmpty();
    }

    @Test
    void manyFilesFillManyBins() throws Exception {
        store.close();
        store = fixture.open(fixture.settings().withFileThresholdBytes(1), (channel, path) -> {});
        List<SampleChunk> chunks = new ArrayList<>();
        for (int seed = 0; seed < 1100; seed++) {
            chunks.add(SampleChunk.of(seed, 10).putInto(store));
        }
        store.delete(chunks.stream().limit(1050).map(SampleChunk::id).toList());
        time.advance(Duration.ofSeconds(1));

        assertThat(new VolumeLayout(root).bins()).hasSize(1);
        reopen();
        assertThat(store.usage().chunks()).isEqualTo(50);
        chunks.stream().skip(1050).forEach(this::assertIntact);
    }
}
