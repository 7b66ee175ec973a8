package io.lilio.maintenance.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.content.BlobRef;
import io.lilio.chunk.BackendException;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkOwner;
import io.lilio.chunk.FaultyChunkStore;
import io.lilio.chunk.FaultyChunkStore.Fault;
import io.lilio.chunk.FaultyChunkStore.Operation;
import io.lilio.chunk.SampleChunk;
import io.lilio.maintenance.Fixture;
import io.lilio.maintenance.drop.GatedChunkStore;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.Run;
import io.lilio.maintenance.run.RunResult;
import io.lilio.maintenance.run.WalkTotals;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.session.InFlight;
import io.lilio.placement.MemberId;
import io.lilio.placement.RingView;
import io.lilio.replication.BreakerState;
import io.lilio.replication.MemberStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PartitionRepairTest {

    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Fixture f = new Fixture(4);
    private final PartitionRepair repair = new PartitionRepair(f.heal, f.time, PATIENCE);
    private final Scrub scrub = new Scrub(f.heal);

    @AfterEach
    void close() {
        f.close();
    }

    @Test
    void aBackendThatLostEverythingIsBroughtLevelAndAScrubFindsNothing() {
        List<BlobRef> blobs = objects();
        MemberId lost = f.member(1);
        int held = f.held(lost).size();
        f.inner(lost).delete(f.held(lost));

        Run run = f.run(repair);

        assertThat(run.counted(Counter.CHUNKS_COPIED)).isEqualTo(held);
        assertThat(run.counted(Counter.CHUNKS_UNREPAIRED)).isZero();
        assertThat(leftWork(run)).isFalse();
        assertThat(f.held(lost)).hasSize(held);
        for (BlobRef blob : blobs) {
            assertThat(f.copies(blob)).isEqualTo(3 * blob.chunks());
        }
        Run scrubbed = f.run(scrub);
        assertThat(scrubbed.counted(Counter.CHUNKS_BAD)).isZero();
        assertThat(scrubbed.counted(Counter.CHUNKS_VERIFIED))
                .isEqualTo(blobs.stream().mapToInt(blob -> 3 * blob.chunks()).sum());
    }

    @Test
    void aScrubThatAMemberDidNotAnswerMendsTheOthersAndIsToRunAgain() {
        BlobRef blob = f.put("cat.jpg", 5);
        ChunkId chunk = Fixture.chunksOf(blob).getFirst();
        List<MemberId> slots = f.slots(chunk, blob);
        f.store(slots.get(0)).fail(BackendException.Reason.IO, Operation.VERIFY);
        f.store(slots.get(1)).flipBit(chunk);

        Run run = f.run(scrub);

        assertThat(run.counted(Counter.PARTITIONS_INCOMPLETE)).isPositive();
        assertThat(run.counted(Counter.CHUNKS_BAD)).isOne();
        assertThat(scrub.leftWork(result(run))).isPresent();
        f.store(slots.get(0)).heal();
        Run second = f.run(scrub);
        assertThat(second.counted(Counter.CHUNKS_BAD)).isZero();
        assertThat(scrub.leftWork(result(second))).isEmpty();
    }

    @Test
    void aMemberThatIsAwayIsNoReasonToReadAllOthersAgainSoon() {
        BlobRef blob = f.put("cat.jpg", 40);
        MemberId away = f.member(1);
        f.store(away).fail(BackendException.Reason.IO);

        Run run = f.run(scrub);

        int elsewhere = f.copies(blob) - f.copiesAt(away, blob);
        assertThat(run.counted(Counter.CHUNKS_VERIFIED)).isEqualTo(elsewhere);
        assertThat(run.counted(Counter.PARTITIONS_INCOMPLETE)).isZero();
        assertThat(f.store(away).calls(Operation.LIST)).as("it is known to be away").isZero();
        assertThat(scrub.leftWork(result(run))).isEmpty();
    }

    @Test
    void aMemberThatStoppedAnsweringCountsOnlyUntilThatIsKnown() {
        f.put("cat.jpg", 40);
        f.store(f.member(1)).fail(BackendException.Reason.IO, Operation.LIST);
        assertThat(scrub.leftWork(result(f.run(scrub)))).isPresent();
        assertThat(f.members.find(f.member(1)).orElseThrow().readState())
                .isNotEqualTo(BreakerState.CLOSED);

        Run second = f.run(scrub);

        assertThat(second.counted(Counter.PARTITIONS_INCOMPLETE)).isZero();
        assertThat(scrub.leftWork(result(second))).isEmpty();
    }

    @Test
    void aBadCopyThatCouldNotBeReplacedIsTriedAgainSoon() {
        BlobRef blob = f.put("cat.jpg", 1);
        ChunkId chunk = Fixture.chunksOf(blob).getFirst();
        List<MemberId> slots = f.slots(chunk, blob);
        f.store(slots.get(0)).flipBit(chunk);
        for (MemberId source : slots.subList(1, 3)) {
            f.store(source).fail(BackendException.Reason.OVERLOADED, Operation.READ);
        }

        Run run = f.run(scrub);

        assertThat(run.counted(Counter.CHUNKS_BAD)).isOne();
        assertThat(run.counted(Counter.PARTITIONS_INCOMPLETE)).isZero();
        assertThat(scrub.leftWork(result(run))).isPresent();
        f.stores.values().forEach(FaultyChunkStore::heal);
        Run second = f.run(scrub);
        assertThat(second.counted(Counter.CHUNKS_COPIED)).isOne();
        assertThat(scrub.leftWork(result(second))).isEmpty();
    }

    @Test
    void oneChunkThatAMemberCannotTellAboutHidesNoneBehindIt() {
        BlobRef blob = f.put("cat.jpg", 100);
        MemberId member = f.member(1);
        List<ChunkId> held = new ArrayList<>(f.held(member));
        held.sort(
                Comparator.comparingInt((ChunkId id) -> id.partition(Fixture.PARTITIONS))
                        .thenComparing(Comparator.naturalOrder()));
        f.store(member).leaveUntold(held.getFirst());
        List<ChunkId> behind = held.subList(1, held.size());
        behind.forEach(f.store(member)::flipBit);
        assertThat(behind.getFirst().partition(Fixture.PARTITIONS))
                .as("at least one is listed behind it")
                .isEqualTo(held.getFirst().partition(Fixture.PARTITIONS));

        Run run = f.run(scrub);

        assertThat(f.store(member).hits(Fault.UNTOLD)).isPositive();
        assertThat(run.counted(Counter.CHUNKS_BAD)).isEqualTo(behind.size());
        assertThat(run.counted(Counter.PARTITIONS_INCOMPLETE)).isOne();
        assertThat(scrub.leftWork(result(run))).isPresent();
        assertThat(f.held(member)).containsExactlyInAnyOrderElementsOf(held);
        assertThat(f.copies(blob)).isEqualTo(300);
        Run second = f.run(scrub);
        assertThat(second.counted(Counter.CHUNKS_BAD)).isZero();
    }

    @Test
    void membersThatAgreeAreNotEvenComparedChunkByChunk() {
        Fixture three = new Fixture();
        try (three) {
            three.put("cat.jpg", 20);
            Run run = three.run(new PartitionRepair(three.heal, three.time, PATIENCE));
            assertThat(run.counted(Counter.CHUNKS_LISTED)).isEqualTo(60);
            assertThat(run.counted(Counter.CHUNKS_COPIED)).isZero();
        }
    }

    @Test
    void whatIsLookedAtIsCountedOnceAndItsTotalIsKnownFromTheBeginning() {
        Fixture three = new Fixture();
        try (three) {
            BlobRef blob = three.put("cat.jpg", 20);
            three.inner(three.member(1)).delete(Fixture.chunksOf(blob).subList(0, 5));
            Run run = three.run(new PartitionRepair(three.heal, three.time, PATIENCE));
            assertThat(run.counted(Counter.CHUNKS_COPIED)).isEqualTo(5);
            assertThat(run.counted(Counter.CHUNKS_LISTED)).isEqualTo(55);
            assertThat(run.counted(Counter.OBJECTS_TOTAL)).isEqualTo(55);
            assertThat(run.counted(Counter.PARTITIONS_TOTAL)).isEqualTo(Fixture.PARTITIONS);
            assertThat(run.counted(Counter.BYTES_TOTAL)).as("what lacks is not known").isZero();
            WalkTotals.count(run, Fixture.PARTITIONS, three.heal.members(), false);
            assertThat(run.counted(Counter.OBJECTS_TOTAL)).as("of its beginning").isEqualTo(55);
        }
    }

    @Test
    void aScrubKnowsFromTheBeginningHowMuchThereIsToBeRead() {
        Fixture three = new Fixture();
        try (three) {
            three.put("cat.jpg", 20);
            Run run = three.run(new Scrub(three.heal));
            assertThat(run.counted(Counter.CHUNKS_VERIFIED)).isEqualTo(60);
            assertThat(run.counted(Counter.OBJECTS_TOTAL)).isEqualTo(60);
            assertThat(run.counted(Counter.BYTES_TOTAL))
                    .isEqualTo(run.counted(Counter.BYTES))
                    .isEqualTo(60 * Fixture.CHUNK_BYTES);
        }
    }

    /** Rule REPAIR_READS_OWNER. */
    @Test
    void nothingIsBroughtBackThatNobodyOwns() {
        BlobRef deleted = f.put("cat.jpg", 5);
        BlobRef unfinished;
        try (InFlight reader = f.sessions.begin()) {
            f.delete("cat.jpg");
            unfinished = f.write(reader, "dog.jpg", 5);
            dropOneCopyOfEach(deleted);
            dropOneCopyOfEach(unfinished);

            Run run = f.run(repair);

            assertThat(run.counted(Counter.CHUNKS_COPIED)).isZero();
        }
        assertThat(f.copies(deleted)).isEqualTo(10);
        assertThat(f.copies(unfinished)).isEqualTo(10);
    }

    /** Rule COPIES_ARE_UNCONFIRMED. */
    @Test
    void copiesStayUnconfirmedUntilAllSlotsHaveOne() {
        BlobRef blob = f.put("cat.jpg", 1);
        ChunkId chunk = Fixture.chunksOf(blob).getFirst();
        List<MemberId> slots = f.slots(chunk, blob);
        slots.forEach(slot -> f.inner(slot).confirm(List.of(chunk), 1));
        f.inner(slots.get(1)).delete(List.of(chunk));
        f.inner(slots.get(2)).delete(List.of(chunk));
        f.store(slots.get(2)).fail(BackendException.Reason.IO);

        Run run = f.run(repair);

        assertThat(run.counted(Counter.CHUNKS_COPIED)).isEqualTo(1);
        assertThat(run.counted(Counter.PARTITIONS_INCOMPLETE)).isPositive();
        assertThat(leftWork(run)).isTrue();
        assertThat(f.inner(slots.get(1)).usage().unconfirmed()).isEqualTo(1);
    }

    /** Rule CONFIRM_WHILE_LIVE: its mark holds nothing back any more. */
    @Test
    void aHealerWhoseSessionHasEndedConfirmsNothing() {
        BlobRef blob = f.put("cat.jpg", 1);
        ChunkId chunk = Fixture.chunksOf(blob).getFirst();
        var header = f.inner(f.slots(chunk, blob).getFirst()).stat(chunk).orElseThrow();
        try (Healer healer = new Healer(f.heal, f.run(repair))) {
            healer.heal(header, Set.of());
            f.metadata.endLeases();
        }
        assertThat(f.unconfirmed()).isEqualTo(3);
    }

    /** What a healer does not know is no reason to confirm. */
    @Test
    void aHealerThatCannotTellWhetherItsSessionLivesConfirmsNothing() {
        BlobRef blob = f.put("cat.jpg", 1);
        ChunkId chunk = Fixture.chunksOf(blob).getFirst();
        var header = f.inner(f.slots(chunk, blob).getFirst()).stat(chunk).orElseThrow();
        try (Healer healer = new Healer(f.heal, f.run(repair))) {
            healer.heal(header, Set.of());
            f.metadata.afterReads(
                    1,
                    () -> {
                        throw new MetadataUnavailableException("injected", null);
                    });
        }
        assertThat(f.unconfirmed()).isEqualTo(3);
    }

    /** As metadata leave it that were put back to before a change of the ring. */
    @Test
    void chunksOfAnEpochThatTheRingDoesNotKnowHoldUpNoOthers() {
        List<BlobRef> blobs = objects();
        blobs.forEach(this::dropOneCopyOfEach);
        SampleChunk forgotten = SampleChunk.of(1, Fixture.CHUNK_BYTES);
        MemberId holder =
                f.ring.current().slots(forgotten.id().partition(Fixture.PARTITIONS), 1).getFirst();
        forgotten.putInto(f.inner(holder));
        assertThat(forgotten.header().epoch()).isGreaterThan(f.ring.current().epoch());

        Run run = f.run(repair);

        assertThat(blobs).allSatisfy(b -> assertThat(f.copies(b)).isEqualTo(3 * b.chunks()));
        assertThat(leftWork(run)).as("nobody owns it, so nobody lacks it").isFalse();
    }

    /** As while a sweep has been at some of its members and not yet at others. */
    @Test
    void whatAMemberWasToldToDeleteAMomentAgoIsNotMissingThere() {
        BlobRef blob = f.put("cat.jpg", 1);
        ChunkId chunk = Fixture.chunksOf(blob).getFirst();
        MemberId swept = f.slots(chunk, blob).getFirst();
        var gated = new GatedChunkStore(f.store(swept), f.ring, f.time);
        f.members.add(new MemberStore(swept, "swept", "node", true, gated));
        gated.delete(List.of(chunk));

        Run run = f.run(repair);

        assertThat(run.counted(Counter.CHUNKS_COPIED)).isZero();
        assertThat(run.counted(Counter.CHUNKS_UNREPAIRED)).isZero();
        assertThat(leftWork(run)).isFalse();
        assertThat(f.store(swept).stat(chunk)).isEmpty();
    }

    /** It cannot be, and nobody can say where such a chunk belongs. */
    @Test
    void anOwnedChunkOfAnEpochThatTheRingDoesNotKnowIsLeftAndCounted() {
        BlobRef blob = f.put("cat.jpg", 1);
        ChunkOwner owner = new ChunkOwner.OfObject(f.bucket.id(), "cat.jpg");
        SampleChunk forgotten = SampleChunk.of(new ChunkId(blob.id(), 3, 0), owner, 1, 500);
        forgotten.putInto(f.inner(f.slots(forgotten.id(), blob).getFirst()));

        Run run = f.run(repair);

        assertThat(run.counted(Counter.CHUNKS_UNREPAIRED)).isOne();
        assertThat(run.counted(Counter.CHUNKS_COPIED)).isZero();
    }

    @Test
    void copiesUnderAnOlderTableAreSpreadOverThatTable() {
        List<BlobRef> before = objects();
        f.join();
        List<BlobRef> after = objects();
        for (BlobRef blob : before) {
            dropOneCopyOfEach(blob);
        }
        for (BlobRef blob : after) {
            dropOneCopyOfEach(blob);
        }

        f.run(repair);

        int moving = 0;
        for (BlobRef blob : before) {
            for (ChunkId chunk : Fixture.chunksOf(blob)) {
                boolean stays = isWhereTheNewestTableWantsIt(chunk, blob);
                moving += stays ? 0 : 1;
                for (MemberId slot : f.slots(chunk, blob)) {
                    assertThat(f.inner(slot).stat(chunk)).isPresent();
                    assertThat(isMarked(slot, chunk)).as("its mark").isEqualTo(!stays);
                }
            }
        }
        assertThat(moving).isPositive();
        assertThat(after).allSatisfy(b -> assertThat(f.copies(b)).isEqualTo(3 * b.chunks()));
    }

    private boolean isWhereTheNewestTableWantsIt(ChunkId chunk, BlobRef blob) {
        RingView view = f.ring.current();
        List<MemberId> newest = view.ring().table().members(chunk.partition(view.partitions()));
        return Set.copyOf(f.slots(chunk, blob)).equals(Set.copyOf(newest));
    }

    private boolean isMarked(MemberId member, ChunkId chunk) {
        return f.inner(member).unconfirmed(Duration.ZERO, null, 10_000).stream()
                .anyMatch(marked -> marked.header().id().equals(chunk));
    }

    @Test
    void aScrubReplacesWhatIsBadFromWhatIsGood() {
        BlobRef blob = f.put("cat.jpg", 12);
        List<ChunkId> chunks = Fixture.chunksOf(blob);
        MemberId flipped = f.slots(chunks.get(0), blob).get(0);
        MemberId lost = f.slots(chunks.get(5), blob).get(1);
        f.store(flipped).flipBit(chunks.get(0));
        f.store(lost).loseFile(chunks.get(5));

        Run first = f.run(scrub);

        assertThat(f.store(flipped).hits(Fault.FLIPPED_BIT)).isPositive();
        assertThat(f.store(lost).hits(Fault.LOST_FILE)).isPositive();
        assertThat(first.counted(Counter.CHUNKS_BAD)).isEqualTo(2);
        assertThat(f.corrupt).containsExactly(chunks.get(0));
        assertThat(first.counted(Counter.CHUNKS_COPIED)).isEqualTo(2);
        Run second = f.run(scrub);
        assertThat(second.counted(Counter.CHUNKS_BAD)).isZero();
        assertThat(second.counted(Counter.CHUNKS_VERIFIED)).isEqualTo(36);
    }

    @Test
    void aBadCopyIsKeptWhenThereIsNoGoodOne() {
        BlobRef blob = f.put("cat.jpg", 1);
        ChunkId chunk = Fixture.chunksOf(blob).getFirst();
        f.slots(chunk, blob).forEach(slot -> f.store(slot).flipBit(chunk));

        Run run = f.run(scrub);

        assertThat(run.counted(Counter.CHUNKS_BAD)).isEqualTo(3);
        assertThat(run.counted(Counter.CHUNKS_COPIED)).isZero();
        assertThat(run.counted(Counter.CHUNKS_UNREPAIRED)).isEqualTo(3);
        assertThat(f.copies(blob)).isEqualTo(3);
    }

    private boolean leftWork(Run run) {
        return repair.leftWork(result(run)).isPresent();
    }

    private static RunResult result(Run run) {
        return new RunResult(RunResult.Outcome.SUCCEEDED, run.counts(), "");
    }

    private List<BlobRef> objects() {
        List<BlobRef> blobs = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            blobs.add(f.put("key" + blobs.size() + f.ring.current().epoch(), 1 + i % 5));
        }
        return blobs;
    }

    private void dropOneCopyOfEach(BlobRef blob) {
        for (ChunkId chunk : Fixture.chunksOf(blob)) {
            f.inner(f.slots(chunk, blob).get(chunk.index() % 3)).delete(List.of(chunk));
        }
    }
}
