package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.faults.TcpProxy;
import io.lilio.faults.TcpProxy.Mode;
import io.lilio.faults.TcpProxy.Way;
import io.lilio.metadata.etcd.EtcdProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What happens to an etcd of three members happens to a cluster of three nodes while clients write
 * and read. While etcd has no quorum they may be refused; nothing that was acknowledged is lost.
 */
@Timeout(400)
@Tag("faults")
class EtcdMembersIT {

    /** More than a server says by itself on a connection, less than an answer has. */
    private static final int ANSWER_BYTES = 64;

    private static final Duration DELAY = Duration.ofMillis(150);

    @TempDir static Path directory;

    private static ClusterProcesses cluster;
    private static ClusterNetwork network;
    private static ClusterLoad load;
    private static ServerProcess[] nodes;

    @BeforeAll
    static void start() throws Exception {
        cluster =
                ClusterProcesses.start(
                        directory, ClusterProcesses.Shape.of(3).withNetwork().withEtcdMembers(3));
        network = cluster.network();
        nodes = new ServerProcess[] {cluster.node(1), cluster.node(2), cluster.node(3)};
        load = ClusterLoad.fill(cluster.endpoints(), 41);
    }

    @AfterAll
    static void everyDiskHoldsWhatItShould() throws Exception {
        ClusterEnd.afterRepair(cluster, load);
    }

    /** Two of three go on: so do all nodes, those that had been talking to the leader too. */
    @Test
    void theLeaderIsKilled() throws Exception {
        begin();
        EtcdProcess leader = leader();
        leader.kill();
        serveAgain();
        assertThat(leader()).isNotSameAs(leader);
        load.awaitProgress(20, nodes);
        leader.start();
        goesOn();
    }

    @Test
    void theQuorumIsLostAndComesBack() throws Exception {
        begin();
        long refused = load.refused();
        List<EtcdProcess> lost = cluster.etcdMembers().subList(0, 2);
        for (EtcdProcess each : lost) {
            each.kill();
        }
        awaitRefused(refused + 100);
        for (ServerProcess node : nodes) {
            assertThat(node.isReady()).as("ready is local").isTrue();
        }
        lost.get(1).start();
        serveAgain();
        lost.get(0).start();
        goesOn();
    }

    @Test
    void allMembersAreKilledAndStartedOnTheirData() throws Exception {
        begin();
        long refused = load.refused();
        for (EtcdProcess each : cluster.etcdMembers()) {
            each.kill();
        }
        awaitRefused(refused + 100);
        EtcdProcess.startAll(cluster.etcdMembers());
        serveAgain();
        goesOn();
    }

    /** Slow is not away: nobody is refused. */
    @Test
    void answersAreDelayed() throws Exception {
        load.start();
        load.awaitProgress(20, nodes);
        allProxies().forEach(proxy -> proxy.delay(DELAY));
        try (S3Client s3 = Clients.withoutRetries(nodes[0].endpoint())) {
            long began = System.nanoTime();
            s3.putObject(b -> b.bucket("own").key("late"), RequestBody.fromString("late"));
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .as("there and back")
                    .isGreaterThanOrEqualTo(DELAY.multipliedBy(2));
        }
        load.awaitProgress(50, nodes);
        network.heal();
        goesOn();
    }

    /** What was sent is carried out, and its sender never hears of it. */
    @Test
    void answersAreLost() throws Exception {
        begin();
        Random random = new Random(43);
        for (int round = 0; round < 30; round++) {
            int node = 1 + random.nextInt(3);
            load.awaitServing(nodes[node - 1]);
            loseAnswersOf(node);
        }
        serveAgain();
        goesOn();
    }

    /** Until one has been; then the connections are closed. */
    private static void loseAnswersOf(int node) throws Exception {
        List<TcpProxy> proxies = network.toEtcd(node);
        long lost = ClusterNetwork.held(proxies);
        network.etcd(node, Way.ANSWERS, Mode.LOSE);
        while (ClusterNetwork.held(proxies) < lost + ANSWER_BYTES) {
            Thread.sleep(5);
        }
        proxies.forEach(TcpProxy::closeConnections);
        network.etcd(node, Way.ANSWERS, Mode.PASS);
    }

    @AfterEach
    void heal() throws Exception {
        network.heal();
        load.stop();
    }

    private static List<TcpProxy> allProxies() {
        return List.of(1, 2, 3).stream().flatMap(node -> network.toEtcd(node).stream()).toList();
    }

    private static EtcdProcess leader() throws Exception {
        while (true) {
            for (EtcdProcess each : cluster.etcdMembers()) {
                if (each.isLeader()) {
                    return each;
                }
            }
            Thread.sleep(50);
        }
    }

    private static void begin() throws Exception {
        load.start();
        load.awaitProgress(20, nodes);
        for (ServerProcess node : nodes) {
            load.isInTrouble(node);
        }
    }

    private static void awaitRefused(long enough) throws Exception {
        while (load.refused() < enough) {
            Thread.sleep(50);
        }
    }

    private static void serveAgain() throws Exception {
        for (ServerProcess node : nodes) {
            load.awaitWell(node);
        }
    }

    private static void goesOn() throws Exception {
        load.awaitProgress(20, nodes);
        load.stop();
        load.assertNothingWrong(nodes[0]);
    }
}
