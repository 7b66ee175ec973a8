package io.lilio.maintenance.brake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.catalog.ring.RingStore;
import io.lilio.maintenance.run.MaintenanceListener;
import io.lilio.metadata.HighWaterMark;
import io.lilio.metadata.InterruptedMetadataStore;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.memory.MemoryMetadataStore;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Partitioning;
import io.lilio.placement.Replication;
import io.lilio.placement.Ring;
import io.lilio.time.ManualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much one collection may delete. */
class BrakeShareTest {

    private static final BrakeSettings SETTINGS =
            new BrakeSettings(0.2, 10, Duration.ofSeconds(10));

    @TempDir private Path node;
    private final ManualTime time = new ManualTime();
    private final RandomGenerator random = new Random(1);
    private final List<MetadataStore> stores = new ArrayList<>();

    @AfterEach
    void close() {
        stores.forEach(MetadataStore::close);
    }

    @Test
    void aLargeShareOfOrphansStopsEverythingASmallOneOrAFewDoNot() {
        DeletionBrake brake = brake(cluster());
        brake.checkShare(10, 10);
        brake.checkShare(20, 100);
        assertThatThrownBy(() -> brake.checkShare(21, 100))
                .isInstanceOf(BrakeEngagedException.class);
        assertThatThrownBy(brake::check).isInstanceOf(BrakeEngagedException.class);
    }

    @Test
    void theShareThatWasAcknowledgedIsDeletedOnceAlsoAfterARestart() {
        MetadataStore metadata = cluster();
        DeletionBrake brake = brake(metadata);
        assertThatThrownBy(() -> brake.checkShare(60, 100))
                .isInstanceOf(BrakeEngagedException.class);
        assertThat(brake.acknowledge(token(brake))).isTrue();

        DeletionBrake later = brake(metadata);
        later.checkShare(63, 100); // and the few more that any collection may
        assertThatThrownBy(() -> later.checkShare(60, 100))
                .isInstanceOf(BrakeEngagedException.class);
    }

    @Test
    void aCollectionThatLeftWorkBehindGivesBackWhatItWasAllowed() {
        DeletionBrake brake = brake(cluster());
        assertThatThrownBy(() -> brake.checkShare(60, 100)).hasMessageContaining("share");
        assertThat(brake.acknowledge(token(brake))).isTrue();
        long accepted = brake.checkShare(60, 100);
        assertThat(accepted).isEqualTo(70);
        brake.giveBack(accepted);
        assertThat(brake.checkShare(60, 100)).isEqualTo(accepted);
        assertThatThrownBy(() -> brake.checkShare(60, 100)).hasMessageContaining("share");
        brake.giveBack(accepted);
        assertThatThrownBy(brake::check)
                .as("it was engaged meanwhile")
                .isInstanceOf(BrakeEngagedException.class);
        assertThat(brake.acknowledge(token(brake))).isTrue();
        brake.giveBack(1_000);
        assertThatThrownBy(() -> brake.checkShare(100, 100))
                .as("what was acknowledged meanwhile stands")
                .isInstanceOf(BrakeEngagedException.class);
    }

    @Test
    void whatAnotherEngagesBetweenLookAndUseIsNotWrittenOver() {
        var metadata = new InterruptedMetadataStore(cluster());
        DeletionBrake brake = brake(metadata);
        assertThatThrownBy(() -> brake.checkShare(60, 100)).hasMessageContaining("share");
        assertThat(brake.acknowledge(token(brake))).isTrue();
        DeletionBrake other = alone(metadata);
        metadata.afterReads(
                1,
                () ->
                        assertThatThrownBy(() -> other.checkShare(600, 600))
                                .isInstanceOf(BrakeEngagedException.class));

        assertThatThrownBy(() -> brake.checkShare(60, 100)).hasMessageContaining("600 of 600");

        assertThat(metadata.stillWaits()).isFalse();
        assertThat(new BrakeRecords(metadata).read().engaged()).isEqualTo(other.engagement());
        assertThatThrownBy(other::check).isInstanceOf(BrakeEngagedException.class);
    }

    @Test
    void aRecordThatChangesBetweenLookAndUseIsLookedAtAgain() {
        var metadata = new InterruptedMetadataStore(cluster());
        DeletionBrake brake = brake(metadata);
        assertThatThrownBy(() -> brake.checkShare(60, 100)).hasMessageContaining("share");
        assertThat(brake.acknowledge(token(brake))).isTrue();
        DeletionBrake other = alone(metadata);
        metadata.afterReads(2, () -> assertThat(other.beat()).isTrue());

        assertThatCode(() -> brake.checkShare(60, 100)).doesNotThrowAnyException();

        assertThat(metadata.stillWaits()).isFalse();
        assertThatThrownBy(() -> brake.checkShare(60, 100))
                .as("used up")
                .hasMessageContaining("share");
    }

    @Test
    void byDefaultFiftyOrphansAreNoReasonToStopAndNothingElseIsFree() {
        DeletionBrake brake = brake(cluster(), List.of(), BrakeSettings.DEFAULTS);
        brake.checkShare(50, 50);
        assertThatThrownBy(() -> brake.checkShare(51, 51))
                .isInstanceOf(BrakeEngagedException.class);
    }

    private static String token(DeletionBrake brake) {
        assertThat(brake.reason()).isPresent();
        return brake.engagement().orElseThrow().token();
    }

    private DeletionBrake brake(MetadataStore metadata) {
        return brake(metadata, List.of(new SeenFile(node)), SETTINGS);
    }

    /** Of another node, or of a job. */
    private DeletionBrake alone(MetadataStore metadata) {
        return brake(metadata, List.of(), SETTINGS);
    }

    private DeletionBrake brake(
            MetadataStore metadata, List<SeenFile> files, BrakeSettings settings) {
        var seen = new SeenFiles(files, Thread.ofPlatform().daemon().factory(), time);
        return new DeletionBrake(
                new DeletionBrake.Parts(
                        metadata, seen, new HighWaterMark(), random, MaintenanceListener.NONE),
                settings);
    }

    private MetadataStore cluster() {
        var metadata = new MemoryMetadataStore(time);
        stores.add(metadata);
        var member =
                new Member(new MemberId(new UUID(1, 1)), "b", "n", "h", "", 1, MemberState.ACTIVE);
        var replication = new Replication(1, 1, 1, Replication.Spread.HOST, false);
        new RingStore(metadata)
                .create(
                        new UUID(9, 1),
                        Ring.create(Partitioning.of(1), replication, List.of(member)));
        return metadata;
    }
}
