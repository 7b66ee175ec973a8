package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The end of a cluster that has been through faults or ring changes: its disks hold what they
 * should, by the work of its own nodes.
 */
final class ClusterEnd {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** What each node does for itself. */
    private static final List<String> OWN_TASKS = List.of("orphans", "drop");

    private ClusterEnd() {}

    /**
     * Has the nodes themselves repair and collect; ends them; looks at their disks.
     *
     * @param cluster null when its start has failed
     * @param load null likewise
     */
    static void afterRepair(@Nullable ClusterProcesses cluster, @Nullable ClusterLoad load)
            throws Exception {
        try (cluster;
                load) {
            if (cluster == null || load == null) {
                return;
            }
            load.stop();
            repairAndCompare(cluster);
        }
    }

    /** Has the nodes themselves repair and collect; ends them; looks at their disks. */
    static void repairAndCompare(ClusterProcesses cluster) throws Exception {
        RingAdmin admin = RingAdmin.of(cluster.node(1));
        admin.run("repair");
        admin.run("gc");
        compare(cluster);
    }

    /** The same for nodes that leave runs to jobs. */
    static void afterJobs(@Nullable ClusterProcesses cluster, @Nullable ClusterLoad load)
            throws Exception {
        try (cluster;
                load) {
            if (cluster == null || load == null) {
                return;
            }
            load.stop();
            for (String kind : List.of("repair", "gc")) {
                ClusterProcesses.Job job = cluster.job("job", kind, "--operation", kind + "-last");
                assertThat(job.exitCode()).as(job.output()).isZero();
            }
            compare(cluster);
        }
    }

    /**
     * Waits until the nodes have done what they do by themselves, ends them, and looks at their
     * disks: those of nodes that are not in the ring any more hold nothing.
     */
    static void compare(ClusterProcesses cluster) throws Exception {
        awaitOwnWork(cluster);
        Set<String> members = RingAdmin.of(cluster.node(1)).active();
        cluster.terminate();
        List<Path> inTheRing = new ArrayList<>();
        List<Path> empty = new ArrayList<>();
        for (int i = 1; i <= cluster.disks().size(); i++) {
            Path disk = cluster.disks().get(i - 1);
            (members.contains("node-" + i) ? inTheRing : empty).add(disk);
        }
        assertThat(StoppedStore.payloadBytes(cluster.etcd(), empty))
                .as("on %s", empty)
                .allMatch(bytes -> bytes == 0);
        StoppedStore.assertClusterIsLevel(cluster.etcd(), inTheRing);
    }

    /** Two turns of each, the second of which has begun after now, however they end. */
    static void awaitTurns(ClusterProcesses cluster) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (int i = 1; i <= cluster.disks().size(); i++) {
            ServerProcess node = cluster.node(i);
            for (String task : OWN_TASKS) {
                double before = turns(node, task);
                await(deadline, node, task, () -> turns(node, task) >= before + 2);
            }
        }
    }

    /** Such turns, and no chunk waits for more. */
    static void awaitOwnWork(ClusterProcesses cluster) throws Exception {
        awaitTurns(cluster);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (int i = 1; i <= cluster.disks().size(); i++) {
            ServerProcess node = cluster.node(i);
            await(deadline, node, "confirmed", () -> unconfirmed(node) == 0);
        }
        await(
                deadline,
                cluster.node(1),
                "no trash",
                () -> StoppedStore.isTrashEmpty(cluster.etcd()));
    }

    /** How often a node has run a task, however that ended. */
    static double turns(ServerProcess node, String task) throws Exception {
        return node.metrics().sum("lilio_maintenance_runs_seconds_count", "kind", task);
    }

    private static double unconfirmed(ServerProcess node) throws Exception {
        return node.metrics().sum("lilio_unconfirmed_chunks");
    }

    private static void await(
            long deadline, ServerProcess node, String what, Callable<Boolean> holds)
            throws Exception {
        while (!holds.call()) {
            assertThat(System.nanoTime())
                    .as(() -> what + ": " + node.lastLog())
                    .isLessThan(deadline);
            Thread.sleep(200);
        }
    }
}
