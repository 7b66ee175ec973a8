package io.lilio.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.content.BlobRef;
import io.lilio.chunk.BackendException;
import io.lilio.maintenance.run.MaintenanceListener;
import io.lilio.maintenance.run.PaceSettings;
import io.lilio.maintenance.run.RunResult;
import io.lilio.maintenance.run.RunnerParts;
import io.lilio.maintenance.run.TaskKind;
import io.lilio.placement.MemberId;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class MaintenanceTest {

    private final Fixture f = new Fixture();
    private final Maintenance maintenance = maintenance();

    private Maintenance maintenance() {
        MaintenanceSettings defaults = MaintenanceSettings.defaults();
        Map<TaskKind, MaintenanceSettings.Timing> often = new EnumMap<>(defaults.timetable());
        for (TaskKind kind : List.of(TaskKind.TRASH, TaskKind.ORPHANS, TaskKind.USAGE)) {
            often.put(
                    kind,
                    new MaintenanceSettings.Timing(Duration.ofMillis(10), PaceSettings.UNLIMITED));
        }
        return new Maintenance(
                new MaintenanceParts(
                        f.ring,
                        f.sessions,
                        f.members,
                        f.heal.copier(),
                        new MaintenanceParts.Catalog(
                                f.catalog.buckets(),
                                f.catalog.ownerLookup(),
                                f.catalog.ownerWalk(),
                                f.catalog.trash(),
                                f.catalog.usage())),
                new Maintenance.Surroundings(
                        new RunnerParts(
                                f.metadata, f.time, f.random, "node", MaintenanceListener.NONE),
                        Thread.ofVirtual().factory(),
                        () -> true,
                        f.brake(List.of())),
                new MaintenanceSettings(
                        often,
                        defaults.brake(),
                        defaults.collection(),
                        Duration.ofMillis(1),
                        defaults.parallelism()));
    }

    @AfterEach
    void close() {
        maintenance.close();
        f.close();
    }

    @Test
    void leftAloneItDeletesHealsAndConfirmsByItself() throws InterruptedException {
        maintenance.start();
        BlobRef old = f.put("cat.jpg", 10);
        BlobRef fresh = f.put("cat.jpg", 10);
        MemberId member = f.member(1);
        f.inner(member).delete(Fixture.chunksOf(fresh));

        while (f.copies(old) > 0
                || f.unconfirmed() > 0
                || f.copies(fresh) < 30
                || f.catalog.trash().count() > 0) {
            Thread.sleep(5);
        }
    }

    @Test
    void aBackendThatIsBackIsBroughtLevelWithoutBeingAsked() throws InterruptedException {
        MemberId member = f.member(1);
        BlobRef blob = f.put("cat.jpg", 10);
        f.stores.keySet().forEach(m -> f.inner(m).confirm(Fixture.chunksOf(blob), 1));
        maintenance.start();
        f.inner(member).delete(Fixture.chunksOf(blob));
        f.store(member).fail(BackendException.Reason.IO);
        Thread.sleep(2_500); // until its failing was seen
        f.store(member).heal();

        while (f.copies(blob) < 30) {
            Thread.sleep(5);
        }
    }

    @Test
    void aBackendThatCameBackEmptyWithoutBeingSeenUnwellIsFilled() throws InterruptedException {
        MemberId member = f.member(1);
        BlobRef blob = f.put("cat.jpg", 10);
        f.stores.keySet().forEach(m -> f.inner(m).confirm(Fixture.chunksOf(blob), 1));
        maintenance.start();
        f.inner(member).delete(Fixture.chunksOf(blob));
        f.store(member).comeBackEmpty();

        while (f.copies(blob) < 30) {
            Thread.sleep(5);
        }
    }

    @Test
    void everyKindRunsOnDemand() {
        f.put("cat.jpg", 3);
        for (TaskKind kind : TaskKind.values()) {
            assertThat(maintenance.runNow(kind).outcome()).isEqualTo(RunResult.Outcome.SUCCEEDED);
        }
        assertThat(maintenance.requested().all()).hasSize(4);
        assertThat(maintenance.brake().reason()).isEmpty();
    }
}
