package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk of one node of three is full, read-only or rots while clients of all nodes write and
 * read: nobody notices, its own clients neither.
 */
@Timeout(400)
@Tag("faults")
class ClusterDisksIT {

    private static final long FAULT_MILLIS = 5_000;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** More than one of a hundred, whatever of them lies where something was deleted before. */
    private static final int ROTTEN_ONE_IN = 50;

    @TempDir static Path directory;

    private static Disk disk;
    private static ClusterProcesses cluster;
    private static ClusterLoad load;
    private static ServerProcess victim;
    private static ServerProcess[] nodes;

    @BeforeAll
    static void start() throws Exception {
        boolean mounts = Disk.canMount(directory);
        if (!mounts) {
            String why = "real full and read-only disks need the right to mount";
            assertThat(FaultCase.mountsRequired(System.getenv())).as(why).isFalse();
            Assumptions.abort(why);
        }
        disk = Disk.mount(directory.resolve("mounted"), 4_096);
        Map<String, String> onDisk =
                Map.of(
                        "LILIO_BACKENDS_0__NAME",
                        "disk1",
                        "LILIO_BACKENDS_0__TYPE",
                        "local",
                        Disk.PATH_SETTING,
                        disk.directory().resolve("chunks").toString());
        cluster =
                ClusterProcesses.start(
                        directory,
                        ClusterProcesses.Shape.of(3)
                                .with(ClusterProcesses.PATIENT)
                                .with(node -> node == 3 ? onDisk : Map.of()));
        victim = cluster.node(3);
        nodes = new ServerProcess[] {cluster.node(1), cluster.node(2), victim};
        load = ClusterLoad.fill(cluster.endpoints(), 51);
    }

    @AfterAll
    static void everyDiskHoldsWhatItShould() throws Exception {
        try (Disk _ = disk) {
            ClusterEnd.afterRepair(cluster, load);
        }
    }

    @Test
    void aDiskIsFull() throws Exception {
        load.start();
        load.awaitProgress(20, nodes);
        Path filler = disk.fill();
        awaitState("FULL");
        Thread.sleep(FAULT_MILLIS);
        load.awaitProgress(20, nodes);
        Files.delete(filler);
        awaitState("UP");
        goesOn();
    }

    @Test
    void aDiskIsReadOnly() throws Exception {
        load.start();
        load.awaitProgress(20, nodes);
        disk.readOnly();
        awaitState("READ_ONLY");
        Thread.sleep(FAULT_MILLIS);
        load.awaitProgress(20, nodes);
        disk.readWrite();
        awaitState("UP");
        goesOn();
    }

    /** Every read finds a good copy, and what no read comes across the scrub replaces. */
    @Test
    void oneCopyOfAPercentOfTheChunksHasRotted() throws Exception {
        load.start();
        load.awaitProgress(20, nodes);
        long chunks = (long) victim.metrics().sum("lilio_backend_chunks");
        int rotten = disk.rot(chunks, ROTTEN_ONE_IN);
        assertThat(rotten).as("of %d chunks", chunks).isGreaterThanOrEqualTo((int) chunks / 100);
        load.awaitProgress(50, nodes);
        goesOn();
        long read = (long) damagedCopies();
        RingAdmin admin = RingAdmin.of(cluster.node(1));
        Curl.Answer first = admin.run("scrub");
        assertThat(read + first.body().at("/counts/chunks_bad").asLong())
                .as("found of %d: reads have found %d of them", rotten, read)
                .isGreaterThanOrEqualTo(rotten / 2);
        Curl.Answer second = admin.run("scrub");
        assertThat(second.at("/counts/chunks_verified")).isNotEqualTo("0");
        assertThat(second.body().at("/counts/chunks_bad").asLong()).as(second.text()).isZero();
    }

    private static double damagedCopies() throws Exception {
        double found = 0;
        for (ServerProcess node : nodes) {
            found += node.metrics().sum("lilio_corrupt_replicas_total");
        }
        return found;
    }

    private static void goesOn() throws Exception {
        load.awaitProgress(20, nodes);
        load.stop();
        load.assertNothingWrong(victim);
    }

    private static void awaitState(String state) throws Exception {
        eventually(() -> victim.health().states().get("disk1").equals(state));
        eventually(
                () ->
                        state.equals("UP")
                                == (victim.metrics().sum("lilio_backend_health", "node", "disk1")
                                        >= 1));
    }

    private static void eventually(Callable<Boolean> holds) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!holds.call()) {
            assertThat(System.nanoTime())
                    .as("%s\n%s", victim.health(), victim.lastLog())
                    .isLessThan(deadline);
            Thread.sleep(200);
        }
    }
}
