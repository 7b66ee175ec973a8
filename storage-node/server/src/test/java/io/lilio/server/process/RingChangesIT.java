package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.faults.TcpProxy;
import io.lilio.faults.TcpProxy.Mode;
import io.lilio.faults.TcpProxy.Way;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A ring of three nodes becomes one of four, five, four and three, carried out by jobs that are
 * killed, cancelled, frozen and doubled, while clients of the three write and read and notice
 * nothing.
 */
@Timeout(900)
@Tag("faults")
@TestMethodOrder(OrderAnnotation.class)
class RingChangesIT {

    @TempDir static Path directory;

    private static ClusterProcesses cluster;
    private static ClusterLoad load;
    private static RingAdmin admin;
    private static ServerProcess[] clientsNodes;
    private static int jobs;

    @BeforeAll
    static void start() throws Exception {
        cluster =
                ClusterProcesses.start(
                        directory,
                        ClusterProcesses.Shape.of(3)
                                .with(ClusterProcesses.PATIENT)
                                .with(Map.of("LILIO_MAINTENANCE_SCHEDULER", "false")));
        clientsNodes = new ServerProcess[] {cluster.node(1), cluster.node(2), cluster.node(3)};
        load = ClusterLoad.fill(cluster.endpoints(), 71);
        admin = RingAdmin.of(cluster.node(1));
        cluster.join();
        cluster.join();
    }

    @AfterAll
    static void everyDiskHoldsWhatItShould() throws Exception {
        ClusterEnd.afterJobs(cluster, load);
    }

    @BeforeEach
    void clientsBegin() throws Exception {
        load.start();
        load.awaitProgress(10, clientsNodes);
    }

    @AfterEach
    void clientsHaveNoticedNothing() throws Exception {
        load.awaitProgress(10, clientsNodes);
        load.stop();
        load.assertNothingWrong(cluster.node(4));
    }

    @Test
    @Order(1)
    void aFourthJoinsAndTheJobIsKilledAtEachOfItsSteps() throws Exception {
        admin.admit(admin.id("node-4"));
        try (ClusterJob begun = job("to-four")) {
            begun.awaitSaid("is taken up");
            begun.kill();
        }
        try (ClusterJob closing = job("to-four")) {
            closing.awaitSaid("are closed");
            closing.kill();
        }
        killWhen("to-four", 0.125);
        killWhen("to-four", 0.75);
        assertThat(admin.ring().path("operation").path("type").asText()).isEqualTo("ADMIT");
        carryOut("to-four");
        assertThat(admin.member("node-4").path("state").asText()).isEqualTo("ACTIVE");
    }

    private static void killWhen(String operation, double settled) throws Exception {
        try (ClusterJob moving = job(operation)) {
            admin.awaitSettled(settled);
            moving.kill();
        }
        assertThat(admin.ring().path("unsettled").asInt()).as("in its midst").isPositive();
    }

    @Test
    @Order(2)
    void aFifthIsCancelledHalfWayAndJoinsAgain() throws Exception {
        String fifth = admin.id("node-5");
        admin.admit(fifth);
        killWhen("to-five", 0.375);
        admin.tries("drain", RingAdmin.members(admin.id("node-4")))
                .refused(409, "OperationRunning");
        admin.command("cancel", "");
        assertThat(admin.ring().path("unsettled").asInt()).isPositive();
        carryOut("back-to-four");
        assertThat(admin.member("node-5").path("state").asText()).isEqualTo("JOINING");
        admin.admit(fifth);
        carryOut("to-five-again");
        assertThat(admin.member("node-5").path("state").asText()).isEqualTo("ACTIVE");
    }

    @Test
    @Order(3)
    void theFifthIsDrainedCancelledDrainedAgainAndKilledMeanwhile() throws Exception {
        String fifth = admin.id("node-5");
        admin.drain(fifth);
        killWhen("drain-five", 0.375);
        admin.command("cancel", "");
        carryOut("keep-five");
        assertThat(admin.member("node-5").path("state").asText()).isEqualTo("ACTIVE");
        admin.drain(fifth);
        try (TcpProxy etcd = new TcpProxy(cluster.etcd().clientPort());
                ClusterJob moving = job("drain-five-again", etcd.endpoint())) {
            admin.awaitSettled(0.375);
            cluster.node(5).kill();
            moving.awaitSaid("keeps failing; it is not asked for a while");
            int settled = admin.ring().path("settled").asInt();
            admin.await("moved without it", ring -> ring.path("settled").asInt() > settled);
            cluster.node(5).startAgain();
            killInItsLastStep(moving, etcd);
        }
        assertThat(admin.member("node-5").path("state").asText()).isEqualTo("DRAINING");
        carryOut("drain-five-again");
        assertThat(admin.member("node-5").path("state").asText()).isEqualTo("REMOVED");
    }

    /**
     * When all partitions are settled and the change is not ended yet. What is asked of etcd takes
     * seconds then.
     *
     * @param etcd the job's way to it
     */
    private static void killInItsLastStep(ClusterJob moving, TcpProxy etcd) throws Exception {
        admin.awaitSettled(0.97);
        etcd.delay(Duration.ofSeconds(1));
        moving.awaitSaid("all partitions are settled");
        etcd.set(Way.REQUESTS, Mode.HOLD);
        moving.kill();
        assertThat(admin.ring().path("unsettled").asInt()).isZero();
        assertThat(admin.ring().path("operation").path("type").asText())
                .as("not ended")
                .isEqualTo("DRAIN");
    }

    /** One is frozen past its lease, another takes over, and both move. */
    @Test
    @Order(4)
    void twoWritersOfTheRingAndTwoMovers() throws Exception {
        assertThat(atOnce("drain", RingAdmin.members(admin.id("node-4"))))
                .as("two drain it at once, having seen the same ring")
                .containsExactlyInAnyOrder(200, 409);
        try (ClusterJob first = job("drain-four");
                ClusterJob second = job("drain-four-too")) {
            admin.awaitSettled(0.125);
            boolean firstRuns = first.said().contains("is taken up");
            ClusterJob runner = firstRuns ? first : second;
            ClusterJob other = firstRuns ? second : first;
            assertThat(other.said()).as("one at a time").doesNotContain("is taken up");
            runner.freeze();
            int settled = admin.ring().path("settled").asInt();
            other.awaitSaid("is taken up");
            admin.await("taken over", ring -> ring.path("settled").asInt() > settled);
            runner.thaw();
            assertThat(admin.ring().path("unsettled").asInt()).as("both move").isPositive();
            other.succeeds();
            runner.succeeds();
            assertThat(other.said()).contains("(rebalance): SUCCEEDED").contains("chunks_copied=");
            assertThat(runner.said())
                    .contains("of this node has ended; opening another")
                    .contains("(rebalance): SUCCEEDED")
                    .contains("chunks_copied=");
        }
        admin.awaitConverged();
        assertThat(admin.member("node-4").path("state").asText()).isEqualTo("REMOVED");
    }

    private static List<Integer> atOnce(String what, String fields) throws Exception {
        long epoch = admin.ring().path("epoch").asLong();
        CyclicBarrier together = new CyclicBarrier(2);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> calls =
                    Stream.of(1, 2)
                            .<Callable<Integer>>map(
                                    node ->
                                            () -> {
                                                RingAdmin its = RingAdmin.of(cluster.node(node));
                                                together.await();
                                                return its.tries(
                                                                what,
                                                                UUID.randomUUID().toString(),
                                                                epoch,
                                                                fields)
                                                        .status();
                                            })
                            .toList();
            return threads.invokeAll(calls).stream().map(each -> each.resultNow()).toList();
        }
    }

    private static void carryOut(String operation) throws Exception {
        try (ClusterJob job = job(operation)) {
            job.succeeds();
        }
        admin.awaitConverged();
    }

    private static ClusterJob job(String operation) throws Exception {
        return job(operation, cluster.etcd().endpoint());
    }

    private static ClusterJob job(String operation, String etcd) throws Exception {
        jobs++;
        admin.request("rebalance", operation);
        return ClusterJob.begin(
                directory,
                cluster.settings(100 + jobs, Map.of("LILIO_METADATA_ETCD_ENDPOINTS", etcd)),
                "rebalance",
                "--operation",
                operation);
    }
}
