package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.metadata.etcd.EtcdProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
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

    @TempDir static Path directory;

    private static ClusterProcesses cluster;
    private static ClusterLoad load;
    private static ClusterFaults faults;
    private static ServerProcess[] nodes;

    @BeforeAll
    static void start() throws Exception {
        cluster =
                ClusterProcesses.start(
                        directory,
                        ClusterProcesses.Shape.of(3)
                                .withEtcdMembers(3)
                                .withNetwork()
                                .with(ClusterProcesses.PATIENT)
                                .with(Map.of("LILIO_MAINTENANCE_SCHEDULER", "false")));
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

    @Test
    @Order(6)
    void theRingGrowsByAJob() throws Exception {
        cluster.join();
        RingAdmin admin = RingAdmin.of(nodes[0]);
        faults.begin();
        admin.admit(admin.id("node-4"));
        carryOut(admin);
        assertThat(admin.member("node-4").path("state").asText()).isEqualTo("ACTIVE");
        assertThat(admin.member("node-4").path("partitions").asInt()).isPositive();
        faults.goesOn(cluster.node(4));
    }

    @Test
    @Order(7)
    void theRingShrinksByAJob() throws Exception {
        RingAdmin admin = RingAdmin.of(nodes[0]);
        faults.begin();
        admin.drain(admin.id("node-4"));
        carryOut(admin);
        assertThat(admin.member("node-4").path("state").asText()).isEqualTo("REMOVED");
        faults.goesOn(cluster.node(4));
    }

    private static void carryOut(RingAdmin admin) throws Exception {
        assertThat(admin.ring().path("unsettled").asInt()).isPositive();
        String change = admin.ring().path("operation").path("id").asText();
        ClusterProcesses.Job job = cluster.job("job", "rebalance", "--operation", change);
        assertThat(job.exitCode()).as(job.output()).isZero();
        admin.awaitConverged();
    }

    /** What was written since is lost, and kept until somebody says that this is known. */
    @Test
    @Order(8)
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
