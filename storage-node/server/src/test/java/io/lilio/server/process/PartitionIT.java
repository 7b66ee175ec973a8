package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.faults.TcpProxy;
import io.lilio.faults.TcpProxy.Mode;
import io.lilio.faults.TcpProxy.Way;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One node of three is cut off from the others, from etcd, from both, in one direction, or stands
 * still, while clients of all nodes write and read: those of the others notice nothing. What was
 * sent meanwhile arrives when the network is whole again, as it would on a connection that lives
 * on. In the end every disk holds what it should.
 */
@Timeout(400)
@Tag("faults")
class PartitionIT {

    /** Longer than a session outlives its node's last sign of life, which is ten seconds. */
    private static final long FAULT_MILLIS = 13_000;

    @TempDir static Path directory;

    private static ClusterProcesses cluster;
    private static ClusterNetwork network;
    private static ClusterLoad load;
    private static ServerProcess victim;

    /** Spoils the network. */
    private interface Fault {
        void hit();
    }

    @BeforeAll
    static void start() throws Exception {
        cluster = ClusterProcesses.start(directory, ClusterProcesses.Shape.of(3).withNetwork());
        network = cluster.network();
        victim = cluster.node(3);
        load = ClusterLoad.fill(cluster.endpoints(), 31);
    }

    @AfterAll
    static void everyDiskHoldsWhatItShould() throws Exception {
        ClusterEnd.afterRepair(cluster, load);
    }

    @Test
    void aNodeIsCutOffFromTheOthersButNotFromEtcd() throws Exception {
        survives(network.toNodes(3), () -> network.cutOffFromNodes(3));
    }

    @Test
    void aNodeIsCutOffFromEtcdButNotFromTheOthers() throws Exception {
        survives(network.toEtcd(3), () -> network.cutOffFromEtcd(3));
        assertThat(victim.log()).contains("of this node has ended; opening another");
    }

    @Test
    void aNodeIsCutOffFromBoth() throws Exception {
        survives(
                network.toNodes(3),
                () -> {
                    network.cutOffFromNodes(3);
                    network.cutOffFromEtcd(3);
                });
    }

    @Test
    void aNodeIsNotHeardByTheOthers() throws Exception {
        survives(network.toNodes(3), () -> network.muteToNodes(3));
    }

    @Test
    void aNodeDoesNotHearTheOthers() throws Exception {
        survives(network.toNodes(3), () -> network.deafenToNodes(3));
    }

    /** What it commits is applied, and it is not told. */
    @Test
    void aNodeDoesNotHearEtcd() throws Exception {
        survives(network.toEtcd(3), () -> network.etcd(3, Way.ANSWERS, Mode.HOLD));
    }

    @Test
    void aNodeIsNotHeardByEtcd() throws Exception {
        survives(network.toEtcd(3), () -> network.etcd(3, Way.REQUESTS, Mode.HOLD));
        assertThat(victim.log()).contains("of this node has ended; opening another");
    }

    /** Its commits are on their way when it stops, and arrive when its session has ended. */
    @Test
    void aNodeThatIsFrozenPastItsSessionsEndIsThawedInTheMidstOfCommits() throws Exception {
        load.start();
        load.awaitProgress(20, victim);
        long held = ClusterNetwork.held(network.toEtcd(3));
        load.isInTrouble(victim);
        network.etcd(3, Way.REQUESTS, Mode.HOLD);
        Thread.sleep(500);
        victim.freeze();
        assertThat(ClusterNetwork.held(network.toEtcd(3))).as("commits").isGreaterThan(held);
        RingAdmin.of(cluster.node(1)).awaitNodes("node-1", "node-2");
        load.awaitProgress(20, cluster.node(1), cluster.node(2));
        network.heal();
        Thread.sleep(500);
        victim.thaw();
        goesOn();
        assertThat(victim.log()).contains("of this node has ended; opening another");
    }

    private static void survives(List<TcpProxy> hurt, Fault fault) throws Exception {
        load.start();
        load.awaitProgress(20, victim);
        long held = ClusterNetwork.held(hurt);
        long refused = load.refused();
        load.isInTrouble(victim);
        fault.hit();
        Thread.sleep(FAULT_MILLIS);
        load.awaitProgress(20, cluster.node(1), cluster.node(2));
        assertThat(ClusterNetwork.held(hurt)).as("the fault hit").isGreaterThan(held);
        assertThat(load.refused()).as("and clients of the node noticed").isGreaterThan(refused);
        network.heal();
        goesOn();
    }

    @AfterEach
    void heal() throws Exception {
        network.heal();
        load.stop();
    }

    private static void goesOn() throws Exception {
        load.awaitWell(victim);
        load.awaitProgress(20, cluster.node(1), cluster.node(2), victim);
        load.stop();
        load.assertNothingWrong(victim);
    }
}
