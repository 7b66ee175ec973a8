package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.chunk.ChunkId;
import io.lilio.faults.LoopbackPorts;
import io.lilio.metadata.etcd.EtcdProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    /**
     * What an older etcd does not know: more than a collection may always delete (50), and more
     * than a fifth of all there is, which is these, {@link #OBJECTS} and at most two blobs for each
     * of the eighty keys of {@link #MEANWHILE}.
     */
    private static final int LOST = 100;

    private static final Pattern WOULD_DELETE =
            Pattern.compile("would delete (\\d+) of \\d+ blobs, which is more than its share");

    /** Longer than trash, look-ups of orphans and drops wait for their next turn. */
    private static final long TURNS_MILLIS = 20_000;

    private static final RecordedLoad.Shape MEANWHILE =
            new RecordedLoad.Shape(8, 10, false, 1_500_000, true);

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
            Map<Integer, Long> held = settled(cluster);

            cluster.etcd().restore(snapshot);
            assertRefused();
            ClusterBrake brake = new ClusterBrake(cluster);
            String token = brake.awaitEngaged("was seen before");
            assertThat(cluster.node(1).health().document().toString()).contains(token);
            Thread.sleep(TURNS_MILLIS);
            assertRefused();
            ClusterProcesses.Job job = cluster.job("job", "gc", "--operation", "too-early");
            assertThat(job.exitCode()).as(job.output()).isNotZero();
            assertThat(job.output()).contains("deletion brake is engaged");
            assertThat(brake.held()).isEqualTo(held);

            brake.acknowledge(2, token).is(200);
            eventually(() -> serves(cluster));
            brake.awaitReleased();
            job = cluster.job("job", "gc", "--operation", "in-time");
            assertThat(job.exitCode()).as(job.output()).isZero();
            assertThat(brake.held().values())
                    .as("the lost half is garbage now")
                    .allSatisfy(
                            chunks ->
                                    assertThat(chunks).isLessThan(held.values().iterator().next()));
        }
    }

    /**
     * What nodes that were stopped know of metadata that were newer lies on their disks alone; they
     * serve what they find, and whatever runs wants to delete what that does not name.
     */
    @Test
    void stoppedNodesThatFindAnOlderEtcdDeleteNothingWhileClientsAreAtWork() throws Exception {
        try (ClusterProcesses cluster = started();
                RecordedLoad load =
                        new RecordedLoad(cluster.endpoints(), "meanwhile", MEANWHILE, 3)) {
            put(cluster, "before", OBJECTS);
            Path snapshot = directory.resolve("snapshot");
            cluster.etcd().snapshot(snapshot);
            put(cluster, "after", OBJECTS);
            put(cluster, "small", LOST - OBJECTS, Arrays.copyOf(body, 20_000));
            ClusterEnd.awaitOwnWork(cluster);
            cluster.terminate();
            List<Set<ChunkId>> held = chunks(cluster);
            assertThat(held).allSatisfy(chunks -> assertThat(chunks).hasSizeGreaterThan(LOST));

            cluster.etcd().restore(snapshot);
            cluster.startAgain();
            ClusterBrake brake = new ClusterBrake(cluster);
            brake.awaitEngaged("was seen before");
            load.createBucket();
            load.start();
            Curl.Answer collection = RingAdmin.of(cluster.node(2)).runOnce("gc");
            assertThat(collection.at("/state")).as(collection.text()).isEqualTo("FAILED");
            assertThat(collection.at("/message")).contains("deletion brake is engaged");
            ClusterEnd.awaitTurns(cluster);
            load.stop();
            load.readEverything();
            assertThat(load.surprises()).isEmpty();
            load.assertLinearizable();
            cluster.terminate();
            assertHoldAtLeast(held, chunks(cluster));

            cluster.startAgain();
            brake.acknowledge(1, brake.awaitEngaged("was seen before")).is(200);
            brake.awaitReleased();
            load.start();
            ClusterEnd.awaitTurns(cluster);
            load.stop();
            ClusterEnd.awaitOwnWork(cluster);
            load.readEverything(cluster.endpoints().getLast());
            assertThat(load.surprises()).isEmpty();
            load.assertLinearizable();
            allowLargeShare(cluster, brake);
            ClusterEnd.repairAndCompare(cluster);
            assertThat(chunks(cluster).getFirst().containsAll(held.getFirst()))
                    .as("all that was lost is still there")
                    .isFalse();
        }
    }

    private static List<Set<ChunkId>> chunks(ClusterProcesses cluster) throws Exception {
        return StoppedStore.chunks(cluster.etcd(), cluster.disks());
    }

    /** What was lost is so large a part of all there is that its collection is asked about too. */
    private static void allowLargeShare(ClusterProcesses cluster, ClusterBrake brake)
            throws Exception {
        Curl.Answer refused = RingAdmin.of(cluster.node(3)).runOnce("gc");
        assertThat(refused.at("/state")).as(refused.text()).isEqualTo("FAILED");
        Matcher said = WOULD_DELETE.matcher(refused.at("/message"));
        assertThat(said.find()).as(refused.text()).isTrue();
        // And what clients took back, or nobody acknowledged, while nothing was deleted.
        assertThat(Long.parseLong(said.group(1))).isGreaterThanOrEqualTo(LOST);
        brake.acknowledge(2, brake.awaitEngaged("more than its share")).is(200);
        brake.awaitReleased();
    }

    private static void assertHoldAtLeast(List<Set<ChunkId>> held, List<Set<ChunkId>> now) {
        for (int disk = 0; disk < held.size(); disk++) {
            assertThat(now.get(disk)).as("disk %d", disk).containsAll(held.get(disk));
        }
    }

    @Test
    void anEmptiedEtcdDeletesNothingAndWorkGoesOnWhenItIsPutBack() throws Exception {
        try (ClusterProcesses cluster = started()) {
            put(cluster, "key", OBJECTS);
            Map<Integer, Long> held = settled(cluster);
            Path snapshot = directory.resolve("snapshot");
            cluster.etcd().snapshot(snapshot);
            eventually(() -> serves(cluster));

            cluster.etcd().startEmpty();
            assertRefused();
            ClusterBrake brake = new ClusterBrake(cluster);
            brake.awaitEngaged("the metadata are empty");
            brake.acknowledge(1, brake.at(1).at("/token")).refused(409, "Conflict");
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
            String token = brake.awaitEngaged("the metadata are empty");
            brake.acknowledge(3, token).is(200);
            job = cluster.job("job", "gc", "--operation", "nothing-to-do");
            assertThat(job.exitCode()).as(job.output()).isZero();
            assertThat(brake.held()).isEqualTo(held);
        }
    }

    @Test
    void theEtcdOfAnotherClusterDeletesNothing() throws Exception {
        Path theirs = directory.resolve("theirs");
        foundAnother(theirs);
        try (ClusterProcesses cluster = started()) {
            put(cluster, "key", OBJECTS);
            Map<Integer, Long> held = settled(cluster);
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
            // What was written after it was copied is lost.
            var brake = new ClusterBrake(cluster);
            brake.acknowledge(2, brake.awaitEngaged("was seen before")).is(200);
            ClusterProcesses.Job job = cluster.job("job", "gc", "--operation", "nothing-to-do");
            assertThat(job.exitCode()).as(job.output()).isZero();
            assertThat(brake.held()).isEqualTo(held);
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
        put(cluster, prefix, objects, body);
    }

    private void put(ClusterProcesses cluster, String prefix, int objects, byte[] each)
            throws Exception {
        eventually(() -> serves(cluster));
        for (int i = 0; i < objects; i++) {
            String key = prefix + i;
            clients.get(i % clients.size())
                    .putObject(b -> b.bucket(BUCKET).key(key), RequestBody.fromBytes(each));
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

    /** What every member holds, once nothing is swept or looked up any more. */
    private static Map<Integer, Long> settled(ClusterProcesses cluster) throws Exception {
        Map<Integer, Long> before = new ClusterBrake(cluster).held();
        while (true) {
            Thread.sleep(6_000);
            Map<Integer, Long> now = new ClusterBrake(cluster).held();
            if (now.equals(before)) {
                return now;
            }
            before = now;
        }
    }

    private static void eventually(Callable<Boolean> condition) throws Exception {
        while (!condition.call()) {
            Thread.sleep(100);
        }
    }
}
