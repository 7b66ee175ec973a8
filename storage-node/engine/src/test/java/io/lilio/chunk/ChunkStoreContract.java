package io.lilio.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.chunk.BackendException.Reason;
import io.lilio.time.ManualTime;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link ChunkStore} does. */
public abstract class ChunkStoreContract {

    /** How many partitions the stores under test are opened with. */
    protected static final int PARTITIONS = 4;

    protected final ManualTime time = new ManualTime();
    protected ChunkStore store;

    /** An empty store of {@link #PARTITIONS} partitions with room for 200 MiB. */
    protected abstract ChunkStore open() throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {1, 4095, 4096, 65_535, 65_536, 65_537, 524_287, 524_288, 1 << 20, 3_333_333})
    void aChunkOfAnySizeIsReadBackWhole(int length) {
        SampleChunk chunk = SampleChunk.of(length, length).putInto(store);

        assertThat(chunk.readFrom(store)).isEqualTo(chunk.bytes());
        assertThat(store.stat(chunk.id())).contains(chunk.header());
    }

    @Test
    void theLargestChunkIsReadBackWhole() {
        SampleChunk chunk = SampleChunk.of(1, ChunkHeader.MAX_LENGTH).putInto(store);

        assertThat(chunk.readFrom(store)).isEqualTo(chunk.bytes());
        store.verify(chunk.id());
    }

    @Test
    void theHeaderComesBackAsItWasWritten() {
        List<ChunkOwner> owners =
                List.of(
                        SampleChunk.OWNER,
                        new ChunkOwner.OfObject(new UUID(-1, -2), "\0"),
                        new ChunkOwner.OfObject(new UUID(0, 0), "k".repeat(1024)),
                        new ChunkOwner.OfPart(new UUID(3, 4), "梨".repeat(341), new UUID(5, 6), 1),
                        new ChunkOwner.OfPart(new UUID(3, 4), "x", new UUID(-5, 6), 10_000));
        for (ChunkOwner owner : owners) {
            for (int length : new int[] {1000, 700_000}) {
                SampleChunk chunk = SampleChunk.of(owner.hashCode() + length, length, owner);
                chunk.putInto(store);

                ByteBuffer target = ByteBuffer.allocateDirect(length);
                assertThat(store.read(chunk.id(), 0, target)).isEqualTo(chunk.header());
                assertThat(store.stat(chunk.id())).contains(chunk.header());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {300_000, 1_500_000})
    void aRangeOfWholeBlocksIsRead(int length) {
        SampleChunk chunk = SampleChunk.of(5, length).putInto(store);
        int block = ChunkHeader.BLOCK_BYTES;

        for (int offset = 0; offset < length; offset += block) {
            for (int end : new int[] {offset + block, offset + 3 * block, length}) {
                if (end > length) {
                    continue;
                }
                ByteBuffer target = ByteBuffer.allocateDirect(end - offset + 7).position(7);
                store.read(chunk.id(), offset, target);

                assertThat(target.remaining()).isZero();
                assertThat(target.position(7).slice())
                        .isEqualTo(chunk.payload().slice(offset, end - offset));
            }
        }
    }

    @Test
    void aRangeThatCutsABlockIsRefused() {
        SampleChunk chunk = SampleChunk.of(6, 200_000).putInto(store);

        assertThatIllegalArgumentException().isThrownBy(() -> readRange(chunk, 1, 65_536));
        assertThatIllegalArgumentException().isThrownBy(() -> readRange(chunk, 0, 65_535));
        assertThatIllegalArgumentException().isThrownBy(() -> readRange(chunk, 0, 200_001));
        assertThatIllegalArgumentException().isThrownBy(() -> readRange(chunk, -65_536, 65_536));
        assertThatIllegalArgumentException().isThrownBy(() -> readRange(chunk, 262_144, 65_536));
        assertThat(chunk.readFrom(store)).isEqualTo(chunk.bytes());
    }

    private void readRange(SampleChunk chunk, int offset, int length) {
        store.read(chunk.id(), offset, ByteBuffer.allocateDirect(length));
    }

    @Test
    void buffersOnTheHeapWorkToo() {
        SampleChunk chunk = SampleChunk.of(8, 100_000);
        store.put(chunk.header(), ByteBuffer.wrap(chunk.bytes()).asReadOnlyBuffer());

        ByteBuffer target = ByteBuffer.allocate(100_000);
        store.read(chunk.id(), 0, target);

        assertThat(target.array()).isEqualTo(chunk.bytes());
    }

    @Test
    void aPutNeitherChangesNorKeepsItsPayload() {
        for (int length : new int[] {5000, 900_000}) {
            SampleChunk chunk = SampleChunk.of(length, length);
            byte[] before = chunk.bytes();
            ByteBuffer roomy = ByteBuffer.allocateDirect(length + 20).position(11);
            roomy.put(before).flip().position(11);
            store.put(chunk.header(), roomy);

            assertThat(roomy.position()).isEqualTo(11);
            assertThat(roomy.limit()).isEqualTo(11 + length);
            roomy.put(new byte[length]);
            assertThat(chunk.readFrom(store)).isEqualTo(before);
        }
    }

    @Test
    void anAbsentChunkIsMissing() {
        SampleChunk chunk = SampleChunk.of(9, 1000);

        assertThat(store.stat(chunk.id())).isEmpty();
        assertThatThrownBy(() -> store.verify(chunk.id()))
                .isInstanceOf(ChunkMissingException.class);
        ByteBuffer target = ByteBuffer.allocateDirect(1000).position(3);
        assertThatThrownBy(() -> store.read(chunk.id(), 0, target))
                .isInstanceOf(ChunkMissingException.class);
        assertThat(target.position()).isEqualTo(3);
    }

    @Test
    void aPayloadThatDiffersFromItsHeaderIsRefusedAndNotStored() {
        for (int length : new int[] {1000, 900_000}) {
            SampleChunk chunk = SampleChunk.of(length, length);
            byte[] flipped = chunk.bytes();
            flipped[length - 1] ^= 1;

            assertThatThrownBy(() -> store.put(chunk.header(), ByteBuffer.wrap(flipped)))
                    .isInstanceOf(ChunkCorruptException.class);
            assertThatThrownBy(
                            () -> store.put(chunk.header(), chunk.payload().slice(0, length - 1)))
                    .isInstanceOf(ChunkCorruptException.class);
            assertThat(store.stat(chunk.id())).isEmpty();
        }
        assertThat(store.usage().chunks()).isZero();
    }

    @Test
    void storingTheSameChunkAgainChangesNothing() {
        SampleChunk chunk = SampleChunk.of(11, 70_000).putInto(store);
        store.confirm(List.of(chunk.id()));
        BackendUsage before = store.usage();

        chunk.putInto(store);

        assertThat(store.usage()).isEqualTo(before);
        assertThat(store.usage().unconfirmed()).isZero();
        assertThat(chunk.readFrom(store)).isEqualTo(chunk.bytes());
    }

    @Test
    void otherBytesUnderAKnownIdAreAConflict() {
        for (int length : new int[] {1000, 900_000}) {
            SampleChunk chunk = SampleChunk.of(length, length).putInto(store);
            SampleChunk other = SampleChunk.of(chunk.id(), SampleChunk.OWNER, 99, length);

            assertThatThrownBy(() -> other.putInto(store))
                    .isInstanceOf(ChunkConflictException.class);
            assertThat(chunk.readFrom(store)).isEqualTo(chunk.bytes());
        }
    }

    @Test
    void aDeletedChunkIsGoneAndMayComeBack() {
        for (int length : new int[] {1000, 900_000}) {
            SampleChunk chunk = SampleChunk.of(length, length).putInto(store);
            SampleChunk kept = SampleChunk.of(length + 1, length).putInto(store);
            store.delete(List.of(chunk.id(), SampleChunk.of(77, 10).id()));

            assertThat(store.stat(chunk.id())).isEmpty();
            assertThatThrownBy(() -> chunk.readFrom(store))
                    .isInstanceOf(ChunkMissingException.class);
            assertThat(kept.readFrom(store)).isEqualTo(kept.bytes());

            chunk.putInto(store);
            assertThat(chunk.readFrom(store)).isEqualTo(chunk.bytes());
        }
    }

    @Test
    void aPartitionIsListedInOrderAndInPages() {
        List<SampleChunk> chunks = new ArrayList<>();
        for (int seed = 0; seed < 60; seed++) {
            chunks.add(SampleChunk.of(seed, 100 + seed).putInto(store));
        }
        int listed = 0;
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int wanted = partition;
            List<ChunkHeader> expected =
                    chunks.stream()
                            .map(SampleChunk::header)
                            .filter(header -> header.id().partition(PARTITIONS) == wanted)
                            .sorted((a, b) -> a.id().compareTo(b.id()))
                            .toList();
            assertThat(listInPages(partition, 7)).isEqualTo(expected);
            assertThat(store.list(partition, null, 10_000)).isEqualTo(expected);
            listed += expected.size();
        }
        assertThat(listed).isEqualTo(60);
    }

    private List<ChunkHeader> listInPages(int partition, int pageSize) {
        List<ChunkHeader> all = new ArrayList<>();
        List<ChunkHeader> page = store.list(partition, null, pageSize);
        while (!page.isEmpty()) {
            all.addAll(page);
            page = store.list(partition, page.getLast().id(), pageSize);
        }
        return all;
    }

    @Test
    void aNewChunkIsUnconfirmedUntilItIsConfirmed() {
        SampleChunk first = SampleChunk.of(1, 1000).putInto(store);
        time.advance(Duration.ofSeconds(50));
        SampleChunk second = SampleChunk.of(2, 900_000).putInto(store);
        time.advance(Duration.ofSeconds(10));

        assertThat(unconfirmed(Duration.ofSeconds(60), 10)).containsExactly(first.header());
        assertThat(unconfirmed(Duration.ZERO, 10)).containsExactly(first.header(), second.header());
        assertThat(unconfirmed(Duration.ZERO, 1)).containsExactly(first.header());
        assertThat(store.usage().unconfirmed()).isEqualTo(2);

        store.confirm(List.of(first.id(), SampleChunk.of(3, 10).id()));
        assertThat(unconfirmed(Duration.ZERO, 10)).containsExactly(second.header());
        assertThat(store.usage().unconfirmed()).isEqualTo(1);
    }

    /** A clock that was ahead by years must not hide what was written meanwhile for so long. */
    @Test
    void marksOfAClockThatWasAheadCountAsOld() {
        time.setClock(Duration.ofDays(1_000));
        SampleChunk ahead = SampleChunk.of(1, 1000).putInto(store);
        SampleChunk alsoAhead = SampleChunk.of(2, 900_000).putInto(store);
        time.setClock(Duration.ofDays(-1_000));
        SampleChunk young = SampleChunk.of(3, 1000).putInto(store);

        assertThat(unconfirmed(Duration.ofSeconds(60), 10))
                .containsExactlyInAnyOrder(ahead.header(), alsoAhead.header());
        MarkedChunk first = store.unconfirmed(Duration.ofSeconds(60), null, 1).getFirst();
        assertThat(store.unconfirmed(Duration.ofSeconds(60), first, 10)).hasSize(1);
        assertThat(unconfirmed(Duration.ZERO, 10))
                .containsExactlyInAnyOrder(ahead.header(), alsoAhead.header(), young.header());
    }

    /** The first page, without its times. */
    protected List<ChunkHeader> unconfirmed(Duration age, int limit) {
        return store.unconfirmed(age, null, limit).stream().map(MarkedChunk::header).toList();
    }

    @Test
    void unconfirmedChunksAreListedInPagesThoughTheLastOfAPageIsGone() {
        List<ChunkHeader> left = new ArrayList<>();
        for (int seed = 0; seed < 30; seed++) {
            left.add(SampleChunk.of(seed, 500).putInto(store).header());
            if (seed % 10 == 9) {
                time.advance(Duration.ofSeconds(1));
            }
        }
        List<ChunkHeader> listed = new ArrayList<>();
        List<MarkedChunk> page = store.unconfirmed(Duration.ZERO, null, 7);
        while (!page.isEmpty()) {
            page.forEach(marked -> listed.add(marked.header()));
            ChunkId last = page.getLast().header().id();
            if (listed.size() % 2 == 0) {
                store.confirm(List.of(last));
            } else {
                store.delete(List.of(last));
            }
            page = store.unconfirmed(Duration.ZERO, page.getLast(), 7);
        }
        assertThat(listed).containsExactlyInAnyOrderElementsOf(left);
    }

    @Test
    void aDeletedChunkLeavesNoMark() {
        SampleChunk chunk = SampleChunk.of(1, 1000).putInto(store);
        store.delete(List.of(chunk.id()));

        assertThat(unconfirmed(Duration.ZERO, 10)).isEmpty();
        assertThat(store.usage().unconfirmed()).isZero();
    }

    @Test
    void everyChunkCanBeMarkedUnconfirmed() {
        List<ChunkHeader> headers = new ArrayList<>();
        for (int seed = 0; seed < 20; seed++) {
            headers.add(SampleChunk.of(seed, 500).putInto(store).header());
        }
        store.confirm(headers.stream().skip(5).map(ChunkHeader::id).toList());

        store.markAllUnconfirmed();

        assertThat(unconfirmed(Duration.ZERO, 100)).containsExactlyInAnyOrderElementsOf(headers);
        assertThat(store.usage().unconfirmed()).isEqualTo(20);
    }

    @Test
    void usageFollowsWhatIsStored() {
        SampleChunk small = SampleChunk.of(1, 1000).putInto(store);
        SampleChunk.of(2, 900_000).putInto(store);
        assertThat(store.usage().chunks()).isEqualTo(2);
        assertThat(store.usage().payloadBytes()).isEqualTo(901_000);
        assertThat(store.usage().storedBytes()).isGreaterThanOrEqualTo(901_000);

        store.delete(List.of(small.id()));
        assertThat(store.usage().chunks()).isEqualTo(1);
        assertThat(store.usage().payloadBytes()).isEqualTo(900_000);
    }

    @Test
    void whatIsStoredIsHealthyAndVerifies() {
        for (int length : new int[] {1, 1000, 900_000}) {
            store.verify(SampleChunk.of(length, length).putInto(store).id());
        }
        assertThat(store.health().state()).isEqualTo(BackendHealth.State.UP);
        assertThat(store.health().detail()).isEmpty();
    }

    @Test
    void aClosedStoreRefusesEverything() {
        SampleChunk chunk = SampleChunk.of(1, 1000).putInto(store);
        store.close();
        store.close();

        assertClosed(() -> chunk.putInto(store));
        assertClosed(() -> chunk.readFrom(store));
        assertClosed(() -> store.stat(chunk.id()));
        assertClosed(() -> store.delete(List.of(chunk.id())));
        assertClosed(() -> store.list(0, null, 10));
        assertClosed(() -> store.confirm(List.of(chunk.id())));
        assertClosed(() -> store.unconfirmed(Duration.ZERO, null, 10));
        assertClosed(store::markAllUnconfirmed);
        assertClosed(() -> store.verify(chunk.id()));
    }

    private static void assertClosed(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BackendException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED));
    }

    @Test
    void oneOfManyConcurrentPutsOfTheSameChunkWinsAndAllSucceed() throws Exception {
        SampleChunk small = SampleChunk.of(1, 3000);
        SampleChunk large = SampleChunk.of(2, 800_000);
        List<Callable<Object>> puts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            puts.add(() -> small.putInto(store));
            puts.add(() -> large.putInto(store));
        }
        runAll(puts);

        assertThat(store.usage().chunks()).isEqualTo(2);
        assertThat(small.readFrom(store)).isEqualTo(small.bytes());
        assertThat(large.readFrom(store)).isEqualTo(large.bytes());
    }

    @Test
    void concurrentWritersReadersAndDeletersDoNotDisturbEachOther() throws Exception {
        List<Callable<Object>> workers = new ArrayList<>();
        for (int worker = 0; worker < 8; worker++) {
            int seed = worker;
            workers.add(() -> writeReadAndDeleteHalf(seed));
        }
        runAll(workers);

        assertThat(store.usage().chunks()).isEqualTo(8 * 15);
        assertThat(unconfirmed(Duration.ZERO, 10_000)).hasSize(8 * 15);
    }

    private Object writeReadAndDeleteHalf(int worker) {
        Random random = new Random(worker);
        for (int i = 0; i < 30; i++) {
            int length = 1 + random.nextInt(i % 10 == 0 ? 1_000_000 : 20_000);
            SampleChunk chunk = SampleChunk.of(worker * 1000L + i, length).putInto(store);
            assertThat(chunk.readFrom(store)).isEqualTo(chunk.bytes());
            if (i % 2 == 0) {
                store.delete(List.of(chunk.id()));
                assertThat(store.stat(chunk.id())).isEmpty();
            }
        }
        return store;
    }

    /** Runs calls on virtual threads of their own and throws what the first of them threw. */
    protected static void runAll(List<Callable<Object>> calls) throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Object> result : executor.invokeAll(calls)) {
                result.get();
            }
        }
    }
}
