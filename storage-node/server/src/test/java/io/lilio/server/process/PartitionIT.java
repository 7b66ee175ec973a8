package io.lilio.server.process;

import io.lilio.faults.TcpProxy;
import io.lilio.faults.TcpProxy.Mode;
import io.lilio.faults.TcpProxy.Way;
import java.nio.file.Path;
import java.time.Duration;
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
 * on. Each leaves all chunks whole, and in the end every disk holds what it should.
 */
@Timeout(400)
@Tag("faults")
class PartitionIT {

    /** Longer than a session outlives its node's last sign of life, which is ten seconds. */
    private static final Duration LASTING = Duration.ofSeconds(13);

    @TempDir static Path directory;

    private static ClusterProcesses cluster;
    private static ClusterNetwork network;
    private static ClusterLoad load;
    private static ClusterFaults faults;
    private static ServerProcess victim;

    @BeforeAll
    static void start() throws Exception {
        cluster = ClusterProcesses.start(directory, ClusterProcesses.Shape.of(3).withNetwork());
        network = cluster.network();
        victim = cluster.node(3);
        load = ClusterLoad.fill(cluster.endpoints(), 31);
        faults = new ClusterFaults(cluster, load, cluster.node(1), cluster.node(2), victim);
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
        int said = victim.log().length();
        survives(network.toEtcd(3), () -> network.cutOffFromEtcd(3));
        ClusterFaults.assertSessionEnded(victim, said);
    }

    @Test
    void aNodeIsCutOffFromBoth() throws Exception {
        int said = victim.log().length();
        faults.heldUp(
                victim,
                List.of(network.toNodes(3), network.toEtcd(3)),
                () -> {
                    network.cutOffFromNodes(3);
                    network.cutOffFromEtcd(3);
                },
                LASTING);
        ClusterFaults.assertSessionEnded(victim, said);
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
        int said = victim.log().length();
        survives(network.toEtcd(3), () -> network.etcd(3, Way.REQUESTS, Mode.HOLD));
        ClusterFaults.assertSessionEnded(victim, said);
    }

    @Test
    void aNodeThatIsFrozenPastItsSessionsEndIsThawedInTheMidstOfCommits() throws Exception {
        faults.frozenInTheMidstOfCommits(3);
    }

    private static void survives(List<TcpProxy> hurt, ClusterFaults.Fault fault) throws Exception {
        faults.heldUp(victim, List.of(hurt), fault, LASTING);
    }

    @AfterEach
    void nothingIsLeftBehind() throws Exception {
        network.heal();
        load.stop();
        RingAdmin.of(cluster.node(1)).assertWhole();
    }
}
