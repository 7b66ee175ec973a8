package io.lilio.replication;

import static io.lilio.replication.TestRing.eventually;
import static io.lilio.replication.TestRing.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.FaultyChunkStore.Fault;
import io.lilio.chunk.FaultyChunkStore.Operation;
import io.lilio.chunk.SampleChunk;
import io.lilio.placement.MemberId;
import io.lilio.replication.TestRing.Written;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChunkWriterTest {

    private final Requests requests = new Requests();
    private TestRing ring = new TestRing(3, 2, 2);

    @AfterEach
    void everyBufferIsBack() {
        ring.close();
    }

    @Test
    void allMembersGetTheChunk() {
        Written written = ring.begin(sample(1, 100_000));
        written.chunk().await();
        WriteOutcome outcome = written.chunk().completion().toCompletableFuture().join();
        assertThat(outcome.acked()).containsExactlyElementsOf(ring.slots);
        assertThat(outcome.failed()).isEmpty();
        assertThat(outcome.open()).isEmpty();
        assertThat(ring.holders(sample(1, 100_000))).isEqualTo("abc");
        eventually("it is counted", () -> ring.listener.count("write true 3 3") == 1);
    }

    @Test
    void aSlowMemberIsNotWaitedFor() {
        ring.store(1).delay(TestRing.LONG, Operation.PUT);
        Written written = ring.begin(sample(1, 5_000));
        written.chunk().await();
        assertThat(written.chunk().outcome().acked())
                .containsExactly(ring.slots.get(0), ring.slots.get(2));
        assertThat(written.chunk().outcome().open()).containsExactly(ring.slots.get(1));
        assertThat(ring.pool.outstandingCount()).isEqualTo(1);
    }

    @Test
    void theSecondFastestDecidesNotTheFastest() {
        ring.store(0).delay(Duration.ofMillis(10), Operation.PUT);
        ring.store(1).delay(Duration.ofMillis(20), Operation.PUT);
        ring.store(2).delay(Duration.ofMillis(30), Operation.PUT);
        Written written = ring.begin(sample(1, 5_000));
        eventually("all sleep", () -> hits(Fault.DELAY) == 3);
        ring.time.advance(Duration.ofMillis(10));
        eventually("one has answered", () -> written.chunk().outcome().acked().size() == 1);
        assertThat(written.chunk().reached()).isFalse();
        ring.time.advance(Duration.ofMillis(10));
        written.chunk().await();
        assertThat(written.chunk().outcome().open()).containsExactly(ring.slots.get(2));
    }

    @Test
    void aStragglerFinishesInTheBackground() {
        ring.store(2).delay(Duration.ofSeconds(3), Operation.PUT);
        Written written = ring.begin(sample(1, 5_000));
        written.chunk().await();
        eventually("it hangs", () -> hits(Fault.DELAY) == 1);
        ring.time.advance(Duration.ofSeconds(3));
        WriteOutcome outcome = written.chunk().completion().toCompletableFuture().join();
        assertThat(outcome.acked()).hasSize(3);
        assertThat(ring.holders(sample(1, 5_000))).isEqualTo("abc");
    }

    @Test
    void oneFailingOrFullMemberIsInvisible() {
        int seed = 0;
        for (Reason reason : Reason.values()) {
            seed++;
            ring.store(0).heal().fail(reason, Operation.PUT);
            Written written = ring.begin(sample(seed, 5_000));
            written.chunk().await();
            assertThat(written.chunk().completion().toCompletableFuture().join().failed())
                    .containsExactly(ring.slots.get(0));
        }
    }

    @Test
    void aMemberThatThisNodeDoesNotKnowCountsAsFailed() {
        ring.members.remove(ring.slots.get(1));
        ring.begin(sample(1, 5_000)).chunk().await();
        ring.members.remove(ring.slots.get(2));
        assertRefused(ring.begin(sample(2, 5_000)), Kind.UNAVAILABLE);
    }

    @Test
    void twoMembersGoneFailAtOnce() {
        ring.store(0).fail(Reason.IO, Operation.PUT);
        ring.store(2).fail(Reason.IO, Operation.PUT);
        assertRefused(ring.begin(sample(1, 5_000)), Kind.UNAVAILABLE);
    }

    @Test
    void twoMembersGoneAndTheThirdHangingFailAtOnceToo() {
        ring.store(0).fail(Reason.IO, Operation.PUT);
        ring.store(1).delay(TestRing.LONG, Operation.PUT);
        ring.store(2).fail(Reason.IO, Operation.PUT);
        assertRefused(ring.begin(sample(1, 5_000)), Kind.UNAVAILABLE);
    }

    @Test
    void fullMembersAreToldApartFromBrokenOnes() {
        ring.store(0).fillDisk();
        ring.store(2).fillDisk();
        assertRefused(ring.begin(sample(1, 5_000)), Kind.STORAGE_FULL);
        ring.store(2).heal().fail(Reason.OVERLOADED, Operation.PUT);
        ring.store(0).heal().fail(Reason.OVERLOADED, Operation.PUT);
        assertRefused(ring.begin(sample(2, 5_000)), Kind.SLOW_DOWN);
        ring.store(0).heal().fillDisk();
        ring.store(2).heal().fail(Reason.IO, Operation.PUT);
        assertRefused(ring.begin(sample(3, 5_000)), Kind.UNAVAILABLE);
    }

    @Test
    void aMemberThatHangsIsGivenUpAtItsDeadline() {
        ring.store(0).delay(TestRing.LONG, Operation.PUT);
        ring.store(1).delay(TestRing.LONG, Operation.PUT);
        Written written = ring.begin(sample(1, 5_000));
        eventually("two hang", () -> hits(Fault.DELAY) == 2);
        eventually("one has it", () -> written.chunk().outcome().acked().size() == 1);
        ring.time.advance(Duration.ofSeconds(11));
        assertRefused(written, Kind.UNAVAILABLE);
        assertThat(ring.pool.outstandingCount()).as("the I/O still uses the buffer").isEqualTo(1);
        assertThat(ring.listener.lines()).as("counted all the same").contains("write false 3 1");
    }

    @Test
    void membersThatKeepFailingAreNotEvenAsked() {
        ring.store(0).fail(Reason.IO, Operation.PUT);
        ring.store(1).fail(Reason.IO, Operation.PUT);
        for (int seed = 0; seed < 5; seed++) {
            assertRefused(ring.begin(sample(seed, 5_000)), Kind.UNAVAILABLE);
        }
        eventually("both breakers are open", () -> breakers("writes OPEN") == 2);
        long asked = ring.store(2).calls(Operation.PUT);
        assertRefused(ring.begin(sample(9, 5_000)), Kind.UNAVAILABLE);
        assertThat(ring.store(2).calls(Operation.PUT)).as("nothing was sent").isEqualTo(asked);
        ring.stores.get(0).heal();
        ring.stores.get(1).heal();
        ring.time.advance(Duration.ofSeconds(1));
        ring.begin(sample(10, 5_000)).chunk().await();
        eventually("both breakers are closed", () -> breakers("writes CLOSED") == 2);
    }

    private long breakers(String state) {
        return ring.listener.lines().stream().filter(line -> line.endsWith(state)).count();
    }

    @Test
    void rollbackLeavesNothing() {
        BlobReplicas blob = ring.writer.open(sample(1, 10).id().blob());
        SampleChunk good = sample(1, 70_000);
        ring.write(blob, good).await();
        blob.rollback();
        eventually("nothing is left", () -> ring.holders(good).isEmpty());
        blob.rollback();
    }

    @Test
    void rollbackAfterALostQuorumLeavesNothing() {
        ring.store(0).fail(Reason.IO, Operation.PUT);
        ring.store(2).loseAnswers(Operation.PUT);
        Written written = ring.begin(sample(1, 5_000));
        assertRefused(written, Kind.UNAVAILABLE);
        written.blob().rollback();
        eventually("nothing is left", () -> ring.holders(sample(1, 5_000)).isEmpty());
    }

    @Test
    void rollbackDeletesAStragglerOnceItHasLanded() {
        ring.store(2).delay(Duration.ofSeconds(3), Operation.PUT);
        Written written = ring.begin(sample(1, 5_000));
        written.chunk().await();
        eventually("it hangs", () -> hits(Fault.DELAY) == 1);
        written.blob().rollback();
        assertThat(ring.holders(sample(1, 5_000))).isEmpty();
        ring.time.advance(Duration.ofSeconds(3));
        eventually("it was put", () -> ring.pool.outstandingCount() == 0);
        eventually("it was deleted", () -> ring.store(2).calls(Operation.DELETE) == 1);
        eventually("nothing is left", () -> ring.holders(sample(1, 5_000)).isEmpty());
    }

    @Test
    void rollbackGivesUpOnAMemberThatHangs() {
        ring.store(1).delay(TestRing.LONG, Operation.DELETE);
        Written written = ring.begin(sample(1, 5_000));
        written.chunk().completion().toCompletableFuture().join();
        Thread rollback = Thread.ofVirtual().start(written.blob()::rollback);
        eventually("it hangs", () -> hits(Fault.DELAY) == 1);
        ring.time.advance(Duration.ofSeconds(6));
        eventually("it has returned", () -> !rollback.isAlive());
        assertThat(ring.holders(sample(1, 5_000))).isEqualTo("b");
    }

    @Test
    void nothingIsConfirmedBeforeTheCommit() {
        Written written = ring.begin(sample(1, 5_000));
        written.chunk().completion().toCompletableFuture().join();
        ring.time.advance(Duration.ofSeconds(5));
        ring.confirmations.flush();
        assertThat(ring.unconfirmed()).isEqualTo("abc");
        eventually("it is counted", () -> ring.listener.count("write true 3 3") == 1);
        written.blob().committed(requests::prolong);
        ring.confirmations.flush();
        assertThat(ring.unconfirmed()).isEmpty();
    }

    @Test
    void whatNotAllMembersHaveStaysUnconfirmed() {
        ring.store(1).fail(Reason.IO, Operation.PUT);
        Written written = ring.begin(sample(1, 5_000));
        written.chunk().await();
        written.blob().committed(requests::prolong);
        written.chunk().completion().toCompletableFuture().join();
        ring.confirmations.flush();
        assertThat(ring.unconfirmed()).isEqualTo("ac");
    }

    @Test
    void aStragglerThatArrivesSoonAfterTheCommitConfirmsItAndEndsTheRequest() {
        ring.store(1).delay(Duration.ofSeconds(1), Operation.PUT);
        Written written = committedWithAStraggler();
        assertThat(requests.prolonged.get()).as("the blob cannot be swept").isOne();
        ring.time.advance(Duration.ofSeconds(1));
        eventually(
                "all are told",
                () -> {
                    ring.confirmations.flush();
                    return ring.unconfirmed().isEmpty();
                });
        eventually("the blob can be swept", () -> requests.prolonged.get() == 0);
        written.chunk().completion().toCompletableFuture().join();
        assertThat(ring.holders(sample(1, 5_000))).isEqualTo("abc");
    }

    @Test
    void aStragglerThatLandsWhenItsBlobMayHaveBeenSweptKeepsItsMark() {
        ring.store(1).delay(Duration.ofSeconds(3), Operation.PUT);
        Written written = committedWithAStraggler();
        ring.time.advance(Duration.ofSeconds(2));
        eventually("the request is not kept for longer", () -> requests.prolonged.get() == 0);
        sweep(sample(1, 5_000));
        ring.time.advance(Duration.ofSeconds(1));
        written.chunk().completion().toCompletableFuture().join();
        eventually("it landed", () -> ring.holders(sample(1, 5_000)).equals("b"));
        eventually("all I/O is over", () -> ring.pool.outstandingCount() == 0);
        ring.time.advance(Duration.ofSeconds(5));
        ring.confirmations.flush();
        assertThat(ring.unconfirmed()).as("marked, so that its member collects it").isEqualTo("b");
    }

    /** Then nothing has kept its blob from being swept meanwhile. */
    @Test
    void aStragglerThatLandsWhenItsSessionHasEndedKeepsItsMark() {
        ring.store(1).delay(Duration.ofSeconds(1), Operation.PUT);
        Written written = committedWithAStraggler();
        ring.sessionLives = session -> session != written.chunk().header().session();
        sweep(sample(1, 5_000));
        ring.time.advance(Duration.ofSeconds(1));
        written.chunk().completion().toCompletableFuture().join();
        eventually("it landed", () -> ring.holders(sample(1, 5_000)).equals("b"));
        eventually("nothing is kept for it", () -> requests.prolonged.get() == 0);
        ring.time.advance(Duration.ofSeconds(5));
        ring.confirmations.flush();
        assertThat(ring.unconfirmed()).as("marked, so that its member collects it").isEqualTo("b");
    }

    /** The commit was applied before it was answered; the blob may have been swept in between. */
    @Test
    void whatHadLandedWhenTheCommitWasAnsweredKeepsItsMarkTooWhenItsSessionHasEnded() {
        Written written = ring.begin(sample(1, 5_000));
        written.chunk().completion().toCompletableFuture().join();
        eventually("all I/O is over", () -> ring.pool.outstandingCount() == 0);
        ring.sessionLives = session -> session != written.chunk().header().session();
        written.blob().committed(requests::prolong);
        ring.confirmations.flush();
        assertThat(ring.unconfirmed()).isEqualTo("abc");
    }

    private Written committedWithAStraggler() {
        Written written = ring.begin(sample(1, 5_000));
        written.chunk().await();
        eventually("it hangs", () -> hits(Fault.DELAY) == 1);
        written.blob().committed(requests::prolong);
        ring.confirmations.flush();
        assertThat(ring.unconfirmed()).isEqualTo("ac");
        return written;
    }

    private void sweep(SampleChunk chunk) {
        ring.stores.forEach(store -> store.delete(List.of(chunk.id())));
    }

    /** Stands for the requests of a session. */
    private static final class Requests {
        final AtomicInteger prolonged = new AtomicInteger();

        Runnable prolong() {
            prolonged.incrementAndGet();
            return prolonged::decrementAndGet;
        }
    }

    @Test
    void anUnknownOutcomeNeitherDeletesNorConfirms() {
        Written written = ring.begin(sample(1, 5_000));
        written.chunk().await();
        written.blob().leaveToCollection();
        written.chunk().completion().toCompletableFuture().join();
        ring.confirmations.flush();
        assertThat(ring.unconfirmed()).isEqualTo("abc");
        assertThatThrownBy(written.blob()::rollback).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> written.blob().committed(requests::prolong))
                .isInstanceOf(IllegalStateException.class);
        written.blob().leaveToCollection();
    }

    @Test
    void aBlobWhoseChunkLacksItsQuorumCannotBeCommitted() {
        ring.store(0).delay(TestRing.LONG, Operation.PUT);
        ring.store(1).delay(TestRing.LONG, Operation.PUT);
        Written written = ring.begin(sample(1, 5_000));
        assertThatThrownBy(() -> written.blob().committed(requests::prolong))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("quorum");
        written.blob().rollback();
        assertThatThrownBy(() -> written.blob().committed(requests::prolong))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> ring.write(written.blob(), sample(1, 5_000)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void stragglersHoldNoMoreThanTheirShare() {
        ring.store(2).delay(TestRing.LONG, Operation.PUT);
        long share = ring.pool.capacityBytes() / 4;
        int size = 1 << 20;
        List<Written> all = new ArrayList<>();
        for (int seed = 0; seed < 20; seed++) {
            Written written = ring.begin(sample(seed, size));
            written.chunk().await();
            all.add(written);
            assertThat(ring.writer.stragglerBytes()).isLessThanOrEqualTo(share + size);
        }
        eventually("the others went back", () -> ring.pool.inUseBytes() <= share + size);
        assertThat(ring.listener.count("dropped c")).isGreaterThanOrEqualTo(15);
        assertThat(all.getLast().chunk().completion().toCompletableFuture().join().failed())
                .containsExactly(ring.slots.get(2));
    }

    @Test
    void aMemberThatIsBehindIsAskedAllTheSameWhenItIsNeeded() {
        ring.store(2).delay(Duration.ofSeconds(5), Operation.PUT);
        for (int seed = 0; seed < 8; seed++) {
            ring.begin(sample(seed, 1 << 20)).chunk().await();
        }
        assertThat(ring.listener.count("dropped c")).isPositive();
        long asked = ring.store(2).hits(Fault.DELAY);
        ring.store(0).fail(Reason.IO, Operation.PUT);
        Written needed = ring.begin(sample(99, 5_000));
        eventually("c is asked", () -> ring.store(2).hits(Fault.DELAY) == asked + 1);
        ring.time.advance(Duration.ofSeconds(5));
        needed.chunk().await();
        assertThat(needed.chunk().outcome().failed()).containsExactly(ring.slots.get(0));
    }

    @Test
    void tooManyCallsUnderWayAtAMemberAreRefused() {
        ReplicationSettings defaults = ReplicationSettings.defaults();
        ring.close();
        ring =
                new TestRing(
                        ring.replication(),
                        new ReplicationSettings(
                                defaults.putDeadline(),
                                defaults.readDeadline(),
                                defaults.controlDeadline(),
                                4,
                                defaults.breaker(),
                                defaults.hedge(),
                                defaults.confirmations(),
                                defaults.repair()));
        ring.store(0).delay(TestRing.LONG, Operation.PUT);
        for (int seed = 0; seed < 10; seed++) {
            Written written = ring.begin(sample(seed, 5_000));
            written.chunk().await();
            eventually("b and c have it", () -> written.chunk().outcome().acked().size() == 2);
        }
        eventually("only four got through", () -> hits(Fault.DELAY) == 4);
    }

    @Test
    void chunksOfAnotherBlobAreRefused() {
        BlobReplicas blob = ring.writer.open(sample(1, 10).id().blob());
        assertThatThrownBy(() -> ring.write(blob, sample(2, 10)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fewerSlotsThanTheWriteQuorumFailWithoutSending() {
        MemberId unknown = new MemberId(new UUID(9, 9));
        ring.slots.set(0, unknown);
        ring.slots.set(1, new MemberId(new UUID(9, 8)));
        Written written = ring.begin(sample(1, 10));
        assertRefused(written, Kind.UNAVAILABLE);
        assertThat(ring.store(2).calls(Operation.PUT)).isZero();
        assertThat(ring.listener.count("write false 0 0")).isEqualTo(1);
    }

    private long hits(Fault fault) {
        return ring.stores.stream().mapToLong(store -> store.hits(fault)).sum();
    }

    private static void assertRefused(Written written, Kind kind) {
        assertThatThrownBy(written.chunk()::await)
                .isInstanceOfSatisfying(
                        ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
