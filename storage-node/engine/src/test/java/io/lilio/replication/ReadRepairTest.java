package io.lilio.replication;

import static io.lilio.replication.TestRing.eventually;
import static io.lilio.replication.TestRing.sample;
import static io.lilio.replication.TestRing.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.FaultyChunkStore;
import io.lilio.chunk.FaultyChunkStore.Operation;
import io.lilio.chunk.SampleChunk;
import io.lilio.placement.Replication;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadRepairTest {

    private static final Duration STEP = Duration.ofMillis(100);

    private TestRing ring = new TestRing(3, 2, 2);

    @AfterEach
    void everyBufferIsBack() {
        ring.close();
    }

    @Test
    void aReadBringsAReplicaThatLacksTheChunkLevel() {
        SampleChunk chunk = ring.stored(1, 300_000);
        ring.stores.forEach(store -> store.confirm(List.of(chunk.id()), SampleChunk.EPOCH));
        ring.store(1).delete(List.of(chunk.id()));
        ring.assertReads(chunk);
        ring.eventuallyInTime("b has it", STEP, () -> ring.holders(chunk).equals("abc"));
        assertThat(chunk.readFrom(ring.store(1))).isEqualTo(chunk.bytes());
        assertThat(ring.unconfirmed()).as("the copy is not confirmed").isEqualTo("b");
        eventually("it is counted", () -> ring.listener.count("repaired b") == 1);
    }

    @Test
    void whatWasFoundCompleteIsNotAskedForAgainForAWhile() {
        SampleChunk chunk = ring.stored(1, 5_000);
        SampleChunk other = ring.stored(2, 5_000);
        ring.assertReads(chunk);
        eventually("it is noted", () -> ring.reader.latelyComplete().contains(chunk.id()));
        long asked = ring.store(1).calls(Operation.STAT);
        ring.assertReads(chunk);
        assertThat(ring.store(1).calls(Operation.STAT)).isEqualTo(asked);
        ring.assertReads(other);
        eventually("another is", () -> ring.store(1).calls(Operation.STAT) > asked);

        ring.store(1).delete(List.of(chunk.id()));
        ring.time.advance(ChunkReader.COMPLETE_FOR);
        ring.assertReads(chunk);
        ring.eventuallyInTime("b has it", STEP, () -> ring.holders(chunk).equals("abc"));
        assertThat(ring.reader.latelyComplete().contains(chunk.id()))
                .as("what lacked a copy is asked for again")
                .isFalse();
    }

    @Test
    void aCorruptReplicaIsReplaced() {
        SampleChunk chunk = ring.stored(1, 300_000);
        ring.store(0).flipBit(chunk.id());
        ring.assertReads(chunk);
        ring.eventuallyInTime("mended", STEP, () -> ring.listener.count("repaired a") == 1);
        assertThat(chunk.readFrom(ring.store(0))).isEqualTo(chunk.bytes());
        assertThat(ring.listener.count("corrupt a")).isEqualTo(1);
    }

    @Test
    void aSourceThatTurnsOutToBeBadIsReplacedWithTheOthers() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.store(0).flipBit(chunk.id());
        ring.store(1).delete(List.of(chunk.id()));

        CopyOutcome outcome =
                new ChunkCopier(ring.members, ring.pool)
                        .bringLevel(chunk.id(), ring.slots, ring.slots, List.of());

        assertThat(outcome.had()).containsExactly(ring.slots.get(2));
        assertThat(outcome.copied())
                .containsExactlyInAnyOrder(ring.slots.get(0), ring.slots.get(1));
        assertThat(chunk.readFrom(ring.store(0))).isEqualTo(chunk.bytes());
    }

    @Test
    void aSourceThatCannotBeReadIsNotOneThatHasIt() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.store(0).fail(Reason.IO, Operation.READ);
        ring.store(1).delete(List.of(chunk.id()));

        CopyOutcome outcome =
                new ChunkCopier(ring.members, ring.pool)
                        .bringLevel(chunk.id(), ring.slots, ring.slots, List.of());

        assertThat(outcome.failed()).containsExactly(ring.slots.get(0));
        assertThat(outcome.copied()).containsExactly(ring.slots.get(1));
    }

    /** Another repair may have replaced it since it was found to be bad. */
    @Test
    void aReplacementThatFailsTakesNoCopyAway() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.store(0).flipBit(chunk.id()).fail(Reason.IO, Operation.PUT);

        CopyOutcome outcome =
                new ChunkCopier(ring.members, ring.pool)
                        .bringLevel(chunk.id(), ring.slots, ring.slots, List.of(ring.slots.get(0)));

        assertThat(outcome.failed()).containsExactly(ring.slots.get(0));
        assertThat(ring.holders(chunk)).isEqualTo("abc");
    }

    @Test
    void itsSweepIsHeldBackFromBeforeTheOwnerIsReadUntilTheCopyIsWritten() {
        List<String> seen = new CopyOnWriteArrayList<>();
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.holding =
                () -> {
                    seen.add("held");
                    return () -> seen.add("let go with " + ring.holders(chunk));
                };
        ring.owners =
                header -> {
                    seen.add("owner");
                    return true;
                };
        ring.store(1).delete(List.of(chunk.id()));
        ring.assertReads(chunk);
        ring.eventuallyInTime("it is over", STEP, () -> seen.size() == 3);
        assertThat(seen).containsExactly("held", "owner", "let go with abc");
    }

    @Test
    void aMemberThatCannotTakeTheCopyIsCountedAndCostsNoReadOfTheChunk() {
        SampleChunk chunk = ring.stored(1, 300_000);
        ring.store(1).delete(List.of(chunk.id()));
        ring.store(1).fillDisk();
        ring.assertReads(chunk);
        long read = reads();
        ring.eventuallyInTime("given up", STEP, () -> ring.listener.count("repair failed") == 1);
        assertThat(reads()).isEqualTo(read);
        assertThat(ring.holders(chunk)).isEqualTo("ac");
    }

    @Test
    void anErrorEndsOneRepairAndTakesNoWorkerAway() {
        ring.owners =
                header -> {
                    throw new AssertionError("no stack is left");
                };
        for (int seed = 1; seed <= TestRing.settings().repair().workers() + 1; seed++) {
            SampleChunk chunk = ring.stored(seed, 5_000);
            ring.store(1).delete(List.of(chunk.id()));
            ring.assertReads(chunk);
            eventually("it waits", () -> ring.repair.waitingCount() == 1);
            assertThatThrownBy(() -> ring.time.advance(Duration.ofSeconds(1)))
                    .isInstanceOf(AssertionError.class);
        }
    }

    private long reads() {
        return ring.stores.stream().mapToLong(store -> store.calls(Operation.READ)).sum();
    }

    @Test
    void aReplicaWhoseFileIsGoneWhileItsIndexKnowsItIsReplaced() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.store(0).loseFile(chunk.id());
        ring.assertReads(chunk);
        ring.eventuallyInTime("mended", STEP, () -> ring.listener.count("repaired a") == 1);
        assertThat(chunk.readFrom(ring.store(0))).isEqualTo(chunk.bytes());
    }

    @Test
    void aSuspectThatTurnsOutWellIsLeftAlone() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.repair.offer(chunk.header(), Set.of(ring.slots.get(0)));
        ring.eventuallyInTime(
                "it was verified", STEP, () -> ring.store(0).calls(Operation.VERIFY) == 1);
        eventually("nothing waits", () -> ring.repair.waitingCount() == 0);
        ring.repair.close();
        assertThat(ring.store(0).calls(Operation.DELETE)).isZero();
        assertThat(ring.listener.lines()).isEmpty();
    }

    @Test
    void nothingIsBroughtBackThatHasNoOwnerAnyMore() {
        AtomicInteger lookUps = new AtomicInteger();
        ring.owners =
                header -> {
                    lookUps.incrementAndGet();
                    return false;
                };
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.store(1).delete(List.of(chunk.id()));
        ring.assertReads(chunk);
        ring.eventuallyInTime("it was looked up", STEP, () -> lookUps.get() == 1);
        ring.repair.close();
        assertThat(ring.holders(chunk)).isEqualTo("ac");
    }

    @Test
    void anOwnerThatCannotBeLookedUpStopsTheRepair() {
        ring.owners =
                header -> {
                    throw new IllegalStateException("no metadata (injected)");
                };
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.store(1).delete(List.of(chunk.id()));
        ring.assertReads(chunk);
        ring.eventuallyInTime(
                "it is counted", STEP, () -> ring.listener.count("repair failed") == 1);
        assertThat(ring.holders(chunk)).isEqualTo("ac");
    }

    @Test
    void whatIsJustBeingWrittenIsGivenTimeToArrive() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.store(1).delete(List.of(chunk.id()));
        ring.assertReads(chunk);
        eventually("it waits", () -> ring.repair.waitingCount() == 1);
        chunk.putInto(ring.store(1));
        long puts = ring.store(1).calls(Operation.PUT);
        ring.eventuallyInTime("it was looked at", STEP, () -> ring.repair.waitingCount() == 0);
        ring.repair.close();
        assertThat(ring.store(1).calls(Operation.PUT)).isEqualTo(puts);
        assertThat(ring.listener.count("repaired b")).isZero();
    }

    @Test
    void theQueueIsBoundedAndHoldsEachChunkOnce() {
        ReplicationSettings defaults = TestRing.settings();
        ring.close();
        ring =
                new TestRing(
                        new Replication(3, 2, 2, Replication.Spread.HOST, false),
                        new ReplicationSettings(
                                defaults.putDeadline(),
                                defaults.readDeadline(),
                                defaults.controlDeadline(),
                                defaults.maxInFlight(),
                                defaults.breaker(),
                                defaults.hedge(),
                                defaults.confirmations(),
                                new ReplicationSettings.Repair(2, 1, Duration.ofSeconds(1))));
        for (int seed = 0; seed < 3; seed++) {
            ring.repair.offer(sample(seed, 10).header(), Set.of());
            ring.repair.offer(sample(seed, 10).header(), Set.of());
        }
        assertThat(ring.repair.waitingCount()).isEqualTo(2);
        assertThat(ring.listener.count("repair failed")).isEqualTo(2);
        ring.repair.close();
        assertThat(ring.repair.waitingCount()).isZero();
    }

    @Test
    void copiesGoToWhoeverLacksTheChunkFromWhoeverHasIt() {
        SampleChunk chunk = sample(1, 200_000);
        chunk.putInto(ring.store(2));
        CopyOutcome outcome = copy(chunk);
        assertThat(outcome.had()).containsExactly(ring.slots.get(2));
        assertThat(outcome.copied())
                .containsExactlyInAnyOrder(ring.slots.get(0), ring.slots.get(1));
        assertThat(outcome.level()).isTrue();
        assertThat(ring.holders(chunk)).isEqualTo("abc");
        assertThat(copy(chunk).had()).hasSize(3);
    }

    @Test
    void aSourceThatFailsIsReplacedByTheNext() {
        SampleChunk chunk = sample(1, 5_000);
        chunk.putInto(ring.store(0));
        chunk.putInto(ring.store(1));
        ring.store(0).fail(Reason.IO, Operation.READ);
        assertThat(copy(chunk).copied()).containsExactly(ring.slots.get(2));
    }

    @Test
    void aSourceThatFailsMayHaveAGoodCopyOneThatIsCorruptHasNot() {
        SampleChunk chunk = sample(1, 5_000);
        chunk.putInto(ring.store(0));
        ring.store(0).leaveUntold(chunk.id());
        CopyOutcome failing = copy(chunk);
        assertThat(failing.failed()).hasSize(3);
        assertThat(failing.sourceless()).isFalse();
        ring.store(0).flipBit(chunk.id());
        CopyOutcome corrupt = copy(chunk);
        assertThat(corrupt.failed()).hasSize(3);
        assertThat(corrupt.sourceless()).isTrue();
        ring.store(1).fail(Reason.IO, Operation.STAT);
        assertThat(copy(chunk).sourceless()).as("one has not answered").isFalse();
    }

    @Test
    void withoutAGoodCopyNothingIsDeleted() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.stores.forEach(store -> store.flipBit(chunk.id()));
        CopyOutcome outcome =
                new ChunkCopier(ring.members, ring.pool)
                        .bringLevel(chunk.id(), ring.slots, ring.slots, ring.slots);
        assertThat(outcome.failed()).hasSize(3);
        assertThat(outcome.level()).isFalse();
        assertThat(outcome.sourceless()).isTrue();
        assertThat(ring.stores.stream().mapToLong(s -> s.calls(Operation.DELETE)).sum()).isZero();
    }

    @Test
    void aMemberThatCannotBeAskedFailsTheOthersGetTheirs() {
        SampleChunk chunk = sample(1, 5_000);
        chunk.putInto(ring.store(2));
        ring.store(0).fail(Reason.IO);
        CopyOutcome outcome = copy(chunk);
        assertThat(outcome.failed()).containsExactly(ring.slots.get(0));
        assertThat(outcome.copied()).containsExactly(ring.slots.get(1));
    }

    @Test
    void otherBytesUnderOneIdAreAnAlarmAndTheMajorityCounts() {
        SampleChunk chunk = sample(1, 5_000);
        ChunkHeader header = chunk.header();
        SampleChunk other = SampleChunk.of(chunk.id(), header.owner(), 99, 5_000);
        ring.stores.forEach(FaultyChunkStore::heal);
        chunk.putInto(ring.store(0));
        chunk.putInto(ring.store(1));
        other.putInto(ring.store(2));
        CopyOutcome outcome = copy(chunk);
        assertThat(outcome.had()).containsExactlyInAnyOrder(ring.slots.get(0), ring.slots.get(1));
        assertThat(outcome.conflicting()).containsExactly(ring.slots.get(2));
        assertThat(ring.listener.count("conflict")).isEqualTo(1);
        ring.store(1).delete(List.of(chunk.id()));
        assertThat(outcome.sourceless()).isFalse();
        CopyOutcome undecided = copy(chunk);
        assertThat(undecided.conflicting())
                .as("one against one: nobody knows which is right")
                .hasSize(2);
        assertThat(undecided.sourceless()).isTrue();
        assertThat(ring.holders(chunk)).isEqualTo("ac");
    }

    @Test
    void aReadThatMeetsOtherBytesHasThemLookedAt() {
        SampleChunk chunk = sample(1, 5_000);
        chunk.putInto(ring.store(0));
        SampleChunk.of(chunk.id(), chunk.header().owner(), 99, 5_000).putInto(ring.store(1));
        chunk.putInto(ring.store(2));
        try (ChunkRead read = ring.reader.read(whole(chunk))) {
            read.await().close();
        }
        ring.eventuallyInTime("alarm", STEP, () -> ring.listener.count("conflict") == 1);
        assertThat(ring.store(1).calls(Operation.DELETE)).isZero();
    }

    private CopyOutcome copy(SampleChunk chunk) {
        return new ChunkCopier(ring.members, ring.pool)
                .bringLevel(chunk.id(), ring.slots, ring.slots, List.of());
    }
}
