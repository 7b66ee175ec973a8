package io.lilio.maintenance.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.content.BlobRef;
import io.lilio.chunk.BackendException;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkOrigin;
import io.lilio.chunk.ChunkOwner;
import io.lilio.chunk.FaultyChunkStore;
import io.lilio.chunk.FaultyChunkStore.Fault;
import io.lilio.chunk.FaultyChunkStore.Operation;
import io.lilio.maintenance.Fixture;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.Run;
import io.lilio.maintenance.run.RunResult;
import io.lilio.metadata.session.InFlight;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Ring;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Of which members a repair says that they have again what they had lost. */
@Timeout(120)
class RefillsTest {

    private static final long LOSS = 7;

    private final Fixture f = new Fixture(3);
    private final PartitionRepair repair =
            new PartitionRepair(f.heal, f.time, Duration.ofMillis(500));
    private final MemberId lost = f.member(1);
    private final FaultyChunkStore store = f.store(lost);

    @AfterEach
    void close() {
        f.close();
    }

    @Test
    void aRepairThatSawEverythingEndsTheLossesThatWereThereWhenItBegan() {
        f.put("cat.jpg", 20);
        store.lose(LOSS);
        f.store(f.member(2)).fail(BackendException.Reason.IO, Operation.LIST);
        assertThat(leftWork(f.run(repair))).isTrue();
        assertThat(loss()).as("one did not answer").isEqualTo(LOSS);
        f.store(f.member(2)).heal();
        repairUntilLevel();
        assertThat(loss()).isZero();
    }

    /** Rule REFILL_WAITS_FOR_MARKS: what a request has not committed yet is not copied. */
    @Test
    void aLossStaysAsLongAsARequestMayOwnWhatWasAcknowledgedBeforeIt() {
        try (InFlight upload = f.sessions.begin()) {
            BlobRef blob = f.write(upload, "cat.jpg", 5);
            Fixture.chunksOf(blob).forEach(chunk -> f.inner(lost).delete(List.of(chunk)));
            store.lose(LOSS);

            Run early = f.run(repair);

            assertThat(early.counted(Counter.CHUNKS_COPIED)).as("it has no owner").isZero();
            assertThat(loss()).isEqualTo(LOSS);
            assertThat(leftWork(early)).as("it is to be done soon").isTrue();
            f.commit(upload, "cat.jpg", blob);
        }

        Run late = f.run(repair);

        assertThat(late.counted(Counter.CHUNKS_COPIED)).isEqualTo(5);
        assertThat(loss()).isZero();
        assertThat(leftWork(late)).isFalse();
    }

    @Test
    void aLossThatComesWhileItIsRepairedStays() {
        BlobRef blob = f.put("cat.jpg", 3);
        Fixture.chunksOf(blob).forEach(chunk -> f.inner(lost).delete(List.of(chunk)));
        store.lose(LOSS);
        store.delay(Duration.ofMillis(300), Operation.PUT);
        f.time.schedule(Duration.ofMillis(150), () -> store.lose(8));

        Run run = f.run(repair);

        assertThat(run.counted(Counter.CHUNKS_COPIED)).isEqualTo(3);
        assertThat(loss()).isEqualTo(8);
        assertThat(leftWork(run)).isTrue();
    }

    @Test
    void whatAnotherMemberCannotTakeHoldsUpNobody() {
        BlobRef blob = f.put("cat.jpg", 4);
        MemberId full = f.member(2);
        for (ChunkId chunk : Fixture.chunksOf(blob)) {
            f.inner(lost).delete(List.of(chunk));
            f.inner(full).delete(List.of(chunk));
        }
        store.lose(LOSS);
        f.store(full).lose(9).fillDisk();

        Run run = f.run(repair);

        assertThat(f.copiesAt(lost, blob)).isEqualTo(4);
        assertThat(loss()).isZero();
        assertThat(f.store(full).usage().loss()).as("it lacks them still").isEqualTo(9);
        assertThat(run.counted(Counter.MEMBERS_LACKING)).isOne();
        assertThat(leftWork(run)).isTrue();
    }

    @Test
    void aChunkOfWhichNoGoodCopyIsLeftHoldsUpNobody() {
        ChunkId chunk = onlyCopyAt(f.member(0));
        f.store(f.member(0)).flipBit(chunk);
        store.lose(LOSS);

        Run run = f.run(repair);

        assertThat(f.store(f.member(0)).hits(Fault.FLIPPED_BIT)).isPositive();
        assertThat(run.counted(Counter.CHUNKS_UNREPAIRED)).isOne();
        assertThat(leftWork(run)).as("a chunk is lost").isTrue();
        assertThat(loss()).isZero();
    }

    @Test
    void aCopyThatCouldNotBeReadThisTimeMayBeGood() {
        ChunkId chunk = onlyCopyAt(f.member(0));
        f.store(f.member(0)).leaveUntold(chunk);
        store.lose(LOSS);

        Run run = f.run(repair);

        assertThat(f.store(f.member(0)).hits(Fault.UNTOLD)).isPositive();
        assertThat(run.counted(Counter.CHUNKS_UNREPAIRED)).isOne();
        assertThat(loss()).isEqualTo(LOSS);
    }

    /** One against one: nobody knows which is right, and so it stays. */
    @Test
    void aChunkOfWhichMembersHoldDifferentBytesHoldsUpNobody() {
        BlobRef blob = f.put("cat.jpg", 1);
        ChunkId chunk = Fixture.chunksOf(blob).getFirst();
        f.inner(lost).delete(List.of(chunk));
        f.inner(f.member(2)).delete(List.of(chunk));
        ByteBuffer other = ByteBuffer.allocateDirect(Fixture.CHUNK_BYTES);
        var origin =
                new ChunkOrigin(
                        blob.epoch(),
                        blob.openingRevision(),
                        f.sessions.current().incarnation(),
                        new ChunkOwner.OfObject(f.bucket.id(), "cat.jpg"));
        f.inner(f.member(2)).put(ChunkHeader.of(chunk, origin, other), other);
        store.lose(LOSS);

        Run run = f.run(repair);

        assertThat(run.counted(Counter.CHUNKS_CONFLICTING)).isPositive();
        assertThat(f.copiesAt(lost, blob)).isZero();
        assertThat(leftWork(run)).isTrue();
        assertThat(loss()).isZero();
    }

    @Test
    void aMemberThatCameBackAfterItWasLostAndIsSilentHoldsUpNobody() {
        f.put("cat.jpg", 10);
        MemberId returned = f.member(2);
        Ring ring = f.ring.current().ring();
        f.changeRing(
                ring.withMembers(
                        ring.members().stream()
                                .map(
                                        member ->
                                                member.id().equals(returned)
                                                        ? member.withState(MemberState.RETURNED)
                                                        : member)
                                .toList(),
                        Optional.empty()));
        f.store(returned).fail(BackendException.Reason.IO);
        store.lose(LOSS);

        Run run = f.run(repair);

        assertThat(run.counted(Counter.PARTITIONS_INCOMPLETE)).isPositive();
        assertThat(loss()).isZero();
    }

    private ChunkId onlyCopyAt(MemberId member) {
        BlobRef blob = f.put("cat.jpg", 1);
        ChunkId chunk = Fixture.chunksOf(blob).getFirst();
        Set.copyOf(f.slots(chunk, blob)).stream()
                .filter(slot -> !slot.equals(member))
                .forEach(slot -> f.inner(slot).delete(List.of(chunk)));
        return chunk;
    }

    private long loss() {
        return store.usage().loss();
    }

    private boolean leftWork(Run run) {
        return repair.leftWork(new RunResult(RunResult.Outcome.SUCCEEDED, run.counts(), ""))
                .isPresent();
    }

    private void repairUntilLevel() {
        boolean left = true;
        while (left) { // the breaker closes after a while
            left = leftWork(f.run(repair));
        }
    }
}
