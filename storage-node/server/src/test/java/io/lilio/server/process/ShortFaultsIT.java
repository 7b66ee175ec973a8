package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.metadata.etcd.EtcdProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * One cluster goes through one fault of each kind under a light load, as short as it may be: no
 * fault lasts longer than until it was felt. In the end every disk holds what it should. At length:
 * {@link PartitionIT}, {@link NodeFaultsIT}, {@link EtcdMembersIT}, {@link RingChangesIT}, {@link
 * ClusterBrakeIT}.
 */
@Timeout(600)
@TestMethodOrder(OrderAnnotation.class)
class ShortFaultsIT {

    /** Of the chunks on the disk that rots. */
    private static final int ROTTEN_ONE_IN = 10;

    /** Beyond all nodes and other jobs. */
    private static final int KILLED_JOB = 200;

    @TempDir static Path directory;

    private static Disk disk;
    private static ClusterProcesses cluster;
    private static ClusterLoad load;
    private static ClusterFaults faults;
    private static ServerProcess[] nodes;

    @BeforeAll
    static void start() throws Exception {
        disk = Disk.directory(directory.resolve("rotting"));
        Map<String, String> onDisk =
                Map.of(
                        "LILIO_BACKENDS_0__NAME",
                        "disk1",
                        "LILIO_BACKENDS_0__TYPE",
                        "local",
                        Disk.PATH_SETTING,
                        disk.directory().resolve("chunks").toString());
        cluster =
                ClusterProcesses.start(
                        directory,
                        ClusterProcesses.Shape.of(3)
                                .withEtcdMembers(3)
                                .withNetwork()
                                .with(ClusterProcesses.PATIENT)
                                .with(Map.of("LILIO_MAINTENANCE_SCHEDULER", "false"))
                                .with(node -> node == 1 ? onDisk : Map.of()));
        nodes = new ServerProcess[] {cluster.node(1), cluster.node(2), cluster.node(3)};
        load = ClusterLoad.fill(cluster.endpoints(), ClusterLoad.Size.LIGHT, 21);
        faults = new ClusterFaults(cluster, load, nodes);
    }

    @AfterAll
    static void everyDiskHoldsWhatItShould() throws Exception {
        ClusterEnd.afterJobs(cluster, load);
    }

    @AfterEach
    void heal() throws Exception {
        cluster.network().heal();
        load.stop();
    }

    @Test
    @Order(1)
    void aNodeIsKilledAndStartedOnItsData() throws Exception {
        faults.begin();
        faults.isKilled(nodes[0], 1);
        faults.goesOn(nodes[0]);
    }

    @Test
    @Order(2)
    void aNodeIsCutOffFromTheOthers() throws Exception {
        ClusterNetwork network = cluster.network();
        faults.heldUp(
                nodes[2],
                List.of(network.toNodes(3)),
                () -> network.cutOffFromNodes(3),
                Duration.ZERO);
    }

    @Test
    @Order(3)
    void aNodeThatIsFrozenPastItsSessionsEndIsThawedInTheMidstOfCommits() throws Exception {
        faults.frozenInTheMidstOfCommits(2);
    }

    @Test
    @Order(4)
    void aNodeIsSlow() throws Exception {
        faults.isSlow(3, Duration.ofMillis(250), 1);
    }

    @Test
    @Order(5)
    void etcdsLeaderIsKilled() throws Exception {
        faults.etcdsLeaderIsKilled();
    }

    /** Nobody reads meanwhile: the scrub finds them and replaces them, and another finds none. */
    @Test
    @Order(6)
    void someCopiesOnADiskHaveRotted() throws Exception {
        long chunks = (long) nodes[0].metrics().sum("lilio_backend_chunks");
        assertThat(disk.rot(chunks, ROTTEN_ONE_IN)).as("of %d chunks", chunks).isPositive();
        assertThat(bad("scrub-one")).as("the fault hit").isPositive();
        assertThat(bad("scrub-two")).isZero();
        load.assertNothingWrong(nodes[0]);
    }

    private static long bad(String scrub) throws Exception {
        carryOut("scrub", scrub);
        Curl.Answer run = RingAdmin.of(nodes[0]).operation(scrub);
        assertThat(run.at("/counts/chunks_verified")).isNotEqualTo("0");
        return run.body().at("/counts/chunks_bad").asLong();
    }

    private static void carryOut(String kind, String operation) throws Exception {
        ClusterProcesses.Job job = cluster.job("job", kind, "--operation", operation);
        assertThat(job.exitCode()).as(job.output()).isZero();
    }

    @Test
    @Order(7)
    void theRingGrowsByAJobThatIsKilledAndCarriedOutAgain() throws Exception {
        cluster.join();
        RingAdmin admin = RingAdmin.of(nodes[0]);
        faults.begin();
        admin.admit(admin.id("node-4"));
        try (ClusterJob job = begin(change(admin))) {
            job.awaitSaid("is taken up");
            job.kill();
        }
        carryOut(admin);
        assertThat(admin.member("node-4").path("state").asText()).isEqualTo("ACTIVE");
        assertThat(admin.member("node-4").path("partitions").asInt()).isPositive();
        faults.goesOn(cluster.node(4));
    }

    private static ClusterJob begin(String change) throws Exception {
        return ClusterJob.begin(
                directory,
                cluster.settings(KILLED_JOB, Map.of()),
                "rebalance",
                "--operation",
                change);
    }

    /** Who has seen the same ring as somebody who was faster is refused. */
    @Test
    @Order(8)
    void theRingShrinksByAJob() throws Exception {
        RingAdmin admin = RingAdmin.of(nodes[0]);
        faults.begin();
        long epoch = admin.ring().path("epoch").asLong();
        String fourth = RingAdmin.members(admin.id("node-4"));
        admin.tries("drain", UUID.randomUUID().toString(), epoch, fourth).is(200);
        RingAdmin.of(nodes[1])
                .tries("drain", UUID.randomUUID().toString(), epoch, fourth)
                .refused(409, "StaleEpoch");
        carryOut(admin);
        assertThat(admin.member("node-4").path("state").asText()).isEqualTo("REMOVED");
        faults.goesOn(cluster.node(4));
    }

    private static String change(RingAdmin admin) throws Exception {
        return admin.ring().path("operation").path("id").asText();
    }

    private static void carryOut(RingAdmin admin) throws Exception {
        assertThat(admin.ring().path("unsettled").asInt()).isPositive();
        carryOut("rebalance", change(admin));
        admin.awaitConverged();
    }

    /** What was written since is lost, and kept until somebody says that this is known. */
    @Test
    @Order(9)
    void anOlderStateOfEtcdIsPutBack() throws Exception {
        Path snapshot = directory.resolve("snapshot");
        EtcdProcess.snapshot(cluster.etcdMembers(), snapshot);
        load.awaitServing(nodes[0]);
        try (S3Client s3 = Clients.withoutRetries(nodes[0].endpoint())) {
            byte[] body = Payload.random(new Random(22), 1_500_000);
            for (int i = 0; i < 5; i++) {
                String key = "lost" + i;
                s3.putObject(b -> b.bucket("own").key(key), RequestBody.fromBytes(body));
            }
        }
        ClusterEnd.awaitOwnWork(cluster);
        ClusterBrake brake = new ClusterBrake(cluster);
        Map<Integer, Long> held = brake.held();
        EtcdProcess.restore(cluster.etcdMembers(), snapshot);
        String token = brake.awaitEngaged("was seen before");
        ClusterEnd.awaitTurns(cluster);
        assertThat(brake.held()).isEqualTo(held);
        brake.acknowledge(2, token).is(200);
        brake.awaitReleased();
        load.awaitWell(nodes);
        load.assertNothingWrong(nodes[0]);
    }
}
