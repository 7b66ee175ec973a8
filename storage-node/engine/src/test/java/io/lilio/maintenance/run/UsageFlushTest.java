package io.lilio.maintenance.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.CatalogFixture;
import io.lilio.catalog.usage.Usage;
import io.lilio.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UsageFlushTest {

    private final CatalogFixture fixture = CatalogFixture.create();
    private final ManualTime time = new ManualTime();
    private final List<Map<String, Usage>> told = new ArrayList<>();
    private Duration took = Duration.ZERO;
    private final MaintenanceListener listener =
            new MaintenanceListener() {
                @Override
                public void usage(Map<String, Usage> buckets) {
                    told.add(buckets);
                    time.advance(took);
                }
            };
    private final UsageFlush task =
            new UsageFlush(fixture.catalog.usage(), fixture.catalog.buckets(), time, listener);

    @AfterEach
    void close() {
        fixture.close();
    }

    private void run() {
        task.run(
                Run.alone(
                        TaskKind.USAGE,
                        new Pace(PaceSettings.UNLIMITED, time, () -> false),
                        listener));
    }

    @Test
    void tellsOfEveryBucketThatThereIsWhatAllNodesCounted() {
        fixture.catalog.buckets().create("empty", "owner", 1 << 20);
        fixture.put("a", CatalogFixture.inline("12345"));
        try (CatalogFixture other = fixture.join("n2")) {
            other.put("b", CatalogFixture.inline("123"));
            other.catalog.usage().flush();
            run();
            assertThat(told)
                    .containsExactly(
                            Map.of(CatalogFixture.BUCKET, new Usage(2, 8), "empty", Usage.none()));
            assertThat(other.catalog.usage().of(fixture.bucket().id()))
                    .as("it was written")
                    .isEqualTo(new Usage(2, 8));
        }
        fixture.catalog.buckets().delete("empty");
        run();
        assertThat(told.getLast()).containsOnlyKeys(CatalogFixture.BUCKET);
    }

    @Test
    void aLookThatTakesLongIsFollowedByAPauseOfAHundredTimesAsLong() {
        took = Duration.ofSeconds(1);
        run();
        time.advance(Duration.ofSeconds(99));
        run();
        assertThat(told).hasSize(1);
        time.advance(Duration.ofSeconds(1));
        run();
        assertThat(told).hasSize(2);
    }
}
