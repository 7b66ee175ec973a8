package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.lilio.faults.LoopbackPorts;
import io.lilio.metadata.etcd.EtcdProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What a cluster does whose etcd is not what it was: above all it deletes nothing. */
@Timeout(500)
@Tag("faults")
class ClusterBrakeIT {

    private static final String BUCKET = "bucket";
    private static final int OBJECTS = 12;

    /** Longer than trash, look-ups of orphans and drops wait for their next turn. */
    private static final long TURNS_MILLIS = 20_000;

    @TempDir Path directory;

    private final byte[] body = Payload.random(new Random(1), 1_500_000);
    private final List<S3Client> clients = new ArrayList<>();

    @Test
    void anOlderEtcdUnderRunningNodesDeletesNothingUntilItsLossIsAcknowledged() throws Exception {
        try (ClusterProcesses cluster = started()) {
            put(cluster, "before", OBJECTS);
            Path snapshot = directory.resolve("snapshot");
            cluster.etcd().snapshot(snapshot);
            put(cluster, "after", OBJECTS);
            put(cluster, "before", OBJECTS / 2); // what these replace is swept
            Map<String, Long> held = settled(cluster);

            cluster.etcd().restore(snapshot);
            assertRefused();
            String token = engaged(cluster, "was seen before");
            assertThat(cluster.node(1).health().document().toString()).contains(token);
            Thread.sleep(TURNS_MILLIS);
            assertRefused();
            ClusterProcesses.Job job = cluster.job("job", "gc", "--operation", "too-early");
            assertThat(job.exitCode()).as(job.output()).isNotZero();
            assertThat(job.output()).contains("deletion brake is engaged");
            assertThat(held(cluster)).isEqualTo(held);

            Curl.ofRoot(cluster.node(2)).post("/v1/brake/acknowledge", token(token)).is(200);
            eventually(() -> serves(cluster));
            for (int i = 1; i <= 3; i++) {
                int node = i;
                eventually(() -> brake(cluster, node).at("/engaged").equals("false"));
            }
            job = cluster.job("job", "gc", "--operation", "in-time");
            assertThat(job.exitCode()).as(job.output()).isZero();
            assertThat(held(cluster).values())
                    .as("the lost half is garbage now")
                    .allSatisfy(
                            chunks ->
                                    assertThat(chunks).isLessThan(held.values().iterator().next()));
        }
    }

    @Test
    void anEmptiedEtcdDeletesNothingAndWorkGoesOnWhenItIsPutBack() throws Exception {
        try (ClusterProcesses cluster = started()) {
            put(cluster, "key", OBJECTS);
            Map<String, Long> held = settled(cluster);
            Path snapshot = directory.resolve("snapshot");
            cluster.etcd().snapshot(snapshot);
            eventually(() -> serves(cluster));

            cluster.etcd().startEmpty();
            assertRefused();
            engaged(cluster, "the metadata are empty");
            String own = brake(cluster, 1).at("/token");
            Curl.ofRoot(cluster.node(1))
                    .post("/v1/brake/acknowledge", token(own))
                    .refused(409, "Conflict");
            ClusterProcesses.Job job = cluster.job("job", "gc", "--operation", "founds-nothing");
            assertThat(job.exitCode()).as(job.output()).isNotZero();
            assertThat(job.output()).contains("The metadata hold no cluster");
            cluster.node(3).terminate();
            ServerProcess.startInVain(cluster.data(3), cluster.settings(3, Map.of()))
                    .saying("are gone, and there were some before", "restore etcd");
            Thread.sleep(TURNS_MILLIS);

            cluster.etcd().restore(snapshot);
            cluster.node(3).startAgain();
            eventually(() -> serves(cluster));
            assertThat(settled(cluster)).isEqualTo(held);
            String token = engaged(cluster, "the metadata are empty");
            Curl.ofRoot(cluster.node(3)).post("/v1/brake/acknowledge", token(token)).is(200);
            job = cluster.job("job", "gc", "--operation", "nothing-to-do");
            assertThat(job.exitCode()).as(job.output()).isZero();
            assertThat(held(cluster)).isEqualTo(held);
        }
    }

    @Test
    void theEtcdOfAnotherClusterDeletesNothing() throws Exception {
        Path theirs = directory.resolve("theirs");
        foundAnother(theirs);
        try (ClusterProcesses cluster = started()) {
            put(cluster, "key", OBJECTS);
            Map<String, Long> held = settled(cluster);
            Path ours = directory.resolve("ours");
            cluster.etcd().snapshot(ours);
            eventually(() -> serves(cluster));

            cluster.etcd().restore(theirs);
            assertRefused();
            eventually(
                    () ->
                            cluster.node(1)
                                    .health()
                                    .data("metadata")
                                    .get("etcd")
                                    .contains("another etcd cluster"));
            cluster.node(3).terminate();
            ServerProcess.startInVain(cluster.data(3), cluster.settings(3, Map.of()))
                    .saying("belongs to cluster");
            Thread.sleep(TURNS_MILLIS);
            assertRefused(0);

            cluster.etcd().restore(ours);
            cluster.node(3).startAgain();
            eventually(() -> serves(cluster));
            assertThat(settled(cluster)).isEqualTo(held);
            ClusterProcesses.Job job = cluster.job("job", "gc", "--operation", "nothing-to-do");
            assertThat(job.exitCode()).as(job.output()).isZero();
            assertThat(held(cluster)).isEqualTo(held);
        }
    }

    private ClusterProcesses started() throws Exception {
        ClusterProcesses cluster = ClusterProcesses.start(directory, 3);
        cluster.endpoints().forEach(each -> clients.add(Clients.withoutRetries(each)));
        clients.getFirst().createBucket(b -> b.bucket(BUCKET));
        return cluster;
    }

    /** Leaves its data, which are further than those of a cluster that is new. */
    private void foundAnother(Path data) throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        Map<String, String> settings = new TreeMap<>();
        try (EtcdProcess etcd = EtcdProcess.start(other)) {
            settings.put("LILIO_METADATA_TYPE", "etcd");
            settings.put("LILIO_METADATA_ETCD_ENDPOINTS", etcd.endpoint());
            settings.put("LILIO_RPC_PORT", String.valueOf(LoopbackPorts.next()));
            settings.put("LILIO_RPC_SECRET", ClusterProcesses.SECRET);
            settings.put("LILIO_NODE_NAME", "node-1");
            settings.put("LILIO_CLUSTER_INITIAL_NODES", "node-1");
            settings.put("LILIO_REPLICATION_FACTOR", "1");
            try (ServerProcess server = ServerProcess.start(other.resolve("data"), settings);
                    S3Client s3 = Clients.withoutRetries(server.endpoint())) {
                s3.createBucket(b -> b.bucket(BUCKET));
                for (int i = 0; i < 300; i++) {
                    String key = "theirs" + i;
                    s3.putObject(b -> b.bucket(BUCKET).key(key), RequestBody.fromString(key));
                }
                server.terminate();
            }
            etcd.snapshot(data);
        }
    }

    private void put(ClusterProcesses cluster, String prefix, int objects) throws Exception {
        eventually(() -> serves(cluster));
        for (int i = 0; i < objects; i++) {
            String key = prefix + i;
            clients.get(i % clients.size())
                    .putObject(b -> b.bucket(BUCKET).key(key), RequestBody.fromBytes(body));
        }
    }

    /** Every node takes a small object and gives it back. */
    private boolean serves(ClusterProcesses cluster) {
        try {
            for (int i = 0; i < cluster.endpoints().size(); i++) {
                S3Client s3 = clients.get(i);
                s3.putObject(b -> b.bucket(BUCKET).key("probe"), RequestBody.fromString("probe"));
                s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("probe"));
            }
            return true;
        } catch (S3Exception e) {
            assertThat(e.statusCode()).as(e.getMessage()).isEqualTo(503);
            return false;
        }
    }

    /** Neither served nor denied: nothing can be proved. */
    private void assertRefused() {
        for (int i = 0; i < clients.size(); i++) {
            assertRefused(i);
        }
    }

    private void assertRefused(int node) {
        S3Client s3 = clients.get(node);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("key1")))
                    .isInstanceOfSatisfying(
                            S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(503));
        }
    }

    /** Every node has it engaged; the token of the last. */
    private static String engaged(ClusterProcesses cluster, String reason) throws Exception {
        String token = "";
        for (int i = 1; i <= 3; i++) {
            int node = i;
            eventually(() -> brake(cluster, node).at("/engaged").equals("true"));
            assertThat(brake(cluster, node).at("/reason")).contains(reason);
            token = brake(cluster, node).at("/token");
        }
        return token;
    }

    private static Curl.Answer brake(ClusterProcesses cluster, int node) throws Exception {
        return Curl.ofRoot(cluster.node(node)).get("/v1/brake").is(200);
    }

    private static String token(String token) {
        return "{\"token\":\"%s\"}".formatted(token);
    }

    /** What every member holds, once nothing is swept or looked up any more. */
    private static Map<String, Long> settled(ClusterProcesses cluster) throws Exception {
        Map<String, Long> before = held(cluster);
        while (true) {
            Thread.sleep(6_000);
            Map<String, Long> now = held(cluster);
            if (now.equals(before)) {
                return now;
            }
            before = now;
        }
    }

    /** Chunks by member. */
    private static Map<String, Long> held(ClusterProcesses cluster) throws Exception {
        Map<String, Long> held = new TreeMap<>();
        for (JsonNode member : Curl.ofRoot(cluster.node(1)).get("/v1/members").is(200).body()) {
            held.put(
                    member.path("node").asText(),
                    member.at("/usage/chunks").asLong(Long.MIN_VALUE));
        }
        assertThat(held).hasSize(3).doesNotContainValue(Long.MIN_VALUE);
        return held;
    }

    private static void eventually(Callable<Boolean> condition) throws Exception {
        while (!condition.call()) {
            Thread.sleep(100);
        }
    }
}
