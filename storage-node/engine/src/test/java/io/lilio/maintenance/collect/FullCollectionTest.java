package io.lilio.maintenance.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.catalog.bucket.Bucket;
import io.lilio.catalog.bucket.Versioning;
import io.lilio.catalog.content.BlobRef;
import io.lilio.catalog.usage.Usage;
import io.lilio.chunk.BackendException;
import io.lilio.chunk.ChunkId;
import io.lilio.maintenance.Fixture;
import io.lilio.maintenance.brake.BrakeEngagedException;
import io.lilio.maintenance.brake.DeletionBrake;
import io.lilio.maintenance.brake.SeenFile;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.MaintenanceListener;
import io.lilio.maintenance.run.Pace;
import io.lilio.maintenance.run.PaceSettings;
import io.lilio.maintenance.run.Run;
import io.lilio.maintenance.run.RunResult;
import io.lilio.maintenance.run.TaskKind;
import io.lilio.metadata.session.InFlight;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Ring;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class FullCollectionTest {

    private final Fixture f = new Fixture();
    private final DeletionBrake brake = f.brake(List.of());

    private FullCollection collection(int maxSuspects) {
        return collection(f, brake, maxSuspects);
    }

    private static FullCollection collection(Fixture f, DeletionBrake brake, int maxSuspects) {
        return new FullCollection(
                f.collect(brake),
                f.catalog.ownerWalk(),
                UsageCorrectionTest.correction(f, f.time),
                f.time,
                new CollectionSettings(maxSuspects, Duration.ofMinutes(1)));
    }

    @AfterEach
    void close() {
        f.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1_000_000})
    void afterwardsBackendsHoldExactlyTheChunksThatRecordsName(int maxSuspects) {
        f.catalog.buckets().setVersioning("photos", Versioning.ENABLED);
        List<BlobRef> live = new ArrayList<>();
        List<BlobRef> orphans = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            live.add(f.put("key" + i % 15, 1 + i % 4));
            if (i % 4 == 0) {
                orphans.add(orphan("key" + i, 2));
            }
        }
        // Not even an unconfirmed mark tells of them.
        f.stores.keySet().forEach(member -> f.inner(member).confirm(f.held(member), 1));

        Run run = f.run(collection(maxSuspects));

        Set<ChunkId> named = new HashSet<>();
        live.forEach(blob -> named.addAll(Fixture.chunksOf(blob)));
        for (MemberId member : f.stores.keySet()) {
            assertThat(f.held(member)).isEqualTo(named);
        }
        // A blob whose chunks are in partitions of several rounds counts in each of them.
        assertThat(run.counted(Counter.BLOBS_ORPHANED)).isGreaterThanOrEqualTo(orphans.size());
        assertThat(run.counted(Counter.CHUNKS_DELETED)).isEqualTo(6L * orphans.size());
    }

    /** Rule GC_SEES_TRASH. */
    @Test
    void whatIsInTheTrashIsOwned() {
        BlobRef blob = f.put("cat.jpg", 3);
        try (InFlight reader = f.sessions.begin()) {
            f.delete("cat.jpg");
            f.passMarks();
            f.run(collection(1_000));
            assertThat(f.copies(blob)).isEqualTo(9);
        }
    }

    /** Something that happens to a blob beside a collection. */
    private interface Move {
        /** Makes the blob. */
        BlobRef before(Fixture f);

        /** Leaves it with an owner. */
        void act(Fixture f, BlobRef blob);
    }

    /** Rules GC_READS_TRASH_LAST, GC_SEES_TRASH. */
    @Test
    void anObjectRemovedBetweenAnyTwoReadsOfACollectionIsKeptForTheSweeper() {
        betweenAnyTwoReads(
                new Move() {
                    @Override
                    public BlobRef before(Fixture f) {
                        return f.put("cat.jpg", 1);
                    }

                    @Override
                    public void act(Fixture f, BlobRef blob) {
                        f.delete("cat.jpg");
                    }
                });
    }

    /** Rule GC_HEADS_BEFORE_VERSIONS. */
    @Test
    void anObjectThatBecomesAnOldVersionBetweenAnyTwoReadsOfACollectionIsKept() {
        betweenAnyTwoReads(
                new Move() {
                    @Override
                    public BlobRef before(Fixture f) {
                        BlobRef blob = f.put("cat.jpg", 1);
                        f.catalog.buckets().setVersioning("photos", Versioning.ENABLED);
                        return blob;
                    }

                    @Override
                    public void act(Fixture f, BlobRef blob) {
                        f.put("cat.jpg", 1);
                    }
                });
    }

    /** Rules GC_MARKS_BEFORE_OWNERS, GC_LISTS_BEFORE_MARKS. */
    @Test
    void anObjectCommittedBetweenAnyTwoReadsOfACollectionIsKept() {
        betweenAnyTwoReads(
                new Move() {
                    private Optional<InFlight> upload = Optional.empty();

                    @Override
                    public BlobRef before(Fixture f) {
                        InFlight request = f.sessions.begin();
                        upload = Optional.of(request);
                        return f.write(request, "cat.jpg", 1);
                    }

                    @Override
                    public void act(Fixture f, BlobRef blob) {
                        try (InFlight request = upload.orElseThrow()) {
                            f.commit(request, "cat.jpg", blob);
                        }
                    }
                });
    }

    private static void betweenAnyTwoReads(Move move) {
        boolean over = false;
        for (int reads = 1; !over; reads++) {
            try (Fixture f = new Fixture()) {
                BlobRef blob = move.before(f);
                f.put("dog.jpg", 1);
                f.passMarks();
                f.metadata.afterReads(
                        reads,
                        () -> {
                            move.act(f, blob);
                            f.passMarks();
                        });
                f.run(collection(f, f.brake(List.of()), 1_000));
                over = f.metadata.stillWaits();
                if (over) {
                    assertThat(reads).as("reads of a collection").isGreaterThan(4);
                    move.act(f, blob);
                }
                assertThat(f.copies(blob)).as("after read %d", reads).isEqualTo(3);
            }
        }
    }

    /** Rules GC_LISTS_BEFORE_MARKS, ORPHAN_WAITS_FOR_MARK. */
    @Test
    void chunksOfARequestInFlightAreNoSuspects() {
        try (InFlight upload = f.sessions.begin()) {
            BlobRef blob = f.write(upload, "cat.jpg", 3);
            f.passMarks();
            Run run = f.run(collection(1_000));
            assertThat(run.counted(Counter.CHUNKS_WAITING)).isEqualTo(9);
            f.commit(upload, "cat.jpg", blob);
            assertThat(f.copies(blob)).isEqualTo(9);
        }
    }

    /** Rule GC_WAITS_AFTER_WALK. */
    @Test
    void nothingIsDeletedBeforeAllMarksHavePassedTheWalksEnd() throws Exception {
        f.put("dog.jpg", 1);
        BlobRef orphan = orphan("cat.jpg", 3);
        f.passMarks();
        Run run =
                Run.alone(
                        TaskKind.GC,
                        new Pace(PaceSettings.UNLIMITED, f.time, () -> false),
                        MaintenanceListener.NONE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> collecting;
            try (InFlight reader = f.sessions.begin()) {
                collecting = threads.submit(() -> collection(1_000).run(run));
                while (run.counted(Counter.RECORDS_WALKED) == 0) {
                    Thread.sleep(1);
                }
                Thread.sleep(300);
                assertThat(f.copies(orphan)).isEqualTo(9);
            }
            collecting.get();
        }
        assertThat(f.copies(orphan)).isZero();
    }

    @Test
    void aRunThatWouldDeleteTooMuchEngagesTheBrake() {
        List<BlobRef> orphans = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            orphans.add(orphan("key" + i, 1));
        }
        f.put("dog.jpg", 1);
        f.passMarks();

        assertThatThrownBy(() -> f.run(collection(1_000)))
                .isInstanceOf(BrakeEngagedException.class)
                .hasMessageContaining("would delete 20 of 21 blobs");

        assertThat(orphans.stream().mapToInt(f::copies).sum()).isEqualTo(60);
        assertThat(brake.reason()).isPresent();
    }

    @Test
    void whatWasAcknowledgedIsNotAskedForAgainBeforeItIsDeleted() {
        List<BlobRef> orphans = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            orphans.add(orphan("key" + i, 1));
        }
        f.put("dog.jpg", 1);
        f.passMarks();
        assertThatThrownBy(() -> f.run(collection(1_000)))
                .isInstanceOf(BrakeEngagedException.class);
        assertThat(brake.acknowledge(brake.engagement().orElseThrow().token())).isTrue();
        f.store(f.member(0)).fail(BackendException.Reason.IO);
        assertThat(leftWork(f.run(collection(1_000)))).isPresent();
        f.store(f.member(0)).heal();

        while (leftWork(f.run(collection(1_000))).isPresent()) {
            Thread.onSpinWait(); // its circuit breaker is open for a while
        }

        assertThat(orphans.stream().mapToInt(f::copies).sum()).isZero();
    }

    @Test
    void aMemberThatDoesNotAnswerIsCollectedAnotherTime() {
        BlobRef orphan = orphan("cat.jpg", 4);
        f.put("dog.jpg", 1);
        f.store(f.member(0)).fail(BackendException.Reason.IO);

        Run run = f.run(collection(1_000));

        assertThat(run.counted(Counter.PARTITIONS_INCOMPLETE)).isEqualTo(Fixture.PARTITIONS);
        assertThat(leftWork(run)).as("it is INCOMPLETE").isPresent();
        assertThat(f.copiesAt(f.member(0), orphan)).isEqualTo(4);
        assertThat(f.copies(orphan)).isEqualTo(4);
    }

    @Test
    void aMemberThatThisProcessHasNeverHeardOfIsCollectedAnotherTime() {
        f.put("dog.jpg", 1);
        f.members.remove(f.member(0));

        assertThat(leftWork(f.run(collection(1_000)))).isPresent();
    }

    @Test
    void nobodyWaitsForTheAnswerOfAMemberThatWasLost() {
        f.put("dog.jpg", 1);
        f.store(f.member(0)).fail(BackendException.Reason.IO);
        Ring ring = f.ring.current().ring();
        f.changeRing(
                ring.withMembers(
                        ring.members().stream()
                                .map(
                                        member ->
                                                member.id().equals(f.member(0))
                                                        ? member.withState(MemberState.LOST)
                                                        : member)
                                .toList(),
                        Optional.empty()));

        assertThat(leftWork(f.run(collection(1_000)))).isEmpty();
    }

    /** It may take long until revisions get to where they were; in an idle cluster, for ever. */
    @Test
    void whatWasWrittenUnderMetadataThatWereGivenUpIsCollected(@TempDir Path disk) {
        List<SeenFile> seen = List.of(new SeenFile(disk));
        BlobRef lost = f.leftByNewerMetadata("cat.jpg", 3, seen);
        DeletionBrake engaged = f.brake(seen);
        assertThatThrownBy(() -> f.run(collection(f, engaged, 1_000)))
                .isInstanceOf(BrakeEngagedException.class)
                .hasMessageContaining("was seen before");
        assertThat(engaged.acknowledge(engaged.engagement().orElseThrow().token())).isTrue();
        assertThat(f.copies(lost)).isEqualTo(9);

        f.run(collection(1_000)); // by one that has heard of it from the metadata only

        assertThat(f.copies(lost)).isZero();
        assertThat(f.metadata.revision()).isLessThan(lost.openingRevision());
    }

    private Optional<String> leftWork(Run run) {
        return collection(1_000)
                .leftWork(new RunResult(RunResult.Outcome.SUCCEEDED, run.counts(), ""));
    }

    @Test
    void theWalkCorrectsWhatBucketsAreSaidToHold() {
        f.put("cat.jpg", 3);
        f.put("dog.jpg", 2);
        f.delete("dog.jpg");
        f.catalog.usage().flush();
        f.catalog.usage().count(f.bucket.id(), new Usage(100, -7));

        f.run(collection(1_000));

        assertThat(f.catalog.usage().of(f.bucket.id()))
                .isEqualTo(new Usage(1, 3 * Fixture.CHUNK_BYTES));
    }

    @Test
    void theWalkForgetsTheUsageOfBucketsThatAreGone() {
        f.put("cat.jpg", 3);
        f.catalog.buckets().create("gone", "root", 65_536);
        Bucket gone = f.catalog.buckets().get("gone");
        f.catalog.buckets().create("empty", "root", 65_536);
        f.catalog.buckets().delete("gone");
        f.catalog.usage().count(gone.id(), new Usage(7, 7)); // by a commit that was under way
        f.catalog.usage().flush();
        assertThat(f.catalog.usage().all()).containsKey(gone.id());

        f.run(collection(1_000));

        assertThat(f.catalog.usage().all()).containsOnlyKeys(f.bucket.id());
        assertThat(f.catalog.usage().of(f.bucket.id()).objects()).isEqualTo(1);
    }

    @Test
    void aRunEndsSoonWhenItIsCancelled() {
        f.put("cat.jpg", 3);
        Run run =
                Run.alone(
                        TaskKind.GC,
                        new Pace(PaceSettings.UNLIMITED, f.time, () -> false),
                        MaintenanceListener.NONE);
        run.cancel();
        assertThatThrownBy(() -> collection(1_000).run(run))
                .hasMessageContaining("the gc run was cancelled");
    }

    /** Left behind by a request that gave up. */
    private BlobRef orphan(String key, int chunks) {
        BlobRef blob;
        try (InFlight upload = f.sessions.begin()) {
            blob = f.write(upload, key, chunks);
        }
        f.passMarks();
        return blob;
    }
}
