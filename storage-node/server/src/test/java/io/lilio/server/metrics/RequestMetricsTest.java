package io.lilio.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.s3.http.RequestListener.Outcome;
import io.lilio.server.s3.http.RequestListener.Traffic;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation") // Quarkus 3.33 still exports through this registry.
class RequestMetricsTest {

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final NodeMetrics metrics = NodeMetrics.in(registry);

    private void complete(String operation, String bucket, int status, String code) {
        metrics.requests()
                .completed(
                        new Outcome(
                                operation,
                                bucket,
                                status,
                                code,
                                new Traffic(2_100, 2_000, 0, 3_000_000)));
    }

    @Test
    void namesAreThoseThatUsersOfLilioKnow() {
        complete("PutObject", "photos", 200, "");
        complete("GetObject", "photos", 404, "NoSuchKey");
        metrics.quorums().quorumWrite(true, 3, 2);
        metrics.quorums().quorumRead(false, 3, 1);
        assertThat(registry.scrape())
                .contains("lilio_objects_total{bucket=\"photos\",operation=\"PutObject\",} 1.0")
                .contains("lilio_object_size_bytes_sum{bucket=\"photos\",} 2000.0")
                .contains("lilio_object_size_bytes_bucket{bucket=\"photos\",le=\"4096.0\",} 1.0")
                .contains(
                        "lilio_request_duration_seconds_bucket{operation=\"PutObject\",le=\"0.005\",}"
                                + " 1.0")
                .contains("lilio_errors_total{code=\"NoSuchKey\",} 1.0")
                .contains("lilio_quorum_write_total{status=\"success\",} 1.0")
                .contains("lilio_quorum_write_attempted_total 3.0")
                .contains("lilio_quorum_write_succeeded_total 2.0")
                .contains("lilio_quorum_read_total{status=\"failure\",} 1.0")
                .doesNotContain("operation=\"GetObject\",} 1.0\nlilio_objects");
    }

    @Test
    void bucketLabelsAreBoundedAndNobodyCanInventThem() {
        complete("GetObject", "invented", 404, "NoSuchBucket");
        for (int i = 0; i < 500; i++) {
            complete("PutObject", "bucket-" + i, 200, "");
        }
        String scraped = registry.scrape();
        assertThat(scraped).doesNotContain("invented").contains("bucket=\"_other\"");
        assertThat(scraped.lines().filter(line -> line.startsWith("lilio_objects_total{")).count())
                .isEqualTo(BucketLabels.MAX_NAMES + 1);
    }
}
