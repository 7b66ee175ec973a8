package io.lilio.replication;

import static io.lilio.replication.TestRing.assertSame;
import static io.lilio.replication.TestRing.eventually;
import static io.lilio.replication.TestRing.sample;
import static io.lilio.replication.TestRing.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.FaultyChunkStore;
import io.lilio.chunk.FaultyChunkStore.Fault;
import io.lilio.chunk.FaultyChunkStore.Operation;
import io.lilio.chunk.SampleChunk;
import io.lilio.chunk.buffer.PooledBuffer;
import io.lilio.placement.MemberId;
import io.lilio.placement.Replication;
import io.lilio.replication.Lane.Load;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChunkReaderTest {

    private TestRing ring = new TestRing(3, 2, 2);

    @AfterEach
    void everyBufferIsBack() {
        ring.close();
    }

    @Test
    void oneReplicaDeliversAndAnotherIsAskedWhetherItHasIt() {
        SampleChunk chunk = ring.stored(1, 300_000);
        ring.assertReads(chunk);
        eventually("it is counted", () -> ring.listener.count("read true 2 2") == 1);
        assertThat(calls(Operation.READ)).isEqualTo(1);
        assertThat(calls(Operation.STAT)).isEqualTo(1);
    }

    @Test
    void everyRangeDeliversExactlyWhatWasAskedFor() {
        int block = ChunkHeader.BLOCK_BYTES;
        int length = 3 * block + 1_000;
        SampleChunk chunk = ring.stored(1, length);
        int[] edges = {0, 1, block - 1, block, block + 1, 2 * block, 3 * block, length - 1, length};
        for (int from : edges) {
            for (int to : edges) {
                if (to > from) {
                    assertReadsRange(chunk, from, to - from);
                }
            }
        }
    }

    private void assertReadsRange(SampleChunk chunk, int offset, int length) {
        ChunkRange range = new ChunkRange(chunk.id(), 7, chunk.header().length(), offset, length);
        try (ChunkRead read = ring.reader.read(range);
                VerifiedBytes bytes = read.await()) {
            assertThat(bytes.bytes()).isEqualByComparingTo(chunk.payload().slice(offset, length));
            int blocks =
                    (offset + length - 1) / ChunkHeader.BLOCK_BYTES
                            - offset / ChunkHeader.BLOCK_BYTES
                            + 1;
            assertThat(bytes.buffer().size())
                    .as("only the blocks that are touched are read")
                    .isLessThanOrEqualTo(blocks * ChunkHeader.BLOCK_BYTES);
        }
    }

    @Test
    void oneFailingCorruptOrMissingReplicaIsInvisible() {
        int seed = 0;
        for (Reason reason : Reason.values()) {
            seed++;
            SampleChunk chunk = ring.stored(seed, 5_000);
            for (FaultyChunkStore store : ring.stores) {
                store.fail(reason);
                ring.assertReads(chunk);
                store.heal();
            }
        }
        SampleChunk chunk = ring.stored(50, 5_000);
        ring.store(0).flipBit(chunk.id());
        ring.assertReads(chunk);
        SampleChunk other = ring.stored(51, 5_000);
        ring.store(0).delete(List.of(other.id()));
        ring.assertReads(other);
        SampleChunk lost = ring.stored(52, 5_000);
        ring.store(0).loseFile(lost.id());
        ring.assertReads(lost);
        assertThat(ring.listener.count("corrupt a")).isEqualTo(1);
    }

    @Test
    void aHangingReplicaIsBackedByASecondAndTheFirstGoodAnswerWins() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.store(0).delay(TestRing.LONG, Operation.READ);
        try (ChunkRead read = ring.reader.read(whole(chunk))) {
            eventually("the first hangs", () -> ring.store(0).hits(Fault.DELAY) == 1);
            ring.time.advance(Duration.ofMillis(600));
            try (VerifiedBytes bytes = read.await()) {
                assertSame(chunk, bytes);
            }
        }
        assertThat(ring.listener.count("hedged true")).isEqualTo(1);
        assertThat(ring.pool.outstandingCount())
                .as("the loser's buffer stays until its I/O ends")
                .isEqualTo(1);
    }

    @Test
    void aHedgeThatLosesIsReleasedWhenItEnds() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.store(0).delay(Duration.ofSeconds(1), Operation.READ);
        ring.store(1).delay(TestRing.LONG, Operation.READ);
        ring.store(2).delay(TestRing.LONG, Operation.READ);
        try (ChunkRead read = ring.reader.read(whole(chunk))) {
            eventually("the first hangs", () -> ring.store(0).hits(Fault.DELAY) == 1);
            ring.time.advance(Duration.ofMillis(600));
            eventually("the second hangs", () -> hits(Fault.DELAY) == 2);
            ring.time.advance(Duration.ofMillis(400));
            read.await().close();
        }
        assertThat(ring.listener.count("hedged false")).isEqualTo(1);
    }

    @Test
    void withoutAFreeBufferThereIsNoHedge() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.store(0).delay(Duration.ofSeconds(1), Operation.READ);
        try (ChunkRead read = ring.reader.read(whole(chunk))) {
            List<PooledBuffer> all = takeAllBuffers();
            eventually("the first hangs", () -> ring.store(0).hits(Fault.DELAY) == 1);
            ring.time.advance(Duration.ofMillis(600));
            ring.time.advance(Duration.ofMillis(400));
            read.await().close();
            assertThat(calls(Operation.READ)).isEqualTo(1);
            all.forEach(PooledBuffer::release);
        }
    }

    @Test
    void aHedgeForWhichThereWasNoBufferIsMadeOnceThereIsOne() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.store(0).delay(TestRing.LONG, Operation.READ);
        try (ChunkRead read = ring.reader.read(whole(chunk))) {
            List<PooledBuffer> all = takeAllBuffers();
            eventually("the first hangs", () -> ring.store(0).hits(Fault.DELAY) == 1);
            ring.time.advance(Duration.ofMillis(600));
            all.forEach(PooledBuffer::release);
            ring.time.advance(Duration.ofMillis(200));
            read.await().close();
        }
        assertThat(ring.listener.count("hedged true")).isEqualTo(1);
    }

    @Test
    void aHedgeThatTheOthersRefusedIsMadeOnceTheyLetItIn() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.store(0).delay(TestRing.LONG, Operation.READ);
        List<Lane> full = List.of(ring.client(1).reads(), ring.client(2).reads());
        int most = ring.members.settings().maxInFlight();
        full.forEach(lane -> IntStream.range(0, most).forEach(_ -> lane.enter(Load.CONTROL)));
        try (ChunkRead read = ring.reader.read(whole(chunk))) {
            eventually("the first hangs", () -> ring.store(0).hits(Fault.DELAY) == 1);
            ring.time.advance(Duration.ofMillis(600));
            assertThat(calls(Operation.READ)).isEqualTo(1);
            full.forEach(lane -> IntStream.range(0, most).forEach(_ -> lane.withdraw(false)));
            ring.time.advance(Duration.ofMillis(200));
            read.await().close();
        }
        assertThat(ring.listener.count("hedged true")).isEqualTo(1);
    }

    @Test
    void whoWaitsForABufferInVainIsNotTheMembersFault() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.store(0).delay(TestRing.LONG, Operation.READ);
        try (ChunkRead read = ring.reader.read(whole(chunk))) {
            List<PooledBuffer> all = takeAllBuffers();
            eventually("the first hangs", () -> ring.store(0).hits(Fault.DELAY) == 1);
            ring.time.advance(Duration.ofSeconds(5));
            for (int waiting = 1; waiting <= 2; waiting++) {
                eventually("the next waits", () -> ring.pool.waitingCount() == 1);
                ring.time.advance(Duration.ofMillis(2_500));
            }
            assertThatThrownBy(read::await)
                    .cause()
                    .isInstanceOfSatisfying(
                            BackendException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.OVERLOADED));
            all.forEach(PooledBuffer::release);
        }
    }

    /** Its index answers all the while: only what reads its medium hangs. */
    @Test
    void aDiskThatHangsOnReadsHoldsFewOfThemUpAndIsReadAgainWhenItAnswers() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.store(0).delay(Duration.ofMinutes(30), Operation.READ);
        for (int number = 1; number <= 600; number++) {
            for (int other = 1; other <= 2; other++) {
                ring.client(other).readLatency().measured(5_000_000, ring.time.nanos());
            }
            try (ChunkRead read = ring.reader.read(whole(chunk))) {
                long before = ring.time.nanos();
                ring.eventuallyInTime(
                        "read " + number, Duration.ofMillis(100), () -> !read.wantsData());
                assertThat(ring.time.nanos() - before)
                        .as("read %d took", number)
                        .isLessThan(Duration.ofSeconds(3).toNanos());
                try (VerifiedBytes bytes = read.await()) {
                    assertSame(chunk, bytes);
                }
            }
            ring.time.advance(Duration.ofSeconds(2));
        }
        assertThat(ring.store(0).hits(Fault.DELAY)).as("reads that hung").isBetween(1L, 16L);
        assertThat(ring.pool.outstandingCount()).isLessThanOrEqualTo(16);
        ring.store(0).heal();
        ring.time.advance(Duration.ofMinutes(30));
        eventually("all have ended", () -> ring.client(0).reads().abandoned() == 0);
        long hung = ring.store(0).calls(Operation.READ);
        ring.eventuallyInTime(
                "it is read again",
                Duration.ofSeconds(1),
                () -> {
                    ring.assertReads(chunk);
                    return ring.store(0).calls(Operation.READ) > hung;
                });
    }

    @Test
    void aReadThatIsGivenUpIsNotCountedAsFailed() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.store(0).delay(Duration.ofSeconds(1), Operation.READ);
        ChunkRead early = ring.reader.read(whole(chunk));
        eventually("it hangs", () -> hits(Fault.DELAY) == 1);
        early.close();
        ring.time.advance(Duration.ofSeconds(1));
        eventually("its buffer is back", () -> ring.pool.outstandingCount() == 0);
        ring.store(0).heal();
        ring.assertReads(chunk);
        eventually("the next is counted", () -> ring.listener.count("read true 2 2") == 1);
        assertThat(ring.listener.lines()).noneMatch(line -> line.startsWith("read false"));
    }

    private List<PooledBuffer> takeAllBuffers() {
        List<PooledBuffer> all = new ArrayList<>();
        for (int size = 1 << 20; size >= 4096; size /= 2) {
            while (true) {
                var buffer = ring.pool.tryAcquire(size);
                if (buffer.isEmpty()) {
                    break;
                }
                all.add(buffer.get());
            }
        }
        return all;
    }

    @Test
    void aReplicaThatNeverAnswersIsGivenUpAtItsDeadline() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.stores.forEach(store -> store.delay(TestRing.LONG));
        try (ChunkRead read = ring.reader.read(whole(chunk))) {
            for (int asked = 1; asked <= 3; asked++) {
                int number = asked;
                eventually("one more is read", () -> calls(Operation.READ) >= number);
                ring.time.advance(Duration.ofMillis(600));
            }
            eventually("all were read", () -> calls(Operation.READ) == 3);
            ring.time.advance(Duration.ofSeconds(6));
            ring.time.advance(Duration.ofSeconds(6));
            assertUnavailable(read);
        }
    }

    @Test
    void membersThatKeepFailingAreNotAskedAndTheFailureIsImmediate() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.stores.forEach(store -> store.fail(Reason.IO));
        for (int attempt = 0; attempt < 6; attempt++) {
            try (ChunkRead read = ring.reader.read(whole(chunk))) {
                assertUnavailable(read);
            }
        }
        long reads = calls(Operation.READ);
        try (ChunkRead read = ring.reader.read(whole(chunk))) {
            assertUnavailable(read);
        }
        assertThat(calls(Operation.READ)).isEqualTo(reads);
        ring.stores.forEach(FaultyChunkStore::heal);
        ring.time.advance(Duration.ofSeconds(1));
        ring.assertReads(chunk);
    }

    @Test
    void aMemberThatIsWellAgainIsFoundOutByReadsThatDoNotNeedIt() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.store(0).fail(Reason.IO);
        for (int attempt = 0; attempt < 5; attempt++) {
            assertThatThrownBy(() -> ring.client(0).stat(chunk.id())).hasMessageContaining("STAT");
        }
        assertThat(ring.client(0).readState()).isEqualTo(BreakerState.OPEN);
        ring.assertReads(chunk);
        ring.store(0).heal();
        ring.time.advance(Duration.ofSeconds(1));
        ring.assertReads(chunk);
        eventually("a is asked", () -> ring.client(0).readState() == BreakerState.CLOSED);
    }

    @Test
    void aLocatorThatFailsCostsNoBuffer() {
        ring.locator.failing = true;
        ring.locator.slotsFail = true;
        assertThatThrownBy(() -> ring.reader.read(whole(sample(1, 5_000))))
                .hasMessageContaining("injected");
        assertThat(ring.pool.outstandingCount()).isZero();
    }

    /** Each member has the chunk, lacks it, holds a corrupt copy or cannot tell: all of them. */
    @Test
    void oneVerifiedCopyIsEnoughAndNothingElseIs() {
        for (int n = 1; n <= 4; n++) {
            for (int r = 1; r <= n; r++) {
                checkAllCombinations(n, r, false);
            }
        }
    }

    @Test
    void strictReadsWantAsManyAnswersAsTheReadQuorumBesides() {
        for (int n = 1; n <= 4; n++) {
            for (int r = 1; r <= n; r++) {
                checkAllCombinations(n, r, true);
            }
        }
    }

    @Test
    void aStrictReadWaitsForASlowMemberThatAHedgeHasOvertaken() {
        ring.close();
        ring =
                new TestRing(
                        new Replication(3, 3, 3, Replication.Spread.HOST, true),
                        TestRing.settings());
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.store(0).delay(Duration.ofSeconds(1), Operation.READ);
        try (ChunkRead read = ring.reader.read(whole(chunk))) {
            eventually("the first hangs", () -> ring.store(0).hits(Fault.DELAY) == 1);
            ring.time.advance(Duration.ofMillis(600));
            eventually("a second has answered", () -> calls(Operation.READ) == 2);
            ring.time.advance(Duration.ofMillis(400));
            try (VerifiedBytes bytes = read.await()) {
                assertSame(chunk, bytes);
            }
        }
    }

    private static void checkAllCombinations(int n, int r, boolean strict) {
        Replication replication = new Replication(n, n, r, Replication.Spread.HOST, strict);
        try (TestRing ring = new TestRing(replication, TestRing.settings())) {
            for (int combination = 0; combination < 1 << 2 * n; combination++) {
                SampleChunk chunk = sample(combination, 100);
                int present = 0;
                int missing = 0;
                for (int number = 0; number < n; number++) {
                    FaultyChunkStore store = ring.store(number);
                    chunk.putInto(store);
                    switch (combination >> 2 * number & 3) {
                        case 0 -> present++;
                        case 1 -> {
                            missing++;
                            store.delete(List.of(chunk.id()));
                        }
                        case 2 -> store.flipBit(chunk.id());
                        default -> store.fail(Reason.OVERLOADED);
                    }
                }
                boolean served = present > 0 && (!strict || enough(ring, chunk, r));
                try (ChunkRead read = ring.reader.read(whole(chunk))) {
                    if (served) {
                        try (VerifiedBytes bytes = read.await()) {
                            assertSame(chunk, bytes);
                        }
                    } else {
                        assertUnavailable(read);
                    }
                }
                ring.stores.forEach(FaultyChunkStore::heal);
                ring.stores.forEach(store -> store.delete(List.of(chunk.id())));
            }
        }
    }

    /**
     * Members that can say for certain whether they have it; a flipped bit does not show in that.
     */
    private static boolean enough(TestRing ring, SampleChunk chunk, int r) {
        int answers = 0;
        for (FaultyChunkStore store : ring.stores) {
            try {
                store.stat(chunk.id());
                answers++;
            } catch (RuntimeException e) {
                assertThat(e).hasMessageContaining("injected");
            }
        }
        return answers >= r;
    }

    @Test
    void aStrictReadWaitsForTheOthers() {
        ring.close();
        ring =
                new TestRing(
                        new Replication(3, 2, 2, Replication.Spread.HOST, true),
                        TestRing.settings());
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.store(1).delay(Duration.ofSeconds(1), Operation.STAT);
        try (ChunkRead read = ring.reader.read(whole(chunk))) {
            eventually("the data is there", () -> !read.wantsData());
            eventually("the other hangs", () -> hits(Fault.DELAY) == 1);
            assertThat(read.isReady()).isFalse();
            ring.time.advance(Duration.ofSeconds(1));
            try (VerifiedBytes bytes = read.await()) {
                assertSame(chunk, bytes);
            }
        }
    }

    @Test
    void whatIsNotWhereItShouldBeIsLookedUpOnceMore() {
        SampleChunk chunk = sample(1, 5_000);
        MemberId moved = ring.addMember(3);
        chunk.putInto(ring.store(3));
        ring.locator.anew = List.of(moved);
        ring.assertReads(chunk);
        assertThat(ring.locator.lookUps()).isEqualTo(1);
    }

    @Test
    void itIsLookedUpAsSoonAsAReadQuorumDoesNotHaveItThoughTheThirdHangs() {
        SampleChunk chunk = sample(1, 5_000);
        ring.store(2).delay(TestRing.LONG);
        MemberId moved = ring.addMember(3);
        chunk.putInto(ring.store(3));
        ring.locator.anew = List.of(moved);
        ring.assertReads(chunk);
    }

    @Test
    void whatCannotBeFoundIsUnavailableNeverMissing() {
        SampleChunk chunk = sample(1, 5_000);
        try (ChunkRead read = ring.reader.read(whole(chunk))) {
            assertUnavailable(read);
        }
        assertThat(ring.locator.lookUps()).isEqualTo(1);
        assertThat(ring.listener.count("read false 3 0")).isEqualTo(1);
    }

    @Test
    void aLookUpThatFailsLeavesItUnavailable() {
        ring.locator.failing = true;
        try (ChunkRead read = ring.reader.read(whole(sample(1, 5_000)))) {
            assertUnavailable(read);
        }
    }

    @Test
    void aCopyOfAnotherLengthThanTheRecordSaysIsCorrupt() {
        SampleChunk chunk = ring.stored(1, 70_000);
        ChunkRange range = new ChunkRange(chunk.id(), 7, 80_000, 0, 10);
        try (ChunkRead read = ring.reader.read(range)) {
            assertUnavailable(read);
        }
        assertThat(ring.listener.count("corrupt a")).isEqualTo(1);
    }

    @Test
    void aReadThatIsGivenUpGivesItsBufferBack() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.store(0).delay(Duration.ofSeconds(1), Operation.READ);
        ChunkRead early = ring.reader.read(whole(chunk));
        eventually("it hangs", () -> hits(Fault.DELAY) == 1);
        early.close();
        ring.time.advance(Duration.ofSeconds(1));
        eventually("its buffer is back", () -> ring.pool.outstandingCount() == 0);
        ring.store(0).heal();
        ChunkRead late = ring.reader.read(whole(chunk));
        eventually("it has arrived", late::isReady);
        late.close();
        assertThat(ring.pool.outstandingCount()).isZero();
    }

    @Test
    void theReplicaThatWasSlowOfLateIsReadLess() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.client(0).readLatency().measured(50_000_000, ring.time.nanos());
        ring.assertReads(chunk);
        assertThat(ring.store(0).calls(Operation.READ)).isZero();
        ring.time.advance(Duration.ofMinutes(5));
        ring.assertReads(chunk);
        assertThat(ring.store(0).calls(Operation.READ)).as("forgiven").isEqualTo(1);
    }

    private long calls(Operation operation) {
        return ring.stores.stream().mapToLong(store -> store.calls(operation)).sum();
    }

    private long hits(Fault fault) {
        return ring.stores.stream().mapToLong(store -> store.hits(fault)).sum();
    }

    private static void assertUnavailable(ChunkRead read) {
        assertThatThrownBy(read::await)
                .isInstanceOfSatisfying(
                        ObjectStoreException.class,
                        e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
    }
}
