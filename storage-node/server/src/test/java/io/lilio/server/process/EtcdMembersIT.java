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

/**
 * What happens to an etcd of three members happens to a cluster of three nodes while clients write
 * and read. While etcd has no quorum they may be refused; nothing that was acknowledged is lost.
 */
@Timeout(600)
@Tag("faults")
class EtcdMembersIT {

    /** More than a server says by itself on a connection, less than an answer has. */
    private static final int ANSWER_BYTES = 64;

    private static final Duration DELAY = Duration.ofMillis(150);

    @TempDir static Path directory;

    private static ClusterProcesses cluster;
    private static ClusterNetwork network;
    private static ClusterLoad load;
    private static ClusterFaults faults;
    private static ServerProcess[] nodes;

    @BeforeAll
    static void start() throws Exception {
        cluster =
                ClusterProcesses.start(
                        directory, ClusterProcesses.Shape.of(3).withNetwork().withEtcdMembers(3));
        network = cluster.network();
        nodes = new ServerProcess[] {cluster.node(1), cluster.node(2), cluster.node(3)};
        load = ClusterLoad.fill(cluster.endpoints(), 41);
        faults = new ClusterFaults(cluster, load, nodes);
    }

    @AfterAll
    static void everyDiskHoldsWhatItShould() throws Exception {
        ClusterEnd.afterRepair(cluster, load);
    }

    @Test
    void theLeaderIsKilled() throws Exception {
        faults.etcdsLeaderIsKilled();
    }

    @Test
    void theQuorumIsLostAndComesBack() throws Exception {
        faults.begin();
        faults.isInTrouble();
        long refused = load.refused();
        List<EtcdProcess> lost = cluster.etcdMembers().subList(0, 2);
        for (EtcdProcess each : lost) {
            each.kill();
        }
        load.awaitRefused(refused + 100);
        for (ServerProcess node : nodes) {
            assertThat(node.isReady()).as("ready is local").isTrue();
        }
        lost.get(1).start();
        load.awaitWell(nodes);
        lost.get(0).start();
        faults.goesOn(nodes[0]);
    }

    @Test
    void allMembersAreKilledAndStartedOnTheirData() throws Exception {
        faults.begin();
        faults.isInTrouble();
        long refused = load.refused();
        for (EtcdProcess each : cluster.etcdMembers()) {
            each.kill();
        }
        load.awaitRefused(refused + 100);
        EtcdProcess.startAll(cluster.etcdMembers());
        load.awaitWell(nodes);
        faults.goesOn(nodes[0]);
    }

    /** The nodes carry it out, and go on with it when etcd answers. */
    @Test
    void aNodeJoinsWhileTheLeaderIsKilledAndWhileTheQuorumIsLost() throws Exception {
        cluster.join();
        RingAdmin admin = RingAdmin.of(nodes[0]);
        faults.begin();
        faults.isInTrouble();
        admin.admit(admin.id("node-4"));
        admin.awaitSettled(0.125);
        EtcdProcess leader = faults.leader();
        leader.kill();
        assertThat(faults.leader()).isNotSameAs(leader);
        leader.start();
        int settled = admin.ring().path("settled").asInt();
        int some = ServerProcess.PARTITIONS / 8;
        admin.await("moved further", ring -> ring.path("settled").asInt() > settled + some);

        long refused = load.refused();
        List<EtcdProcess> lost = cluster.etcdMembers().subList(0, 2);
        for (EtcdProcess each : lost) {
            each.kill();
        }
        load.awaitRefused(refused + 100);
        EtcdProcess.startAll(lost);
        assertThat(admin.ring().path("unsettled").asInt()).as("in its midst").isPositive();
        admin.awaitConverged();
        assertThat(admin.member("node-4").path("state").asText()).isEqualTo("ACTIVE");
        load.awaitWell(nodes);
        faults.goesOn(cluster.node(4));
    }

    /** Slow is not away: nobody is refused. */
    @Test
    void answersAreDelayed() throws Exception {
        faults.begin();
        allProxies().forEach(proxy -> proxy.delay(DELAY));
        assertThat(load.timeOfAPut(nodes[0], 4))
                .as("there and back")
                .isGreaterThanOrEqualTo(DELAY.multipliedBy(2));
        load.awaitProgress(50, nodes);
        network.heal();
        faults.goesOn(nodes[0]);
    }

    /** What was sent is carried out, and its sender never hears of it. */
    @Test
    void answersAreLost() throws Exception {
        faults.begin();
        faults.isInTrouble();
        Random random = new Random(43);
        for (int round = 0; round < 30; round++) {
            loseAnAnswerTo(1 + random.nextInt(3));
        }
        load.awaitWell(nodes);
        faults.goesOn(nodes[0]);
    }

    /** Until it was the answer to the commit of an object. */
    private static void loseAnAnswerTo(int node) throws Exception {
        ServerProcess victim = cluster.node(node);
        double lost = ClusterFaults.lostAnswers(victim);
        do {
            load.awaitServing(victim);
            faults.awaitCommitOnItsWay(node);
            loseAnswersTo(node);
            network.heal();
        } while (ClusterFaults.lostAnswers(victim) == lost);
    }

    /** Until one has been; then the connections are closed. */
    private static void loseAnswersTo(int node) throws Exception {
        List<TcpProxy> proxies = network.toEtcd(node);
        long lost = ClusterNetwork.held(proxies);
        network.etcd(node, Way.ANSWERS, Mode.LOSE);
        while (ClusterNetwork.held(proxies) < lost + ANSWER_BYTES) {
            Thread.sleep(5);
        }
        proxies.forEach(TcpProxy::closeConnections);
    }

    @AfterEach
    void nothingIsLeftBehind() throws Exception {
        network.heal();
        load.stop();
        RingAdmin.of(nodes[0]).assertWhole();
    }

    private static List<TcpProxy> allProxies() {
        return List.of(1, 2, 3).stream().flatMap(node -> network.toEtcd(node).stream()).toList();
    }
}
