package io.lilio.maintenance.brake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.catalog.ring.RingStore;
import io.lilio.maintenance.run.MaintenanceListener;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.HighWaterMark;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.Progress;
import io.lilio.metadata.Txn;
import io.lilio.metadata.memory.MemoryMetadataStore;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Partitioning;
import io.lilio.placement.Replication;
import io.lilio.placement.Ring;
import io.lilio.time.ManualTime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tells older metadata whose revisions were raised. */
class BeatsTest {

    private static final BrakeSettings SETTINGS = BrakeSettings.DEFAULTS;

    @TempDir private Path node;
    private final ManualTime time = new ManualTime();
    private final List<MetadataStore> stores = new ArrayList<>();

    @AfterEach
    void close() {
        stores.forEach(MetadataStore::close);
    }

    @Test
    void aSnapshotWhoseRevisionsWereRaisedIsRecognisedByItsBeats() {
        MetadataStore metadata = cluster(1, 10);
        DeletionBrake before = brake(metadata);
        assertThat(before.beat()).isTrue();
        MetadataStore raised = cluster(1, 1_000);

        DeletionBrake brake = brake(raised);
        DeletionBrake job = alone(raised, before.mark().get());

        assertThat(brake.reason().orElseThrow()).contains("raised revisions");
        assertThatThrownBy(job::check).isInstanceOf(BrakeEngagedException.class);
        assertThat(brake.acknowledge(token(brake))).isTrue();
        assertThat(brake(raised).reason()).isEmpty();
        assertThat(brake.beat()).isTrue();
        assertThat(brake(raised).reason()).isEmpty();
    }

    /** Its revision was not raised, and nodes that remember nothing were there first. */
    @Test
    void aSnapshotIsRecognisedByItsRevisionThoughMoreBeatsWereCountedSince() {
        MetadataStore metadata = cluster(1, 10);
        DeletionBrake before = brake(metadata);
        assertThat(before.beat()).isTrue();
        raise(metadata, 100);
        before.remember();
        MetadataStore restored = cluster(1, 10);
        DeletionBrake forgetful = alone(restored, Progress.NONE);
        assertThat(forgetful.beat()).isTrue();
        assertThat(forgetful.beat()).isTrue();
        Progress there = new BrakeRecords(restored).read().progress();
        Progress remembered = new SeenFile(node).load().orElseThrow().progress();
        assertThat(there.beats()).isGreaterThan(remembered.beats());
        assertThat(there.revision()).isLessThan(remembered.revision());

        assertThat(brake(restored).reason().orElseThrow()).contains("was seen before");
        assertThatThrownBy(forgetful::check).isInstanceOf(BrakeEngagedException.class);
        forgetful.mark().raise(remembered);
        assertThat(forgetful.mark().get().revision())
                .as("what others tell is kept beside more beats")
                .isEqualTo(remembered.revision());
    }

    @Test
    void beatsAreCountedWhileDataAreAddedAndByOneNodeAtATime() {
        MetadataStore metadata = cluster(1, 10);
        AtomicLong grown = new AtomicLong();
        List<RevisionWatch> nodes =
                List.of(
                        new RevisionWatch(brake(metadata), time, SETTINGS.remember(), grown::get),
                        new RevisionWatch(
                                alone(metadata, Progress.NONE),
                                time,
                                SETTINGS.remember(),
                                grown::get));
        nodes.forEach(RevisionWatch::start);
        for (int expected : new int[] {1, 2}) {
            grown.set(1);
            time.advance(SETTINGS.remember());
            assertThat(beats(metadata)).isEqualTo(expected);
        }
        long revision = metadata.revision();
        for (int looks = 0; looks < 3; looks++) {
            time.advance(SETTINGS.remember());
        }
        assertThat(metadata.revision()).as("nobody adds anything any more").isEqualTo(revision);
        assertThat(new SeenFile(node).load().orElseThrow().progress().beats()).isEqualTo(2);
        nodes.forEach(RevisionWatch::close);
    }

    @Test
    void anEngagedBrakeCountsNoBeat() {
        MetadataStore metadata = cluster(1, 10);
        DeletionBrake brake = brake(metadata);
        assertThat(brake.beat()).isTrue();
        assertThatThrownBy(() -> brake.checkShare(60, 100))
                .isInstanceOf(BrakeEngagedException.class);
        assertThat(brake.beat()).isFalse();
        assertThat(beats(metadata)).as("nor forgets any").isOne();
    }

    private static long beats(MetadataStore metadata) {
        return new BrakeRecords(metadata).read().progress().beats();
    }

    /** One that remembers. */
    private DeletionBrake brake(MetadataStore metadata) {
        return brake(metadata, List.of(new SeenFile(node)), Progress.NONE);
    }

    /** One that remembers nothing, as a job, and has heard of what others have seen. */
    private DeletionBrake alone(MetadataStore metadata, Progress heard) {
        return brake(metadata, List.of(), heard);
    }

    private DeletionBrake brake(MetadataStore metadata, List<SeenFile> files, Progress heard) {
        var mark = new HighWaterMark();
        mark.raise(heard);
        var seen = new SeenFiles(files, Thread.ofPlatform().daemon().factory(), time);
        return new DeletionBrake(
                new DeletionBrake.Parts(
                        metadata, seen, mark, new Random(1), MaintenanceListener.NONE),
                SETTINGS);
    }

    private static String token(DeletionBrake brake) {
        assertThat(brake.reason()).isPresent();
        return brake.engagement().orElseThrow().token();
    }

    private MetadataStore cluster(long id, int revisions) {
        var metadata = new MemoryMetadataStore(time);
        stores.add(metadata);
        var member =
                new Member(new MemberId(new UUID(1, 1)), "b", "n", "h", "", 1, MemberState.ACTIVE);
        var replication = new Replication(1, 1, 1, Replication.Spread.HOST, false);
        new RingStore(metadata)
                .create(
                        new UUID(9, id),
                        Ring.create(Partitioning.of(1), replication, List.of(member)));
        raise(metadata, revisions);
        return metadata;
    }

    private static void raise(MetadataStore metadata, int revisions) {
        for (int i = 0; i < revisions; i++) {
            metadata.commit(Txn.grow().put(Bytes.ofUtf8("x"), Bytes.ofUtf8("" + i)).build());
        }
    }
}
