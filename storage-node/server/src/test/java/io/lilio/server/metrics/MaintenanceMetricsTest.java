package io.lilio.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.usage.Usage;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.RunResult;
import io.lilio.maintenance.run.TaskKind;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation") // Quarkus 3.33 still exports through this registry.
class MaintenanceMetricsTest {

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MaintenanceMetrics metrics = new MaintenanceMetrics(registry);

    @Test
    void resultsOfEveryKindAreExported() {
        metrics.trash(7);
        metrics.counted(TaskKind.TRASH, Counter.TRASH_SWEPT, 3);
        metrics.counted(TaskKind.GC, Counter.BLOBS_ORPHANED, 2);
        metrics.counted(TaskKind.REPAIR, Counter.CHUNKS_COPIED, 5);
        metrics.counted(TaskKind.SCRUB, Counter.CHUNKS_BAD, 1);
        metrics.counted(TaskKind.SCRUB, Counter.CHUNKS_BAD, 1);
        metrics.progressed(TaskKind.SCRUB, 11);
        metrics.finished(
                TaskKind.GC,
                new RunResult(RunResult.Outcome.FAILED, new TreeMap<>(), "why"),
                Duration.ofSeconds(4));

        assertThat(registry.scrape())
                .contains("lilio_trash_records 7.0")
                .contains("lilio_maintenance_items_total{item=\"trash_swept\",kind=\"trash\",} 3.0")
                .contains("lilio_maintenance_items_total{item=\"blobs_orphaned\",kind=\"gc\",} 2.0")
                .contains(
                        "lilio_maintenance_items_total{item=\"chunks_copied\",kind=\"repair\",} 5.0")
                .contains("lilio_maintenance_items_total{item=\"chunks_bad\",kind=\"scrub\",} 2.0")
                .contains("lilio_maintenance_partitions_done{kind=\"scrub\",} 11.0")
                .contains(
                        "lilio_maintenance_runs_seconds_sum{kind=\"gc\",outcome=\"failed\",} 4.0");
    }

    @Test
    void theLargestBucketsAreShownAndTheOthersTogether() {
        Map<String, Usage> held = new HashMap<>();
        for (int i = 1; i <= BucketLabels.MAX_NAMES + 2; i++) {
            held.put("bucket-" + i, new Usage(1, 10L * i));
        }
        metrics.usage(held);
        assertThat(registry.scrape())
                .contains("lilio_buckets 102.0")
                .contains("lilio_bucket_bytes{bucket=\"bucket-102\",} 1020.0")
                .contains("lilio_bucket_bytes{bucket=\"bucket-3\",} 30.0")
                .contains("lilio_bucket_objects{bucket=\"_other\",} 2.0")
                .contains("lilio_bucket_bytes{bucket=\"_other\",} 30.0")
                .doesNotContain("bucket=\"bucket-2\"", "bucket=\"bucket-1\"");
    }

    @Test
    void aBucketThatIsGoneIsShownNoMore() {
        metrics.usage(Map.of("kept", new Usage(1, 2), "gone", new Usage(3, 4)));
        metrics.usage(Map.of("kept", new Usage(5, 6)));
        assertThat(registry.scrape())
                .contains("lilio_buckets 1.0")
                .contains("lilio_bucket_objects{bucket=\"kept\",} 5.0")
                .contains("lilio_bucket_bytes{bucket=\"kept\",} 6.0")
                .doesNotContain("gone", "_other");
    }

    @Test
    void theDeletionBrakeIsOneWhileItIsEngaged() {
        assertThat(registry.scrape()).contains("lilio_deletion_brake 0.0");
        metrics.brake("the metadata are empty");
        assertThat(registry.scrape()).contains("lilio_deletion_brake 1.0");
        metrics.brake("");
        assertThat(registry.scrape()).contains("lilio_deletion_brake 0.0");
    }
}
