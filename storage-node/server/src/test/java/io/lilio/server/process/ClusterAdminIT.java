package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The admin API of a cluster of real processes, in short: access keys hold at every node at once,
 * and a change of the ring is carried out by a job, since the nodes leave that to jobs. At length:
 * {@link ClusterRingIT}, {@link RingChangesIT}.
 */
@Timeout(240)
@Tag("faults")
class ClusterAdminIT {

    private static final int OBJECTS = 12;

    @TempDir Path directory;

    @Test
    void keysHoldAtEveryNodeAtOnceAndAJobCarriesOutAChangeOfTheRing() throws Exception {
        ClusterProcesses.Shape shape =
                ClusterProcesses.Shape.of(4)
                        .with(ClusterProcesses.PATIENT)
                        .with(Map.of("LILIO_MAINTENANCE_SCHEDULER", "false"));
        try (ClusterProcesses cluster = ClusterProcesses.start(directory, shape)) {
            fill(cluster.node(1).endpoint());
            keysHoldAtEveryNodeAtOnce(cluster);
            aJobDrainsAMember(cluster);
        }
    }

    private static void fill(URI node) {
        try (S3Client s3 = Clients.withoutRetries(node)) {
            s3.createBucket(b -> b.bucket("bucket"));
            for (int i = 0; i < OBJECTS; i++) {
                String key = "k" + i;
                s3.putObject(
                        b -> b.bucket("bucket").key(key),
                        RequestBody.fromBytes(new byte[100_000 + i]));
            }
        }
    }

    private static int sizesAt(URI node, StaticCredentialsProvider as) {
        int sizes = 0;
        try (S3Client s3 = Clients.withoutRetries(node, as)) {
            for (int i = 0; i < OBJECTS; i++) {
                String key = "k" + i;
                byte[] read =
                        s3.getObjectAsBytes(b -> b.bucket("bucket").key(key)).asByteArrayUnsafe();
                sizes += read.length;
            }
        }
        return sizes;
    }

    private static void keysHoldAtEveryNodeAtOnce(ClusterProcesses cluster) throws Exception {
        Curl one = Curl.ofRoot(cluster.node(1));
        Curl three = Curl.ofRoot(cluster.node(3));
        Curl.Answer made = one.post("/v1/keys", "{\"role\":\"read-only\"}").is(200);
        String id = made.at("/key/id");
        StaticCredentialsProvider key = credentials(id, made.at("/secret"));
        for (int node = 1; node <= 4; node++) {
            assertThat(sizesAt(cluster.node(node).endpoint(), key)).isGreaterThan(0);
        }
        three.post("/v1/keys/" + id + "/disable", "{}").is(200);
        for (int node = 1; node <= 4; node++) {
            URI disabledAt = cluster.node(node).endpoint();
            assertThatThrownBy(() -> sizesAt(disabledAt, key))
                    .as("node %d", node)
                    .isInstanceOfSatisfying(
                            S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(403));
        }
    }

    private static StaticCredentialsProvider credentials(String id, String secret) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(id, secret));
    }

    private static void aJobDrainsAMember(ClusterProcesses cluster) throws Exception {
        RingAdmin admin = RingAdmin.of(cluster.node(2));
        String fourth = admin.id("node-4");
        admin.drain(fourth);
        assertThat(admin.ring().path("unsettled").asInt()).isPositive();
        ClusterProcesses.Job job = cluster.job("job", "rebalance", "--operation", "drain-4");
        assertThat(job.exitCode()).as(job.output()).isZero();
        assertThat(job.output()).contains("Operation drain-4 (rebalance): SUCCEEDED");
        admin.awaitConverged();
        assertThat(admin.member("node-4").path("state").asText()).isEqualTo("REMOVED");
        Curl.Answer record = Curl.ofRoot(cluster.node(1)).get("/v1/operations/drain-4").is(200);
        assertThat(record.at("/state")).isEqualTo("SUCCEEDED");
        var root = credentials(ServerProcess.ACCESS_KEY, ServerProcess.SECRET_KEY);
        assertThat(sizesAt(cluster.node(4).endpoint(), root))
                .as("it serves what others hold")
                .isEqualTo(OBJECTS * 100_000 + OBJECTS * (OBJECTS - 1) / 2);
    }
}
