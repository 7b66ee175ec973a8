package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The nodes of a cluster are restarted one after the other, from the build before its last change
 * to this one, behind a balancer and under the load of clients that retry once, as an SDK does.
 */
@Timeout(900)
@Tag("faults")
class RollingRestartIT {

    private static final RecordedLoad.Shape OBJECTS =
            new RecordedLoad.Shape(8, 250, false, 1_500_000, true);

    @TempDir Path directory;

    @Test
    void noRequestFailsBeyondOneRetry() throws Exception {
        Path before = previousBuild();
        ClusterProcesses.Shape shape =
                ClusterProcesses.Shape.of(3)
                        .with(ClusterProcesses.PATIENT)
                        .with(Map.of("LILIO_SHUTDOWN_DELAY", "2s"))
                        .ofBuild(before);
        try (ClusterProcesses cluster = ClusterProcesses.start(directory, shape);
                Balancer balancer =
                        new Balancer(List.of(cluster.node(1), cluster.node(2), cluster.node(3)));
                RecordedLoad load =
                        new RecordedLoad(List.of(balancer.endpoint()), "rolling", OBJECTS, 91)) {
            load.retryOnce();
            load.createBucket();
            load.isInTrouble(balancer.endpoint()); // a slow machine is not what this is about
            load.fill();
            load.isWell(balancer.endpoint());
            load.pauseFor(Duration.ofMillis(50));
            load.start();
            for (int i = 1; i <= 3; i++) {
                assertThat(cluster.node(i).commandLine()).contains(before.toString());
                long operations = load.operations();
                assertThat(cluster.node(i).terminate()).isIn(0, 143);
                cluster.node(i).startAgainAs(ServerProcess.repository());
                assertThat(cluster.node(i).commandLine()).doesNotContain(before.toString());
                assertThat(load.operations()).as("clients went on").isGreaterThan(operations);
                awaitUnconfirmedAreFew(cluster);
            }
            load.stop();
            assertThat(load.surprises()).isEmpty();
            load.readEverything(cluster.node(3).endpoint());
            assertThat(load.surprises()).isEmpty();
            load.assertLinearizable();
            ClusterEnd.repairAndCompare(cluster);
        }
    }

    /** Who restarts the next one sees to it that the last one is back for all others. */
    private static void awaitUnconfirmedAreFew(ClusterProcesses cluster) throws Exception {
        RingAdmin.of(cluster.node(1)).awaitNodes("node-1", "node-2", "node-3");
        for (int i = 1; i <= 3; i++) {
            while (!cluster.node(i)
                    .metrics()
                    .values("lilio_backend_health")
                    .allMatch(h -> h == 1)) {
                Thread.sleep(200);
            }
        }
    }

    /** Built once for each commit. */
    private static Path previousBuild() throws Exception {
        Process build =
                new ProcessBuilder(
                                ServerProcess.repository()
                                        .resolve("scripts/build-previous")
                                        .toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String said =
                new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(build.waitFor())
                .as("scripts/build-previous says why on its error output")
                .isZero();
        return Path.of(said);
    }
}
