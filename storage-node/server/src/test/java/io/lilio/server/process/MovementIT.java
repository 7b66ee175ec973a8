package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.chunk.backend.local.BackendLabel;
import io.lilio.chunk.backend.local.DataDirectory;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Ring;
import io.lilio.placement.RingOperation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * How many bytes move when a fifth node joins four: measured on disks and on the wire, while
 * clients read. None of them writes, so that what moves is what was there.
 */
@Timeout(900)
@Tag("faults")
class MovementIT {

    /**
     * 320 MB in 3,200 objects: inline, in one chunk, in several, and in parts. A chunk lies on the
     * fifth node by chance, with probability 0.6 (a fifth of its three copies), so that the share
     * of the bytes deviates by {@code sqrt(0.24 * sum(chunk^2)) / (3 * sum(chunk))}. With chunks of
     * {@link #CHUNK_BYTES} at most, which are nearly all of the bytes, that is 0.63 points. {@link
     * #WITHIN} less {@link #RING_WITHIN} is 4.3 times that: chance exceeds it in one run of 50,000.
     */
    private static final RecordedLoad.Shape OBJECTS =
            new RecordedLoad.Shape(8, 400, false, 1_500_000, true);

    /** The least that gets a file of its own; twice as large ones deviate by 0.86 points. */
    private static final int CHUNK_BYTES = 512 << 10;

    /** Of a fifth, in points. */
    private static final Offset<Double> WITHIN = Offset.offset(3.0);

    /** Of a fifth of all replicas, in points: an identity is drawn until that is its share. */
    private static final double RING_WITHIN = 0.25;

    private static final double A_FIFTH = 20;
    private static final String FIFTH = "node-5";

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
                                        "LILIO_OBJECTS_CHUNK_SIZE", String.valueOf(CHUNK_BYTES),
                                        // Shares come out as even as they do in the product.
                                        "LILIO_RING_PARTITIONS", "4096")));
    }

    private static RecordedLoad joinedByAFifth(ClusterProcesses cluster) throws Exception {
        identifyFifth(cluster);
        RecordedLoad load = new RecordedLoad(cluster.endpoints(), "moved", OBJECTS, 81);
        load.createBucket();
        load.fill();
        load.onlyRead();
        load.pauseFor(Duration.ofMillis(50));
        load.start();
        cluster.join();
        RingAdmin admin = RingAdmin.of(cluster.node(1));
        admin.admit(admin.id(FIFTH));
        return load;
    }

    /**
     * Labels the disk of the fifth node, so that its identity is not drawn by lot: one to which the
     * ring will give a fifth.
     */
    private static void identifyFifth(ClusterProcesses cluster) throws Exception {
        Ring ring = StoppedStore.ring(cluster.etcd());
        Member first = ring.members().getFirst();
        MemberId fifth = identityOfAFifth(ring, first);
        try (DataDirectory directory = DataDirectory.open(cluster.disk(5))) {
            directory.writeLabel(
                    new BackendLabel(
                            StoppedStore.cluster(cluster.etcd()),
                            fifth.value(),
                            first.name(),
                            FIFTH));
        }
    }

    /**
     * @param like of the others, each of which is on a host of its node's name
     */
    private static MemberId identityOfAFifth(Ring ring, Member like) {
        assertThat(like.host()).isEqualTo(like.node());
        Random random = new Random(82);
        RingOperation admission = new RingOperation(new UUID(8, 2), RingOperation.Type.ADMIT, 1);
        for (int i = 0; i < 1_000; i++) {
            MemberId id = new MemberId(new UUID(random.nextLong(), random.nextLong()));
            Member fifth =
                    new Member(
                            id,
                            like.name(),
                            FIFTH,
                            FIFTH,
                            like.zone(),
                            like.weight(),
                            MemberState.JOINING);
            int partitions = ring.admit(fifth, admission).table().partitionsOf(id);
            if (Math.abs(share(partitions, ring.partitions()) - A_FIFTH) <= RING_WITHIN) {
                return id;
            }
        }
        throw new AssertionError("no identity gets a fifth of " + ring.members());
    }

    /** Per cent of the replicas of all partitions. */
    private static double share(int partitions, int ofAll) {
        return 100.0 * partitions / (3.0 * ofAll);
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
        List<Long> inventories = StoppedStore.payloadBytes(cluster.etcd(), cluster.disks());
        StoppedStore.assertClusterIsLevel(cluster.etcd(), cluster.disks());
        long all = inventories.stream().mapToLong(Long::longValue).sum();
        long moved = inventories.get(4);
        assertThat(share)
                .as("per cent of the replicas")
                .isCloseTo(A_FIFTH, Offset.offset(RING_WITHIN));
        assertThat(100.0 * moved / all)
                .as("per cent of %s on the fifth", inventories)
                .isCloseTo(A_FIFTH, WITHIN);
        assertThat(copied).as("of which it holds %d", moved).isLessThanOrEqualTo(moved * 11 / 10);
    }

    /** Per cent of the partitions' replicas that the ring gives it. */
    private static double shareOfFifth(ClusterProcesses cluster) throws Exception {
        RingAdmin admin = RingAdmin.of(cluster.node(1));
        int partitions = admin.ring().path("partitions").asInt();
        return share(admin.member(FIFTH).path("partitions").asInt(), partitions);
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
