package io.lilio.maintenance.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.Catalog;
import io.lilio.catalog.owner.OwnerWalk;
import io.lilio.catalog.usage.Usage;
import io.lilio.maintenance.Fixture;
import io.lilio.maintenance.run.MaintenanceListener;
import io.lilio.maintenance.run.Pace;
import io.lilio.maintenance.run.PaceSettings;
import io.lilio.maintenance.run.Run;
import io.lilio.maintenance.run.TaskKind;
import io.lilio.metadata.session.Sessions;
import io.lilio.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UsageCorrectionTest {

    private static final int BYTES = Fixture.CHUNK_BYTES;

    private final Fixture f = new Fixture();
    private final UsageCorrection correction = correction(f, f.time);

    static UsageCorrection correction(Fixture f, Time time) {
        return new UsageCorrection(
                f.catalog.usage(), f.catalog.buckets(), f.sessions, time, Duration.ofMillis(300));
    }

    @AfterEach
    void close() {
        f.close();
    }

    @Test
    void aBucketThatIsWrittenToDuringTheWalkKeepsItsExactCount() {
        f.put("b", 2);
        f.put("d", 1);
        Map<UUID, Usage> before = correction.before();
        Map<UUID, Usage> counted =
                walk(
                        () -> {
                            f.put("a", 3); // behind the walk, which does not see it
                            f.put("c", 4);
                        });
        assertThat(counted).containsEntry(f.bucket.id(), new Usage(3, 7 * BYTES));

        correction.correct(before, counted, run());

        assertThat(usage()).isEqualTo(new Usage(4, 10 * BYTES));
    }

    @Test
    void whatChangesDuringTheWalkCannotExplainIsCorrected() {
        f.put("b", 2);
        f.put("d", 1);
        f.catalog.usage().count(f.bucket.id(), new Usage(100, -50 * BYTES));
        Map<UUID, Usage> before = correction.before();
        Map<UUID, Usage> counted = walk(() -> f.put("c", 4));

        correction.correct(before, counted, run());

        assertThat(usage().objects()).as("but for what changed meanwhile").isBetween(3L, 4L);
        assertThat(usage().bytes()).isEqualTo(7 * BYTES);
    }

    @Test
    void whatAnotherNodeHasCountedAndWritesSoonIsNotAddedToo() {
        try (Sessions session = f.session("other")) {
            Catalog other =
                    Catalog.on(new Catalog.Ground(f.metadata, session, f.time, f.random, "other"));
            f.put("a", 3);
            f.catalog.usage().count(f.bucket.id(), new Usage(-1, -3 * BYTES));
            other.usage().count(f.bucket.id(), new Usage(1, 3 * BYTES)); // as if it had put it
            UsageCorrection patient = correction(f, waking(f.time, other.usage()::flush));
            Map<UUID, Usage> before = patient.before();

            patient.correct(before, walk(() -> {}), run());
            other.usage().flush();

            assertThat(usage()).isEqualTo(new Usage(1, 3 * BYTES));
        }
    }

    /** In which something happens as soon as somebody waits. */
    private static Time waking(Time time, Runnable meanwhile) {
        return new Time() {
            @Override
            public Instant now() {
                return time.now();
            }

            @Override
            public long nanos() {
                return time.nanos();
            }

            @Override
            public void sleep(Duration duration) throws InterruptedException {
                meanwhile.run();
                time.sleep(duration);
            }

            @Override
            public Cancellable schedule(Duration delay, Runnable task) {
                return time.schedule(delay, task);
            }
        };
    }

    /**
     * A record a page.
     *
     * @param meanwhile what happens after the first
     */
    private Map<UUID, Usage> walk(Runnable meanwhile) {
        Map<UUID, Usage> counted = new HashMap<>();
        OwnerWalk.Page page = f.catalog.ownerWalk().next(null, 1);
        page.usage().forEach((bucket, found) -> counted.merge(bucket, found, Usage::plus));
        meanwhile.run();
        while (page.next().isPresent()) {
            page = f.catalog.ownerWalk().next(page.next().get(), 1);
            page.usage().forEach((bucket, found) -> counted.merge(bucket, found, Usage::plus));
        }
        return counted;
    }

    private Run run() {
        return Run.alone(
                TaskKind.GC,
                new Pace(PaceSettings.UNLIMITED, f.time, () -> false),
                MaintenanceListener.NONE);
    }

    private Usage usage() {
        return f.catalog.usage().of(f.bucket.id());
    }
}
