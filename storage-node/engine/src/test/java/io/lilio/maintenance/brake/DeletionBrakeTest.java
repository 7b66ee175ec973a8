package io.lilio.maintenance.brake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.catalog.ring.RingStore;
import io.lilio.engine.VanishingMetadataStore;
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
import io.lilio.time.SystemTime;
import io.lilio.time.Time;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DeletionBrakeTest {

    private static final BrakeSettings SETTINGS =
            new BrakeSettings(0.2, 10, Duration.ofSeconds(10));

    @TempDir private Path directory;
    private final ManualTime time = new ManualTime();
    private final RandomGenerator random = new Random(1);
    private final List<MetadataStore> stores = new ArrayList<>();
    private Path node = Path.of("");
    private Path backend = Path.of("");

    @BeforeEach
    void directories() throws IOException {
        node = Files.createDirectory(directory.resolve("node"));
        backend = Files.createDirectory(directory.resolve("backend"));
    }

    @AfterEach
    void close() {
        stores.forEach(MetadataStore::close);
    }

    @Test
    void metadataThatOnlyMoveOnAreTrusted() {
        MetadataStore metadata = cluster(1, 10);
        for (int restart = 0; restart < 3; restart++) {
            DeletionBrake brake = brake(metadata);
            brake.check();
            raise(metadata, 5);
            brake.check();
            brake.remember();
            assertThat(brake.reason()).isEmpty();
            assertThat(new SeenFile(backend).load().orElseThrow().progress().revision())
                    .isEqualTo(metadata.revision());
        }
    }

    @Test
    void howFarTheMetadataAreIsRememberedThoughNobodyAsks() {
        MetadataStore metadata = cluster(1, 10);
        DeletionBrake brake = brake(metadata);
        brake.begin();
        RevisionWatch watch = new RevisionWatch(brake, time, SETTINGS.remember(), () -> 0);
        watch.start();
        for (int looks = 0; looks < 3; looks++) {
            raise(metadata, 5);
            brake.check(); // which sees it, and leaves it to the watch to write it down
            time.advance(SETTINGS.remember());
            assertThat(remembered()).isEqualTo(metadata.revision());
        }
        raise(metadata, 5);
        watch.close();
        assertThat(remembered()).isEqualTo(metadata.revision());
        assertThat(time.scheduledCount()).isZero();
    }

    @Test
    void theEndComesThoughTheMetadataDoNotAnswer() {
        var metadata = new VanishingMetadataStore(cluster(1, 10));
        RevisionWatch watch =
                new RevisionWatch(brake(metadata), time, SETTINGS.remember(), () -> 0);
        metadata.goAway();
        assertThatCode(watch::close).doesNotThrowAnyException();
    }

    private long remembered() {
        assertThat(new SeenFile(backend).load()).isEqualTo(new SeenFile(node).load());
        return new SeenFile(backend).load().orElseThrow().progress().revision();
    }

    @Test
    void emptyMetadataStopEverything() {
        brake(cluster(1, 10)).check();
        DeletionBrake brake = brake(metadata());
        assertThatThrownBy(brake::check)
                .isInstanceOf(BrakeEngagedException.class)
                .hasMessageContaining("the metadata are empty");
    }

    @Test
    void foreignMetadataStopEverything() {
        brake(cluster(1, 10)).check();
        DeletionBrake brake = brake(cluster(2, 50));
        assertThatThrownBy(brake::check).hasMessageContaining("belong to cluster");
    }

    @Test
    void olderMetadataStopEverythingAlsoOnceTheyHaveCaughtUpAndAfterARestart() {
        brake(cluster(1, 100)).check();
        MetadataStore restored = cluster(1, 10);
        DeletionBrake brake = brake(restored);
        assertThatThrownBy(brake::check).hasMessageContaining("was seen before");
        raise(restored, 500);
        assertThatThrownBy(brake::check).isInstanceOf(BrakeEngagedException.class);
        assertThatThrownBy(() -> brake(restored).check())
                .isInstanceOf(BrakeEngagedException.class)
                .hasMessageContaining("was seen before");
    }

    @Test
    void whatOneDirectoryRemembersIsEnough() throws IOException {
        brake(cluster(1, 100)).check();
        Files.delete(node.resolve(SeenFile.NAME));
        assertThatThrownBy(() -> brake(cluster(1, 10)).check())
                .isInstanceOf(BrakeEngagedException.class);
    }

    @Test
    void whatOneNodeHasEngagedStopsAllAndOneAcknowledgementReleasesAll() {
        DeletionBrake fresh = alone(cluster(1, 100), Progress.NONE); // its directories were new
        fresh.check();
        brake(cluster(1, 100)).check();
        MetadataStore restored = cluster(1, 10);
        DeletionBrake remembering = brake(restored);
        DeletionBrake other = alone(restored, Progress.NONE);
        assertThatCode(other::check).doesNotThrowAnyException();
        assertThatThrownBy(remembering::check).hasMessageContaining("was seen before");
        assertThatThrownBy(other::check)
                .as("a node that remembers nothing")
                .isInstanceOf(BrakeEngagedException.class)
                .hasMessageContaining("was seen before");
        assertThat(token(other)).isEqualTo(token(remembering));

        assertThat(other.acknowledge(token(other))).isTrue();
        assertThatCode(other::check).doesNotThrowAnyException();
        assertThatCode(remembering::check).doesNotThrowAnyException();
        assertThat(remembering.engagement()).isEmpty();
        assertThatCode(() -> brake(restored).check()).as("restarted").doesNotThrowAnyException();
    }

    @Test
    void whatOthersHaveSeenCountsForOneThatRemembersNothing() {
        MetadataStore metadata = cluster(1, 10);
        long revision = metadata.revision();
        alone(metadata, new Progress(0, 0, revision)).check();
        DeletionBrake job = alone(metadata, new Progress(0, 0, revision + 1));
        assertThatThrownBy(job::check).hasMessageContaining("was seen before");
        assertThat(brake(metadata).reason()).as("the nodes are told").isPresent();
    }

    @Test
    void oneThatRemembersNothingAndEngagedItFirstFollowsAnAcknowledgementElsewhere() {
        MetadataStore metadata = cluster(1, 10);
        DeletionBrake job = alone(metadata, new Progress(0, 0, metadata.revision() + 100));
        assertThatThrownBy(job::check).hasMessageContaining("was seen before");
        DeletionBrake node = brake(metadata);
        assertThat(node.acknowledge(token(node))).isTrue();
        job.mark().raise(node.mark().get()); // by the next call between them
        assertThatCode(job::check).doesNotThrowAnyException();
        assertThatCode(node::check).as("nor is it engaged again").doesNotThrowAnyException();
    }

    @Test
    void metadataInWhichLessWasAcknowledgedAreOlderWhateverTheirRevision() {
        MetadataStore metadata = cluster(1, 10);
        DeletionBrake brake = brake(metadata);
        for (int orphaned : List.of(60, 600)) {
            assertThatThrownBy(() -> brake.checkShare(orphaned, orphaned))
                    .hasMessageContaining("share");
            assertThat(brake.acknowledge(token(brake))).isTrue();
        }
        MetadataStore restored = cluster(1, 10);
        DeletionBrake once = alone(restored, Progress.NONE);
        assertThatThrownBy(() -> once.checkShare(60, 100)).hasMessageContaining("share");
        assertThat(once.acknowledge(token(once))).isTrue();
        raise(restored, 500);
        assertThatThrownBy(brake(restored)::check).hasMessageContaining("was seen before");
    }

    @Test
    void anEngagementInOlderMetadataThatWasAcknowledgedSinceIsNotTheOneThatIsNamed() {
        MetadataStore metadata = cluster(1, 10);
        DeletionBrake brake = brake(metadata);
        assertThatThrownBy(() -> brake.checkShare(60, 100)).hasMessageContaining("share");
        String old = token(brake);
        assertThat(brake.acknowledge(old)).isTrue();

        MetadataStore restored = cluster(1, 5);
        DeletionBrake before = alone(restored, Progress.NONE);
        assertThatThrownBy(() -> before.checkShare(60, 100)).hasMessageContaining("share");
        DeletionBrake after = brake(restored);
        assertThatThrownBy(after::check).hasMessageContaining("was seen before");
        assertThat(after.acknowledge(old)).as("it stayed in the file").isFalse();
        assertThat(token(before)).as("all name the new one").isEqualTo(token(after));
    }

    @Test
    void metadataThatAreGoneOrForeignCannotBeAcknowledgedAndAreForgottenOnceTheyAreBack() {
        MetadataStore metadata = cluster(1, 10);
        brake(metadata).check();
        for (MetadataStore wrong : List.of(metadata(), cluster(2, 500))) {
            DeletionBrake brake = brake(wrong);
            assertThatThrownBy(brake::check).hasMessageContaining("cannot be acknowledged");
            assertThatThrownBy(() -> brake.acknowledge(token(brake)))
                    .isInstanceOf(BrakeEngagedException.class);
            DeletionBrake again = brake(metadata);
            assertThatThrownBy(again::check).as("until then").hasMessageContaining("engaged");
            assertThat(again.acknowledge(token(again))).isTrue();
            assertThatCode(again::check).doesNotThrowAnyException();
        }
    }

    @Test
    void anAdministratorReleasesExactlyTheEngagementThatIsNamed() {
        brake(cluster(1, 100)).check();
        MetadataStore restored = cluster(1, 10);
        DeletionBrake engaged = brake(restored);
        assertThatThrownBy(engaged::check).isInstanceOf(BrakeEngagedException.class);
        String token = token(engaged);

        DeletionBrake brake = brake(restored); // with its setting, after a restart
        assertThat(brake.acknowledge("other")).isFalse();
        assertThatThrownBy(brake::check).isInstanceOf(BrakeEngagedException.class);
        assertThat(brake.acknowledge(token)).isTrue();

        assertThatCode(brake::check).doesNotThrowAnyException();
        assertThatCode(() -> brake(restored).check()).doesNotThrowAnyException();
        assertThat(brake(restored).acknowledge(token)).isFalse();

        DeletionBrake next = brake(cluster(1, 5));
        assertThatThrownBy(next::check).isInstanceOf(BrakeEngagedException.class);
        assertThat(next.acknowledge(token)).as("it stayed in the file").isFalse();
        assertThatThrownBy(next::check).isInstanceOf(BrakeEngagedException.class);
    }

    @Test
    void aDirectoryThatWasAwayDuringTheAcknowledgementDoesNotEngageAgain() throws IOException {
        brake(cluster(1, 100)).check();
        MetadataStore restored = cluster(1, 10);
        assertThatThrownBy(() -> brake(restored).check()).hasMessageContaining("was seen before");
        Path away = directory.resolve("away");
        Files.move(backend, away);
        DeletionBrake brake = brake(restored);
        assertThat(brake.acknowledge(token(brake))).isTrue();
        Files.move(away, backend);

        // It remembers that the brake is engaged, and a higher revision than there is now.
        assertThat(new SeenFile(backend).load().orElseThrow().engaged()).isPresent();
        assertThat(brake(restored).reason()).isEmpty();
        assertThat(new SeenFile(backend).load()).isEqualTo(new SeenFile(node).load());
    }

    @Test
    void aDamagedMemoryIsMendedFromTheOthers() throws IOException {
        MetadataStore metadata = cluster(1, 100);
        brake(metadata).check();
        byte[] written = Files.readAllBytes(backend.resolve(SeenFile.NAME));
        for (int i = 0; i < written.length; i++) {
            byte[] damaged = written.clone();
            damaged[i] ^= 1;
            Files.write(backend.resolve(SeenFile.NAME), damaged);
            assertThat(brake(metadata).reason()).as("byte %d", i).isEmpty();
            assertThat(new SeenFile(backend).load()).isEqualTo(new SeenFile(node).load());
        }
        Files.writeString(backend.resolve(SeenFile.NAME), "cluster=nonsense");
        assertThatThrownBy(() -> brake(cluster(1, 10)).check())
                .as("what the other remembers still counts")
                .hasMessageContaining("was seen before");
    }

    @Test
    void onlyDamagedMemoriesStopEverything() throws IOException {
        MetadataStore metadata = cluster(1, 1);
        brake(metadata).check();
        for (Path each : List.of(node, backend)) {
            Files.writeString(each.resolve(SeenFile.NAME), "cluster=nonsense");
        }
        DeletionBrake brake = brake(metadata);
        assertThatThrownBy(brake::check).hasMessageContaining("cannot be read");
        assertThat(token(brake(metadata))).as("the same after a restart").isEqualTo(token(brake));
    }

    @Test
    void theFirstFormOfTheFileIsStillRead() throws IOException {
        String first = "cluster=%s%nrevision=%d%n".formatted(new UUID(9, 1), 7);
        Files.writeString(node.resolve(SeenFile.NAME), first);
        assertThat(new SeenFile(node).load())
                .contains(new Seen(new UUID(9, 1), new Progress(0, 0, 7), Optional.empty()));
        Files.writeString(node.resolve(SeenFile.NAME), first + "engaged=for a reason\n");
        assertThatThrownBy(() -> brake(cluster(1, 100)).check())
                .hasMessageContaining("for a reason");
    }

    @Test
    void aBackendThatIsAwayIsNoReasonToStop() throws IOException {
        Files.delete(backend);
        DeletionBrake brake = brake(cluster(1, 1));
        assertThatCode(brake::check).doesNotThrowAnyException();
        assertThat(backend).doesNotExist();
    }

    @Test
    void aDirectoryThatWasAwayIsWrittenThoughTheMetadataHaveNotMovedOn() throws IOException {
        Files.delete(backend);
        DeletionBrake brake = brake(cluster(1, 1));
        brake.begin();
        Files.createDirectory(backend);
        brake.remember();
        assertThat(remembered()).isPositive();
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aDirectoryThatHangsHoldsUpNobodyAndGetsTheNewestWhenItComesBack() throws Exception {
        MetadataStore metadata = cluster(1, 10);
        Path pipe = backend.resolve(SeenFile.NAME + ".new"); // opening it waits for a reader
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        try (SystemTime clock = new SystemTime()) {
            DeletionBrake brake = brake(metadata, clock);
            brake.begin();
            assertThat(seenByNode().progress().revision()).isEqualTo(metadata.revision());

            raise(metadata, 5);
            new RevisionWatch(brake, clock, SETTINGS.remember(), () -> 0).close();
            assertThat(seenByNode().progress().revision()).isEqualTo(metadata.revision());

            assertThatThrownBy(() -> brake.checkShare(60, 100))
                    .isInstanceOf(BrakeEngagedException.class);
            assertThat(seenByNode().engaged()).isEqualTo(brake.engagement());

            assertThat(brake.acknowledge(token(brake))).isTrue();
            assertThat(seenByNode().progress().acknowledged()).isOne();
            assertThat(backend.resolve(SeenFile.NAME)).as("it hangs still").doesNotExist();

            Path aside = Files.move(pipe, directory.resolve("pipe"));
            try (InputStream reader = Files.newInputStream(aside)) {
                reader.readAllBytes();
            }
            while (!new SeenFile(backend).load().equals(new SeenFile(node).load())) {
                Thread.sleep(10);
            }
        }
    }

    private Seen seenByNode() {
        return new SeenFile(node).load().orElseThrow();
    }

    private static String token(DeletionBrake brake) {
        assertThat(brake.reason()).isPresent();
        return brake.engagement().orElseThrow().token();
    }

    private DeletionBrake brake(MetadataStore metadata) {
        return brake(metadata, time);
    }

    /** One that remembers nothing, as a job, and has heard of what others have seen. */
    private DeletionBrake alone(MetadataStore metadata, Progress heard) {
        var mark = new HighWaterMark();
        mark.raise(heard);
        return new DeletionBrake(
                new DeletionBrake.Parts(
                        metadata, seen(List.of(), time), mark, random, MaintenanceListener.NONE),
                SETTINGS);
    }

    private DeletionBrake brake(MetadataStore metadata, Time clock) {
        List<SeenFile> files = List.of(new SeenFile(backend), new SeenFile(node));
        return new DeletionBrake(
                new DeletionBrake.Parts(
                        metadata,
                        seen(files, clock),
                        new HighWaterMark(),
                        random,
                        MaintenanceListener.NONE),
                SETTINGS);
    }

    private static SeenFiles seen(List<SeenFile> files, Time clock) {
        return new SeenFiles(files, Thread.ofPlatform().daemon().factory(), clock);
    }

    private MetadataStore metadata() {
        var metadata = new MemoryMetadataStore(time);
        stores.add(metadata);
        return metadata;
    }

    private MetadataStore cluster(long id, int revisions) {
        MetadataStore metadata = metadata();
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
