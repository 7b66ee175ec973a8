package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * How many bytes move when a fifth node joins four: measured on disks and on the wire, while
 * clients read. None of them writes, so that what moves is what was there.
 */
@Timeout(600)
@Tag("faults")
class MovementIT {

    /** Many small ones: a few large ones would make the shares of bytes a matter of chance. */
    private static final RecordedLoad.Shape OBJECTS =
            new RecordedLoad.Shape(8, 250, false, 200_000, false);

    @TempDir Path directory;

    @Test
    void aFifthEqualMemberGetsOneFifthOfTheBytesAndNothingElseMoves() throws Exception {
        try (ClusterProcesses cluster = cluster()) {
            RecordedLoad load = joinedByAFifth(cluster);
            long before = received(cluster);
            carryOut(cluster, "move", "1000000000");
            assertMoved(cluster, load, received(cluster) - before);
        }
    }

    @Test
    void noMoreMovesWhenTheJobIsKilledHalfWay() throws Exception {
        try (ClusterProcesses cluster = cluster()) {
            RecordedLoad load = joinedByAFifth(cluster);
            RingAdmin admin = RingAdmin.of(cluster.node(1));
            long before = received(cluster);
            for (double settled : new double[] {0.2, 0.6}) {
                try (ClusterJob job = job(cluster, "move", "8000000")) {
                    admin.awaitSettled(settled);
                    job.kill();
                }
                assertThat(admin.ring().path("unsettled").asInt()).isPositive();
            }
            carryOut(cluster, "move", "1000000000");
            assertMoved(cluster, load, received(cluster) - before);
        }
    }

    private ClusterProcesses cluster() throws Exception {
        return ClusterProcesses.start(
                directory,
                ClusterProcesses.Shape.of(4)
                        .with(ClusterProcesses.PATIENT)
                        .with(
                                Map.of(
                                        "LILIO_MAINTENANCE_SCHEDULER", "false",
                                        // Shares come out as even as they do in the product.
                                        "LILIO_RING_PARTITIONS", "4096")));
    }

    private static RecordedLoad joinedByAFifth(ClusterProcesses cluster) throws Exception {
        RecordedLoad load = new RecordedLoad(cluster.endpoints(), "moved", OBJECTS, 81);
        load.createBucket();
        load.fill();
        load.onlyRead();
        load.pauseFor(Duration.ofMillis(50));
        load.start();
        cluster.join();
        RingAdmin admin = RingAdmin.of(cluster.node(1));
        admin.admit(admin.id("node-5"));
        return load;
    }

    /** Payload that nodes have got from others, and little else. */
    private static long received(ClusterProcesses cluster) throws Exception {
        double bytes = 0;
        for (int i = 1; i <= 5; i++) {
            bytes +=
                    cluster.node(i)
                            .metrics()
                            .value("lilio_rpc_received_bytes_total", "side", "server");
        }
        return (long) bytes;
    }

    private static void assertMoved(ClusterProcesses cluster, RecordedLoad load, long copied)
            throws Exception {
        load.stop();
        assertThat(load.operations()).as("reads meanwhile").isGreaterThan(100);
        load.readEverything(cluster.node(5).endpoint());
        assertThat(load.surprises()).isEmpty();
        load.assertLinearizable();
        ClusterEnd.awaitOwnWork(cluster);
        double share = shareOfFifth(cluster);
        cluster.terminate();
        List<Long> inventories = StoppedStore.payloadBytes(cluster.disks());
        StoppedStore.assertClusterIsLevel(cluster.etcd(), cluster.disks());
        long all = inventories.stream().mapToLong(Long::longValue).sum();
        long moved = inventories.get(4);
        assertThat(share).as("per cent of the replicas").isCloseTo(20, Offset.offset(5.0));
        assertThat(100.0 * moved / all)
                .as("per cent of %s on the fifth", inventories)
                .isCloseTo(share, Offset.offset(3.0));
        assertThat(copied).as("of which it holds %d", moved).isLessThanOrEqualTo(moved * 11 / 10);
    }

    /**
     * Per cent of the partitions' replicas that the ring gives it: a fifth, more or less, since
     * identities are drawn by lot.
     */
    private static double shareOfFifth(ClusterProcesses cluster) throws Exception {
        RingAdmin admin = RingAdmin.of(cluster.node(1));
        int partitions = admin.ring().path("partitions").asInt();
        return 100.0 * admin.member("node-5").path("partitions").asInt() / (3.0 * partitions);
    }

    private void carryOut(ClusterProcesses cluster, String operation, String rate)
            throws Exception {
        try (ClusterJob job = job(cluster, operation, rate)) {
            job.succeeds();
        }
        RingAdmin.of(cluster.node(1)).awaitConverged();
    }

    private ClusterJob job(ClusterProcesses cluster, String operation, String rate)
            throws Exception {
        RingAdmin.of(cluster.node(1)).request("rebalance", operation);
        return ClusterJob.begin(
                directory,
                cluster.settings(100, Map.of()),
                "rebalance",
                "--operation",
                operation,
                "--max-bytes-per-second",
                rate);
    }
}
