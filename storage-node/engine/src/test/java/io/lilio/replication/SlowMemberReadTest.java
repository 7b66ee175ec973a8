package io.lilio.replication;

import static io.lilio.replication.TestRing.assertSame;
import static io.lilio.replication.TestRing.assertUnavailable;
import static io.lilio.replication.TestRing.eventually;
import static io.lilio.replication.TestRing.sample;
import static io.lilio.replication.TestRing.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
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

/** What readers do about members that hang, are slow or take long: hedges, deadlines, buffers. */
class SlowMemberReadTest {

    private TestRing ring = new TestRing(3, 2, 2);

    @AfterEach
    void everyBufferIsBack() {
        ring.close();
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
            eventually("the second hangs", () -> ring.hits(Fault.DELAY) == 2);
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
            assertThat(ring.calls(Operation.READ)).isEqualTo(1);
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
            assertThat(ring.calls(Operation.READ)).isEqualTo(1);
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
    void aReplicaThatNeverAnswersIsGivenUpAtItsDeadline() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.stores.forEach(store -> store.delay(TestRing.LONG));
        try (ChunkRead read = ring.reader.read(whole(chunk))) {
            for (int asked = 1; asked <= 3; asked++) {
                int number = asked;
                eventually("one more is read", () -> ring.calls(Operation.READ) >= number);
                ring.time.advance(Duration.ofMillis(600));
            }
            eventually("all were read", () -> ring.calls(Operation.READ) == 3);
            ring.time.advance(Duration.ofSeconds(6));
            ring.time.advance(Duration.ofSeconds(6));
            assertUnavailable(read);
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
            eventually("a second has answered", () -> ring.calls(Operation.READ) == 2);
            ring.time.advance(Duration.ofMillis(400));
            try (VerifiedBytes bytes = read.await()) {
                assertSame(chunk, bytes);
            }
        }
    }

    @Test
    void aReadThatIsGivenUpIsNotCountedAsFailed() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.store(0).delay(Duration.ofSeconds(1), Operation.READ);
        ChunkRead early = ring.reader.read(whole(chunk));
        eventually("it hangs", () -> ring.hits(Fault.DELAY) == 1);
        early.close();
        ring.time.advance(Duration.ofSeconds(1));
        eventually("its buffer is back", () -> ring.pool.outstandingCount() == 0);
        ring.store(0).heal();
        ring.assertReads(chunk);
        eventually("the next is counted", () -> ring.listener.count("read true 2 2") == 1);
        assertThat(ring.listener.lines()).noneMatch(line -> line.startsWith("read false"));
    }

    @Test
    void aReadThatIsGivenUpGivesItsBufferBack() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.store(0).delay(Duration.ofSeconds(1), Operation.READ);
        ChunkRead early = ring.reader.read(whole(chunk));
        eventually("it hangs", () -> ring.hits(Fault.DELAY) == 1);
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
            eventually("the other hangs", () -> ring.hits(Fault.DELAY) == 1);
            assertThat(read.isReady()).isFalse();
            ring.time.advance(Duration.ofSeconds(1));
            try (VerifiedBytes bytes = read.await()) {
                assertSame(chunk, bytes);
            }
        }
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
}
