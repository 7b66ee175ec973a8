package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** What a running server exports, under the names that dashboards and alerts use. */
class MetricsIT {

    /** In the end. */
    private static final int HELD_BYTES = 100_000 + (3 << 20);

    @TempDir Path directory;

    @Test
    void theNamesThatUsersOfLilioKnowCountWhatClientsDid() throws Exception {
        try (ServerProcess server =
                        ServerProcess.start(
                                directory.resolve("data"),
                                Map.of("LILIO_MAINTENANCE_USAGE_INTERVAL", "1s"));
                S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            s3.createBucket(b -> b.bucket("photos"));
            put(s3, "inline", 1_000);
            put(s3, "one-chunk", 100_000);
            put(s3, "three-chunks", 3 << 20);
            for (String key : new String[] {"inline", "one-chunk", "three-chunks"}) {
                s3.getObjectAsBytes(b -> b.bucket("photos").key(key));
            }
            s3.deleteObject(b -> b.bucket("photos").key("inline"));
            try {
                s3.getObjectAsBytes(b -> b.bucket("photos").key("inline"));
            } catch (NoSuchKeyException expected) {
                assertThat(expected.statusCode()).isEqualTo(404);
            }
            // The last are counted when all members have answered and the answer has left.
            Metrics metrics =
                    await(
                            server,
                            seen ->
                                    seen.sum("lilio_errors_total", "code", "NoSuchKey") == 1
                                            && seen.sum("lilio_quorum_write_succeeded_total") == 12
                                            && seen.sum("lilio_quorum_read_total") == 4
                                            && seen.sum("lilio_bucket_bytes") == HELD_BYTES);
            assertRequests(metrics);
            assertQuorums(metrics);
            assertRest(metrics);
        }
    }

    private static void put(S3Client s3, String key, int bytes) {
        s3.putObject(b -> b.bucket("photos").key(key), RequestBody.fromBytes(new byte[bytes]));
    }

    private static void assertRequests(Metrics metrics) {
        assertThat(objects(metrics, "PutObject")).isEqualTo(3);
        assertThat(objects(metrics, "GetObject")).isEqualTo(3);
        assertThat(objects(metrics, "DeleteObject")).isEqualTo(1);
        String size = "lilio_object_size_bytes";
        assertThat(metrics.value(size + "_count", "bucket", "photos")).isEqualTo(3);
        assertThat(metrics.value(size + "_sum", "bucket", "photos"))
                .isEqualTo(1_000 + 100_000 + (3 << 20));
        assertThat(metrics.value(size + "_bucket", "bucket", "photos", "le", "1024.0"))
                .isEqualTo(1);
        assertThat(metrics.value(size + "_bucket", "bucket", "photos", "le", "+Inf")).isEqualTo(3);
        String duration = "lilio_request_duration_seconds";
        assertThat(metrics.value(duration + "_count", "operation", "GetObject")).isEqualTo(4);
        assertThat(metrics.value(duration + "_sum", "operation", "GetObject")).isBetween(0.0, 60.0);
        assertThat(metrics.value(duration + "_bucket", "operation", "GetObject", "le", "+Inf"))
                .isEqualTo(4);
        assertThat(metrics.value(duration + "_bucket", "operation", "GetObject", "le", "60.0"))
                .isEqualTo(4);
        assertThat(metrics.value("lilio_errors_total", "code", "NoSuchKey")).isEqualTo(1);
    }

    private static double objects(Metrics metrics, String operation) {
        return metrics.value("lilio_objects_total", "bucket", "photos", "operation", operation);
    }

    /** Four chunks, three members each; a read asks R = 2 of them, and more when it hedges. */
    private static void assertQuorums(Metrics metrics) {
        assertThat(metrics.value("lilio_quorum_write_total", "status", "success")).isEqualTo(4);
        assertThat(metrics.value("lilio_quorum_write_total", "status", "failure")).isZero();
        assertThat(metrics.value("lilio_quorum_write_attempted_total")).isEqualTo(12);
        assertThat(metrics.value("lilio_quorum_write_succeeded_total")).isEqualTo(12);
        assertThat(metrics.value("lilio_quorum_read_total", "status", "success")).isEqualTo(4);
        assertThat(metrics.value("lilio_quorum_read_total", "status", "failure")).isZero();
        assertThat(metrics.value("lilio_quorum_read_attempted_total")).isBetween(8.0, 12.0);
        assertThat(metrics.value("lilio_quorum_read_succeeded_total")).isBetween(4.0, 12.0);
    }

    private static void assertRest(Metrics metrics) {
        for (String node : new String[] {"disk1", "disk2", "disk3"}) {
            assertThat(metrics.value("lilio_backend_health", "node", node)).isEqualTo(1);
            assertThat(metrics.value("lilio_backend_chunks", "node", node)).isEqualTo(4);
            assertThat(metrics.value("lilio_unconfirmed_chunks", "node", node)).isBetween(0.0, 4.0);
        }
        assertThat(metrics.values("lilio_backend_health", "member", "")).isEmpty();
        assertThat(metrics.value("lilio_buckets")).isEqualTo(1);
        assertThat(metrics.value("lilio_bucket_bytes", "bucket", "photos")).isEqualTo(HELD_BYTES);
        assertThat(metrics.value("lilio_bucket_objects", "bucket", "photos")).isEqualTo(2);
        assertThat(metrics.value("lilio_ring_epoch")).isEqualTo(1);
        assertThat(metrics.value("lilio_ring_partitions_unsettled")).isZero();
        assertThat(metrics.value("lilio_ring_members", "state", "active")).isEqualTo(3);
        assertThat(metrics.sum("lilio_ring_members")).isEqualTo(3);
        assertThat(metrics.value("lilio_ring_changing")).isZero();
        assertThat(metrics.value("lilio_session_lost")).isZero();
        assertThat(metrics.value("lilio_metadata_duration_seconds_count", "call", "scan"))
                .isPositive();
        assertThat(metrics.value("lilio_trash_records")).isBetween(0.0, 1.0);
        assertThat(metrics.value("lilio_buffers_in_use_bytes"))
                .isBetween(0.0, metrics.value("lilio_buffers_capacity_bytes"));
        assertThat(metrics.value("lilio_watermark_age_seconds")).isGreaterThanOrEqualTo(0);
        assertThat(metrics.sum("lilio_metadata_duration_seconds_count")).isPositive();
        assertThat(metrics.sum("lilio_corrupt_replicas_total")).isZero();
        assertThat(metrics.sum("lilio_read_repairs_total")).isZero();
    }

    private static Metrics await(ServerProcess server, Predicate<Metrics> holds) throws Exception {
        long end = System.nanoTime() + 60_000_000_000L;
        Metrics metrics = server.metrics();
        while (!holds.test(metrics)) {
            assertThat(System.nanoTime()).as("still\n%s", metrics).isLessThan(end);
            Thread.sleep(50);
            metrics = server.metrics();
        }
        return metrics;
    }
}
