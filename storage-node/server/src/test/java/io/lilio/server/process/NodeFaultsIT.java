package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** One node of three is killed, slow, or has a wrong clock, while clients write and read. */
@Timeout(400)
@Tag("faults")
class NodeFaultsIT {

    private static final Duration DELAY = Duration.ofSeconds(1);
    private static final Duration WRONG_BY = Duration.ofMinutes(10);

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
                        directory,
                        ClusterProcesses.Shape.of(3).with(ClusterProcesses.PATIENT).withNetwork());
        network = cluster.network();
        nodes = new ServerProcess[] {cluster.node(1), cluster.node(2), cluster.node(3)};
        load = ClusterLoad.fill(cluster.endpoints(), 61);
        faults = new ClusterFaults(cluster, load, nodes);
    }

    @AfterAll
    static void everyDiskHoldsWhatItShould() throws Exception {
        ClusterEnd.afterRepair(cluster, load);
    }

    @Test
    void eachNodeIsKilledInTurnAndStartedOnItsData() throws Exception {
        faults.begin();
        for (ServerProcess victim : nodes) {
            faults.isKilled(victim, 5);
        }
        faults.goesOn(nodes[2]);
    }

    /** What the others got of an object that never became one is removed in the end. */
    @Test
    void theCoordinatorIsKilledInTheMidstOfAnUpload() throws Exception {
        ServerProcess coordinator = nodes[2];
        double before = chunks(nodes[0]);
        try (S3Client s3 = Clients.withoutRetries(coordinator.endpoint());
                S3Client other = Clients.withoutRetries(nodes[0].endpoint());
                StalledBody body = new StalledBody(new Random(62), 60 << 20, 24 << 20)) {
            Thread upload = Thread.ofPlatform().start(() -> uploadInVain(s3, body));
            body.awaitStalled();
            while (chunks(nodes[0]) < before + 10) {
                Thread.sleep(50);
            }
            faults.begin();
            faults.isKilled(coordinator, 1);
            body.goOn();
            upload.join();
            faults.goesOn(coordinator);
            for (ServerProcess node : nodes) {
                try (S3Client s3OfNode = Clients.withoutRetries(node.endpoint())) {
                    assertThatThrownBy(
                                    () -> s3OfNode.headObject(b -> b.bucket("own").key("cut-off")))
                            .isInstanceOf(NoSuchKeyException.class);
                }
            }
            assertThat(other.listObjectsV2(b -> b.bucket("own").prefix("cut-off")).contents())
                    .isEmpty();
        }
    }

    private static void uploadInVain(S3Client s3, StalledBody body) {
        assertThatThrownBy(
                        () ->
                                s3.putObject(
                                        b -> b.bucket("own").key("cut-off"),
                                        RequestBody.fromInputStream(body, body.length())))
                .isInstanceOfAny(SdkException.class, java.io.UncheckedIOException.class);
    }

    private static double chunks(ServerProcess node) throws Exception {
        return node.metrics().sum("lilio_backend_chunks");
    }

    /**
     * W of N: a member that is slow costs nothing, a second one its own delay, whatever that of the
     * slowest is. All clients are at work; those of the two slow nodes may be refused. The slowest
     * is so slow that no other node gets a new connection to it; to the second they do.
     */
    @Test
    void aPutTakesAsLongAsTheSecondFastestMember() throws Exception {
        Duration slowest = DELAY.multipliedBy(2);
        Duration second = DELAY.dividedBy(4);
        faults.begin();
        Duration usual = medianOfPuts();
        load.isInTrouble(nodes[2]);
        network.toNodes(3).forEach(proxy -> proxy.delay(slowest));
        Duration oneIsSlow = medianOfPuts();
        load.isInTrouble(nodes[1]);
        network.toNodes(2).forEach(proxy -> proxy.delay(second));
        Duration twoAreSlow = medianOfPuts();
        network.heal();
        load.awaitWell(nodes[1], nodes[2]);
        faults.goesOn(nodes[2]);
        assertThat(twoAreSlow)
                .as("usually %s, with one slow member %s", usual, oneIsSlow)
                .isBetween(second.multipliedBy(2), slowest.multipliedBy(2));
        assertThat(oneIsSlow)
                .as("usually %s, with two slow members %s", usual, twoAreSlow)
                .isLessThan(slowest);
    }

    private static Duration medianOfPuts() {
        return IntStream.range(0, 15)
                .mapToObj(_ -> load.timeOfAPut(nodes[0], 100_000))
                .sorted()
                .toList()
                .get(7);
    }

    @Test
    void aSlowNodeIsSlowForItsOwnClientsAloneAndNobodyIsRefused() throws Exception {
        faults.isSlow(3, DELAY.dividedBy(4), 15);
    }

    /** No clock decides anything: who is ahead by minutes serves as the others do. */
    @Test
    void theClockOfANodeIsTenMinutesAhead() throws Exception {
        servesWithAClock(WRONG_BY);
    }

    @Test
    void theClockOfANodeIsTenMinutesBehind() throws Exception {
        servesWithAClock(WRONG_BY.negated());
    }

    private static void servesWithAClock(Duration ahead) throws Exception {
        ClockShift clock = ClockShift.compile(directory);
        ServerProcess victim = nodes[2];
        assertThat(victim.terminate()).isIn(0, 143);
        victim.startAgain(clock.by(ahead));
        load.awaitWell(victim);
        assertThat(Duration.between(toldBy(nodes[0]), toldBy(victim)))
                .as("the fault hit")
                .isBetween(ahead.minusMinutes(1), ahead.plusMinutes(1));
        load.start();
        load.awaitProgress(150, nodes);
        faults.goesOn(victim);
        RingAdmin admin = RingAdmin.of(victim);
        admin.run("gc");
        load.assertNothingWrong(nodes[0]);
        assertThat(victim.terminate()).isIn(0, 143);
        victim.startAgain();
    }

    private static Instant toldBy(ServerProcess node) {
        try (S3Client s3 = Clients.withoutRetries(node.endpoint())) {
            s3.putObject(b -> b.bucket("own").key("now"), RequestBody.fromString("now"));
            return s3.headObject(b -> b.bucket("own").key("now")).lastModified();
        }
    }

    @AfterEach
    void nothingIsLeftBehind() throws Exception {
        network.heal();
        load.stop();
        RingAdmin.of(nodes[0]).assertWhole();
    }
}
