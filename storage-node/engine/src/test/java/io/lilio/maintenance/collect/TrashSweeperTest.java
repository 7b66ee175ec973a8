package io.lilio.maintenance.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.catalog.content.BlobRef;
import io.lilio.catalog.object.Attributes;
import io.lilio.catalog.object.Conditions;
import io.lilio.catalog.upload.Assembly;
import io.lilio.catalog.upload.PartDraft;
import io.lilio.catalog.upload.Upload;
import io.lilio.catalog.upload.Uploads;
import io.lilio.chunk.BackendException;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkOwner;
import io.lilio.chunk.FaultyChunkStore.Fault;
import io.lilio.chunk.FaultyChunkStore.Operation;
import io.lilio.maintenance.Fixture;
import io.lilio.maintenance.brake.BrakeEngagedException;
import io.lilio.maintenance.brake.DeletionBrake;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.MaintenanceListener;
import io.lilio.maintenance.run.Run;
import io.lilio.metadata.session.InFlight;
import io.lilio.metadata.session.Sessions;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Ring;
import io.lilio.replication.MemberStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrashSweeperTest {

    private final Fixture f = new Fixture();
    private final TrashSweeper sweeper = sweeper(f.brake(List.of()));

    private TrashSweeper sweeper(DeletionBrake brake) {
        return new TrashSweeper(
                f.collect(brake), f.catalog.trash(), f.time, MaintenanceListener.NONE);
    }

    @AfterEach
    void close() {
        f.close();
    }

    @Test
    void whatWasOverwrittenIsDeletedAndTheNewStays() {
        BlobRef old = f.put("cat.jpg", 5);
        BlobRef fresh = f.put("cat.jpg", 3);
        f.passMarks();

        Run run = f.run(sweeper);

        assertThat(f.copies(old)).isZero();
        assertThat(f.copies(fresh)).isEqualTo(9);
        assertThat(f.catalog.trash().count()).isZero();
        assertThat(run.counted(Counter.TRASH_SWEPT)).isEqualTo(1);
    }

    /** Rule TRASH_WAITS_FOR_MARKS. */
    @Test
    void aReadUnderWayKeepsWhatItReads() {
        BlobRef blob = f.put("cat.jpg", 5);
        try (InFlight reader = f.sessions.begin()) {
            f.delete("cat.jpg");
            f.passMarks();

            Run run = f.run(sweeper);

            assertThat(f.copies(blob)).isEqualTo(15);
            assertThat(run.counted(Counter.TRASH_WAITING)).isEqualTo(1);
        }
        f.passMarks();
        f.run(sweeper);
        assertThat(f.copies(blob)).isZero();
    }

    /** Rules TRASH_WAITS_FOR_MARKS, REGISTER_BEFORE_READ. */
    @Test
    void aReadThatBeginsBetweenAnyTwoReadsOfASweepKeepsWhatItReads() {
        boolean over = false;
        for (int reads = 1; !over; reads++) {
            f.put("cat.jpg", 1);
            BlobRef blob = f.put("dog.jpg", 1);
            f.put("cat.jpg", 1);
            f.passMarks();
            List<InFlight> reader = new ArrayList<>();
            f.metadata.afterReads(
                    reads,
                    () -> {
                        reader.add(f.sessions.begin());
                        assertThat(f.catalog.objects().find("photos", "dog.jpg").version())
                                .isPresent();
                        f.delete("dog.jpg");
                        f.passMarks();
                    });
            f.run(sweeper);
            over = f.metadata.stillWaits();
            assertThat(f.copies(blob)).as("after read %d", reads).isEqualTo(3);
            reader.forEach(InFlight::close);
        }
    }

    @Test
    void aReadOnAnotherNodeKeepsItToo() {
        BlobRef blob = f.put("cat.jpg", 1);
        try (Sessions other = f.session("other")) {
            InFlight reader = other.begin();
            f.delete("cat.jpg");
            f.passMarks();
            f.run(sweeper);
            assertThat(f.copies(blob)).isEqualTo(3);
            // The other node dies: its session ends, and nobody waits for its request any more.
            assertThat(reader.openingRevision()).isPositive();
        }
        f.run(sweeper);
        assertThat(f.copies(blob)).isZero();
    }

    /** Rule SWEEP_ALL_TABLES. */
    @Test
    void copiesThatAMoverMadeUnderANewerTableGoToo() {
        BlobRef blob = f.put("cat.jpg", 30);
        MemberId joined = f.join();
        int moved = copyToNewSlots(blob, joined);
        assertThat(moved).isPositive();
        f.delete("cat.jpg");
        f.passMarks();

        f.run(sweeper);

        assertThat(f.copies(blob)).isZero();
        assertThat(f.catalog.trash().count()).isZero();
    }

    private int copyToNewSlots(BlobRef blob, MemberId joined) {
        int moved = 0;
        for (ChunkId chunk : Fixture.chunksOf(blob)) {
            if (f.ring.current()
                    .ring()
                    .slots(chunk.partition(Fixture.PARTITIONS), 2)
                    .contains(joined)) {
                MemberId source = f.slots(chunk, blob).getFirst();
                ByteBuffer bytes = ByteBuffer.allocateDirect(Fixture.CHUNK_BYTES);
                var header = f.store(source).read(chunk, 0, bytes);
                f.store(joined).put(header, bytes.flip());
                moved++;
            }
        }
        return moved;
    }

    @Test
    void theRecordStaysUntilEveryMemberHasAnswered() {
        BlobRef blob = f.put("cat.jpg", 4);
        BlobRef other = f.put("dog.jpg", 4);
        f.delete("cat.jpg");
        f.delete("dog.jpg");
        f.passMarks();
        f.store(f.member(0)).fail(BackendException.Reason.IO, Operation.DELETE);

        Run run = f.run(sweeper);

        assertThat(f.store(f.member(0)).hits(Fault.ERROR)).isPositive();
        assertThat(run.counted(Counter.TRASH_HELD)).isEqualTo(2);
        assertThat(f.catalog.trash().count()).isEqualTo(2);
        assertThat(f.copies(blob) + f.copies(other)).isEqualTo(8);

        f.store(f.member(0)).heal();
        f.run(sweeper);
        assertThat(f.copies(blob) + f.copies(other)).isZero();
        assertThat(f.catalog.trash().count()).isZero();
    }

    @Test
    void whileAMemberIsAwayNothingIsSentAgainAndAgain() {
        BlobRef blob = f.put("cat.jpg", 4);
        f.delete("cat.jpg");
        abortedUpload(3);
        f.passMarks();
        f.store(f.member(0)).fail(BackendException.Reason.IO);
        f.members.remove(f.member(0));

        Run first = f.run(sweeper);
        assertThat(first.counted(Counter.TRASH_HELD)).isEqualTo(2);
        assertThat(f.copies(blob)).as("at the member that is away").isEqualTo(4);
        assertThat(f.catalog.trash().count()).isEqualTo(2);

        long deletions = f.store(f.member(1)).calls(Operation.DELETE);
        Run second = f.run(sweeper);
        assertThat(second.counted(Counter.TRASH_HELD)).isEqualTo(2);
        assertThat(f.store(f.member(1)).calls(Operation.DELETE)).isEqualTo(deletions);

        f.store(f.member(0)).heal();
        f.members.add(new MemberStore(f.member(0), "backend1", "node", true, f.store(f.member(0))));
        f.run(sweeper);
        assertThat(f.copies(blob)).isZero();
        assertThat(f.catalog.trash().count()).isZero();
    }

    @Test
    void whileAMemberIsAwayWhatIsOverwrittenLeavesTheOthersAtOnce() {
        f.members.remove(f.member(0));
        for (int i = 0; i < 3; i++) {
            BlobRef blob = f.put("dog.jpg", 4);
            f.delete("dog.jpg");
            f.passMarks();
            f.run(sweeper);
            assertThat(f.copies(blob)).as("object %d", i).isEqualTo(f.copiesAt(f.member(0), blob));
        }
        abortedUpload(3);
        f.passMarks();
        f.run(sweeper);
        assertThat(f.held(f.member(1))).isEmpty();
        assertThat(f.catalog.trash().count()).isEqualTo(4);
    }

    @Test
    void trashIsNotReadAgainBeforeSomethingHasChanged() {
        f.put("cat.jpg", 4);
        try (InFlight reader = f.sessions.begin()) {
            f.delete("cat.jpg");
            f.passMarks();
            assertThat(f.run(sweeper).counted(Counter.TRASH_WAITING)).isEqualTo(1);
            assertThat(f.run(sweeper).counts()).isEmpty();
            assertThat(reader.openingRevision()).isPositive();
        }
        f.passMarks();
        assertThat(f.run(sweeper).counted(Counter.TRASH_SWEPT)).isEqualTo(1);
    }

    @Test
    void aLostMemberIsNotWaitedFor() {
        BlobRef blob = f.put("cat.jpg", 4);
        f.delete("cat.jpg");
        f.passMarks();
        f.store(f.member(0)).fail(BackendException.Reason.IO);
        Ring ring = f.ring.refresh().ring();
        List<Member> members = new ArrayList<>(ring.members());
        members.replaceAll(m -> m.id().equals(f.member(0)) ? m.withState(MemberState.LOST) : m);
        f.changeRing(ring.withMembers(members, Optional.empty()));

        f.run(sweeper);

        assertThat(f.catalog.trash().count()).isZero();
        f.store(f.member(0)).heal();
        assertThat(f.copies(blob)).isEqualTo(f.held(f.member(0)).size());
    }

    @Test
    void anAbortedUploadGoesWithAllItsParts() {
        List<BlobRef> parts = abortedUpload(230);
        f.passMarks();

        f.run(sweeper);

        assertThat(parts.stream().mapToInt(f::copies).sum()).isZero();
        assertThat(f.catalog.trash().count()).isZero();
    }

    @Test
    void partsThatCompleteDidNotListGoAndTheOthersStay() {
        Upload upload = begin("film.mp4");
        BlobRef first = putPart(upload, 1);
        BlobRef unlisted = putPart(upload, 2);
        BlobRef replaced = putPart(upload, 3);
        BlobRef third = putPart(upload, 3);
        Assembly assembly = (u, parts) -> new Assembly.Assembled("etag-2", Optional.empty());
        try (InFlight request = f.sessions.begin()) {
            f.catalog
                    .uploads()
                    .complete(
                            request,
                            f.bucket,
                            new Uploads.Completion(
                                    "film.mp4",
                                    upload.id(),
                                    List.of(
                                            new Uploads.ListedPart(1, "etag"),
                                            new Uploads.ListedPart(3, "etag")),
                                    Conditions.none()),
                            assembly);
        }
        f.passMarks();

        f.run(sweeper);

        assertThat(f.copies(unlisted) + f.copies(replaced)).isZero();
        assertThat(f.copies(first) + f.copies(third)).isEqualTo(6);
        assertThat(f.catalog.trash().count()).isZero();
    }

    @Test
    void nothingIsDeletedWhileTheBrakeIsEngaged() {
        BlobRef blob = f.put("cat.jpg", 4);
        f.delete("cat.jpg");
        f.passMarks();
        DeletionBrake brake = f.brake(List.of());
        assertThatThrownBy(() -> brake.checkShare(100, 100))
                .isInstanceOf(BrakeEngagedException.class);

        assertThatThrownBy(() -> f.run(sweeper(brake))).isInstanceOf(BrakeEngagedException.class);
        assertThat(f.copies(blob)).isEqualTo(12);

        brake.acknowledge(brake.engagement().orElseThrow().token());
        f.run(sweeper(brake));
        assertThat(f.copies(blob)).isZero();
    }

    private Upload begin(String key) {
        try (InFlight request = f.sessions.begin()) {
            return Outcomes.committed(
                    f.catalog
                            .uploads()
                            .create(
                                    request,
                                    f.bucket,
                                    new Uploads.NewUpload(
                                            key, "root", Attributes.none(), Optional.empty())));
        }
    }

    private List<BlobRef> abortedUpload(int partCount) {
        Upload upload = begin("film.mp4");
        List<BlobRef> parts = new ArrayList<>();
        for (int number = 1; number <= partCount; number++) {
            parts.add(putPart(upload, number));
        }
        try (InFlight request = f.sessions.begin()) {
            f.catalog.uploads().abort(request, f.bucket, "film.mp4", upload.id());
        }
        return parts;
    }

    private BlobRef putPart(Upload upload, int number) {
        try (InFlight request = f.sessions.begin()) {
            Set<MemberId> everywhere = new HashSet<>(f.stores.keySet());
            BlobRef blob =
                    f.write(
                            request,
                            new ChunkOwner.OfPart(f.bucket.id(), upload.key(), upload.id(), number),
                            1,
                            everywhere);
            Outcomes.committed(
                    f.catalog
                            .uploads()
                            .putPart(
                                    request,
                                    f.bucket,
                                    upload,
                                    new PartDraft(number, blob, "etag", Optional.empty())));
            return blob;
        }
    }
}
