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

    private static final String PARTITIONS = String.valueOf(ServerProcess.PARTITIONS);

    private static final int OBJECTS = 12;
    private static final int ALL_BYTES = OBJECTS * 100_000 + OBJECTS * (OBJECTS - 1) / 2;

    @TempDir Path directory;

    @Test
    void keysHoldAtEveryNodeAtOnceAndAJobCarriesOutAChangeOfTheRing() throws Exception {
        ClusterProcesses.Shape shape =
                ClusterProcesses.Shape.of(4)
                        .with(ClusterProcesses.PATIENT)
                        .with(Map.of("LILIO_MAINTENANCE_SCHEDULER", "false"));
        try (ClusterProcesses cluster = ClusterProcesses.start(directory, shape)) {
            fill(cluster.node(1).endpoint());
            everyNodeTellsWhatABucketHolds(cluster);
            keysHoldAtEveryNodeAtOnce(cluster);
            aJobDrainsAMember(cluster);
        }
    }

    /** At 64 KiB per second the 3.6 MB take a minute, of which the first 100 KB two seconds. */
    @Test
    void aJobIsWatchedCancelledAndGoesOnAfterAnOutageOfTheMetadata() throws Exception {
        ClusterProcesses.Shape shape =
                ClusterProcesses.Shape.of(3)
                        .with(ClusterProcesses.PATIENT)
                        .with(Map.of("LILIO_MAINTENANCE_SCHEDULER", "false"));
        try (ClusterProcesses cluster = ClusterProcesses.start(directory, shape)) {
            fill(cluster.node(1).endpoint());
            aScrubIsCancelledFromAnotherProcess(cluster);
            aScrubOutlivesAnOutage(cluster);
        }
    }

    private ClusterJob scrub(ClusterProcesses cluster, String id, String rate) throws Exception {
        return ClusterJob.begin(
                directory,
                cluster.settings(100, Map.of("LILIO_METADATA_ETCD_TIMEOUT", "3s")),
                "scrub",
                "--operation",
                id,
                "--max-bytes-per-second",
                rate);
    }

    private static long bytesDone(RingAdmin admin, String id) throws Exception {
        return Long.parseLong(admin.operation(id).at("/progress/bytesDone"));
    }

    private static long awaitMoreThan(long bytes, RingAdmin admin, String id) throws Exception {
        while (bytesDone(admin, id) <= bytes) {
            Thread.sleep(200);
        }
        return bytesDone(admin, id);
    }

    private void aScrubIsCancelledFromAnotherProcess(ClusterProcesses cluster) throws Exception {
        RingAdmin admin = RingAdmin.of(cluster.node(2));
        admin.request("scrub", "watched");
        try (ClusterJob job = scrub(cluster, "watched", "65536")) {
            long first = awaitMoreThan(0, admin, "watched");
            awaitMoreThan(first, admin, "watched");
            Curl.Answer running = admin.operation("watched");
            assertThat(running.at("/state")).isEqualTo("RUNNING");
            assertThat(running.at("/runner")).isEqualTo("job-watched");
            assertThat(running.at("/progress/partitionsTotal")).isEqualTo(PARTITIONS);
            assertThat(running.at("/progress/objectsTotal")).isEqualTo("" + 3 * OBJECTS);
            assertThat(running.at("/progress/bytesTotal")).isEqualTo("" + 3 * ALL_BYTES);
            Curl.ofRoot(cluster.node(3)).post("/v1/operations/watched/cancel", "{}").is(200);
            assertThat(job.process().waitFor()).as(job.said()).isEqualTo(4);
            Curl.Answer over = admin.operation("watched");
            assertThat(over.at("/state")).isEqualTo("CANCELLED");
            assertThat(over.at("/progress/bytesTotal")).isEqualTo("" + 3 * ALL_BYTES);
        }
    }

    private void aScrubOutlivesAnOutage(ClusterProcesses cluster) throws Exception {
        RingAdmin admin = RingAdmin.of(cluster.node(1));
        try (ClusterJob job = scrub(cluster, "outlives", "131072")) {
            job.awaitSaid("is taken up");
            awaitMoreThan(0, admin, "outlives");
            cluster.etcd().kill();
            job.awaitSaid("goes on when the metadata answer");
            cluster.etcd().start();
            job.succeeds();
            assertThat(job.said()).contains("Operation outlives (scrub): SUCCEEDED");
        }
        Curl.Answer over = admin.operation("outlives");
        assertThat(over.at("/state")).isEqualTo("SUCCEEDED");
        assertThat(over.at("/counts/partitions")).isEqualTo(PARTITIONS);
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

    /** As soon as the node that took the objects has written what it counted. */
    private static void everyNodeTellsWhatABucketHolds(ClusterProcesses cluster) throws Exception {
        for (int node = 1; node <= 4; node++) {
            Curl admin = Curl.ofRoot(cluster.node(node));
            Curl.Answer bucket = admin.get("/v1/buckets/bucket").is(200);
            while (!bucket.at("/objects").equals("" + OBJECTS)) {
                Thread.sleep(100);
                bucket = admin.get("/v1/buckets/bucket").is(200);
            }
            assertThat(bucket.at("/bytes")).as("node %d", node).isEqualTo("" + ALL_BYTES);
        }
    }

    private static void keysHoldAtEveryNodeAtOnce(ClusterProcesses cluster) throws Exception {
        Curl one = Curl.ofRoot(cluster.node(1));
        Curl three = Curl.ofRoot(cluster.node(3));
        Curl.Answer made = one.post("/v1/keys", "{\"role\":\"read-only\"}").is(200);
        String id = made.at("/key/id");
        StaticCredentialsProvider key = credentials(id, made.at("/secret"));
        everyNodeServes(cluster, key);
        StaticCredentialsProvider renewed =
                credentials(
                        id,
                        three.post("/v1/keys/" + id + "/rotate", "{\"keepPreviousSeconds\":0}")
                                .is(200)
                                .at("/secret"));
        everyNodeRefuses(cluster, key);
        everyNodeServes(cluster, renewed);
        three.post("/v1/keys/" + id + "/disable", "{}").is(200);
        everyNodeRefuses(cluster, renewed);
        one.post("/v1/keys/" + id + "/enable", "{}").is(200);
        everyNodeServes(cluster, renewed);
        three.delete("/v1/keys/" + id).is(204);
        everyNodeRefuses(cluster, renewed);
        StaticCredentialsProvider elsewhere = bound(one, "another");
        everyNodeRefuses(cluster, elsewhere);
        everyNodeServes(cluster, bound(three, "bucket"));
    }

    /** A key for one bucket alone. */
    private static StaticCredentialsProvider bound(Curl admin, String bucket) throws Exception {
        String scope = "{\"role\":\"read-only\",\"buckets\":[\"%s\"]}".formatted(bucket);
        Curl.Answer made = admin.post("/v1/keys", scope).is(200);
        return credentials(made.at("/key/id"), made.at("/secret"));
    }

    private static void everyNodeServes(ClusterProcesses cluster, StaticCredentialsProvider key) {
        for (int node = 1; node <= 4; node++) {
            assertThat(sizesAt(cluster.node(node).endpoint(), key))
                    .as("node %d", node)
                    .isEqualTo(ALL_BYTES);
        }
    }

    private static void everyNodeRefuses(ClusterProcesses cluster, StaticCredentialsProvider key) {
        for (int node = 1; node <= 4; node++) {
            URI refusing = cluster.node(node).endpoint();
            assertThatThrownBy(() -> sizesAt(refusing, key))
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
        ClusterProcesses.Job mistyped = cluster.job("job", "rebalance", "--operation", "drain-4");
        assertThat(mistyped.exitCode()).as(mistyped.output()).isEqualTo(2);
        assertThat(admin.ring().path("unsettled").asInt()).as("nothing is done").isPositive();
        String change = admin.ring().path("operation").path("id").asText();
        ClusterProcesses.Job job = cluster.job("job", "rebalance", "--operation", change);
        assertThat(job.exitCode()).as(job.output()).isZero();
        assertThat(job.output()).contains("Operation " + change + " (rebalance): SUCCEEDED");
        admin.awaitConverged();
        assertThat(admin.member("node-4").path("state").asText()).isEqualTo("REMOVED");
        assertThat(admin.operation(change).at("/state")).isEqualTo("SUCCEEDED");
        var root = credentials(ServerProcess.ACCESS_KEY, ServerProcess.SECRET_KEY);
        assertThat(sizesAt(cluster.node(4).endpoint(), root))
                .as("it serves what others hold")
                .isEqualTo(ALL_BYTES);
    }
}
