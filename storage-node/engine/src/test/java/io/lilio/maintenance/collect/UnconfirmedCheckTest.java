package io.lilio.maintenance.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.catalog.content.BlobRef;
import io.lilio.chunk.BackendException;
import io.lilio.chunk.ChunkOwner;
import io.lilio.maintenance.Fixture;
import io.lilio.maintenance.brake.BrakeEngagedException;
import io.lilio.maintenance.brake.DeletionBrake;
import io.lilio.maintenance.brake.SeenFile;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.Run;
import io.lilio.metadata.session.InFlight;
import io.lilio.metadata.session.Sessions;
import io.lilio.placement.MemberId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnconfirmedCheckTest {

    private final Fixture f = new Fixture();
    private final DeletionBrake brake = f.brake(List.of());
    private final UnconfirmedCheck check = new UnconfirmedCheck(f.heal, brake, Duration.ZERO);

    @AfterEach
    void close() {
        f.close();
    }

    /** The coordinator died after the commit, before it could confirm. */
    @Test
    void chunksWithAnOwnerAreHealedAtAllSlotsAndThenConfirmed() {
        Set<MemberId> two = new HashSet<>(f.stores.keySet());
        two.remove(f.member(2));
        BlobRef blob;
        try (InFlight request = f.sessions.begin()) {
            blob = f.write(request, owner("cat.jpg"), 10, two);
            f.commit(request, "cat.jpg", blob);
        }
        assertThat(f.copies(blob)).isEqualTo(20);

        Run run = f.run(check);

        assertThat(f.copies(blob)).isEqualTo(30);
        assertThat(run.counted(Counter.CHUNKS_COPIED)).isEqualTo(10);
        assertThat(f.unconfirmed()).isZero();
    }

    @Test
    void theMarksStayAsLongAsOneSlotLacksACopy() {
        Set<MemberId> two = new HashSet<>(f.stores.keySet());
        two.remove(f.member(2));
        f.store(f.member(2)).fail(BackendException.Reason.IO);
        BlobRef blob;
        try (InFlight request = f.sessions.begin()) {
            blob = f.write(request, owner("cat.jpg"), 4, two);
            f.commit(request, "cat.jpg", blob);
        }

        f.run(check);

        assertThat(f.copiesAt(f.member(0), blob) + f.copiesAt(f.member(1), blob)).isEqualTo(8);
        assertThat(f.unconfirmed()).isEqualTo(8);
    }

    @Test
    void orphansOfADeadSessionAreDeleted() {
        BlobRef blob;
        try (Sessions dying = f.session("dying")) {
            blob = f.write(dying.begin(), "cat.jpg", 5);
        }

        Run run = f.run(check);

        assertThat(f.copies(blob)).isZero();
        assertThat(run.counted(Counter.CHUNKS_DELETED)).isEqualTo(15);
    }

    /** The sessions of the metadata that are there now are judged by their marks all the same. */
    @Test
    void orphansOfSessionsOfMetadataThatWereGivenUpAreDeleted(@TempDir Path disk) {
        List<SeenFile> seen = List.of(new SeenFile(disk));
        BlobRef lost = f.leftByNewerMetadata("cat.jpg", 5, seen);
        DeletionBrake engaged = f.brake(seen);
        assertThat(engaged.reason()).isPresent();
        f.run(check);
        assertThat(f.copies(lost)).isEqualTo(15);
        assertThat(engaged.acknowledge(engaged.engagement().orElseThrow().token())).isTrue();

        try (Sessions restarted = f.session("node");
                InFlight upload = restarted.begin()) {
            BlobRef begun = f.write(upload, "dog.jpg", 5);
            assertThat(upload.session().incarnation()).isLessThan(lost.openingRevision());
            f.run(check);
            assertThat(f.copies(begun)).isEqualTo(15);
        }
        assertThat(f.copies(lost)).isZero();
        assertThat(f.metadata.revision()).isLessThan(lost.openingRevision());
    }

    /** Rule ORPHAN_WAITS_FOR_MARK. */
    @Test
    void chunksOfARequestInFlightAreLeftAlone() {
        BlobRef blob;
        try (InFlight upload = f.sessions.begin()) {
            blob = f.write(upload, "cat.jpg", 5);
            Run run = f.run(check);
            assertThat(f.copies(blob)).isEqualTo(15);
            assertThat(run.counted(Counter.CHUNKS_WAITING)).isEqualTo(15);
            assertThat(f.unconfirmed()).isEqualTo(15);

            f.commit(upload, "cat.jpg", blob);
        }
        f.run(check);
        assertThat(f.copies(blob)).isEqualTo(15);
        assertThat(f.unconfirmed()).isZero();
    }

    @Test
    void chunksOfARequestThatGaveUpAreDeletedOnceItsMarkHasPassed() {
        BlobRef blob;
        try (InFlight upload = f.sessions.begin()) {
            blob = f.write(upload, "cat.jpg", 5);
        }
        f.put("dog.jpg", 1);

        f.run(check);

        assertThat(f.copies(blob)).isZero();
    }

    /** Here of two chunks a page, and with a member away that keeps others unconfirmed. */
    @Test
    void orphansBehindManyChunksThatStayUnconfirmedAreFound() {
        Set<MemberId> two = new HashSet<>(f.stores.keySet());
        two.remove(f.member(2));
        f.store(f.member(2)).fail(BackendException.Reason.IO);
        try (InFlight request = f.sessions.begin()) {
            f.commit(request, "cat.jpg", f.write(request, owner("cat.jpg"), 7, two));
        }
        BlobRef orphan;
        try (Sessions dying = f.session("dying")) {
            orphan = f.write(dying.begin(), owner("dog.jpg"), 1, two);
        }
        var paged = new UnconfirmedCheck(f.heal, brake, Duration.ZERO, 2);

        for (int run = 0; run < 4; run++) {
            f.run(paged);
        }

        assertThat(f.copies(orphan)).isZero();
        assertThat(f.unconfirmed()).isEqualTo(14);
    }

    /** Rule LOOKUP_SEES_TRASH. */
    @Test
    void whatWasDeletedUnderAReaderIsNoOrphan() {
        BlobRef blob = f.put("cat.jpg", 5);
        f.passMarks();
        try (InFlight reader = f.sessions.begin()) {
            f.delete("cat.jpg");
            f.passMarks();
            assertThat(f.unconfirmed()).isEqualTo(15);

            f.run(check);

            assertThat(f.copies(blob)).isEqualTo(15);
        }
    }

    @Test
    void theBrakeStopsTheDeletingAndNotTheHealing() {
        assertThatThrownBy(() -> brake.checkShare(100, 100))
                .isInstanceOf(BrakeEngagedException.class);
        BlobRef orphan;
        try (Sessions dying = f.session("dying")) {
            orphan = f.write(dying.begin(), "cat.jpg", 5);
        }
        BlobRef live = f.put("dog.jpg", 5);

        f.run(check);

        assertThat(f.copies(orphan)).isEqualTo(15);
        assertThat(f.copies(live)).isEqualTo(15);
        assertThat(f.unconfirmed()).isEqualTo(15);
    }

    private ChunkOwner owner(String key) {
        return new ChunkOwner.OfObject(f.bucket.id(), key);
    }
}
