package io.lilio.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.lilio.admin.api.OperationStatus;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("e2e")
@Order(7)
@DisplayName("6 The pod of a rebalance is killed")
final class RebalanceKilledIT {

    @RegisterExtension static final Scenario SCENARIO = Scenario.named("rebalance");

    private static final int BYTES_PER_SECOND = 1 << 20;

    /** A killed run goes on where it was up to five seconds before (docs/admin.md). */
    private static final double MOST = 1.1;

    /** What was copied since then and not counted is found there, and not copied again. */
    private static final double LEAST = 0.85;

    @Test
    @DisplayName("6: 3 → 4 with two kills copies hardly more than the new member has to hold")
    void hardlyMoreIsCopied() {
        Spec spec = Spec.of(3).with("jobs.rebalance.maxBytesPerSecond", BYTES_PER_SECOND);
        StoreCluster cluster = StoreCluster.create(SCENARIO, "rebalance", spec);
        try (Load load = Load.fill(cluster, "load", Load.Size.FULL, 6)) {
            Movement movement = Movement.begin(cluster);
            cluster.scale(4);

            Set<String> runs = new HashSet<>();
            Set<String> killed = new HashSet<>();
            for (long after : List.of(10L << 20, 25L << 20)) {
                runs.add(cluster.awaitCopied(after));
                killed.add(killRunningPod(cluster));
            }
            assertThat(runs).as("runs that were under way when they were killed").hasSize(1);
            assertThat(killed).as("pods that were killed").hasSize(2);
            cluster.awaitSettled();

            OperationStatus run = find(cluster, runs.iterator().next());
            assertThat(run.state()).as("%s", run).isEqualTo("SUCCEEDED");
            Movement.Moved moved = movement.moved();
            assertThat(moved.idealBytes())
                    .as("the second kill hit in the middle: %s", moved)
                    .isGreaterThan(30L << 20);
            assertThat(moved.share())
                    .as("bytes copied for each that had to be: %s", moved)
                    .isBetween(LEAST, MOST);
            load.assertNothingLost();
        }
    }

    private static OperationStatus find(StoreCluster cluster, String id) {
        return cluster.admin().operations("rebalance").stream()
                .filter(run -> run.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** Kills the only pod of a rebalance that runs; its uid. */
    private static String killRunningPod(StoreCluster cluster) {
        List<Pod> running =
                cluster.pods("job").stream()
                        .filter(pod -> Pods.name(pod).startsWith(cluster.name() + "-rebalance-"))
                        .filter(pod -> pod.getStatus().getPhase().equals("Running"))
                        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                        .toList();
        assertThat(running).as("pods of rebalances that run").hasSize(1);
        Pod pod = running.getFirst();
        SCENARIO.kubernetes()
                .kubectl(
                        "delete",
                        "pod",
                        Pods.name(pod),
                        "-n",
                        cluster.namespace(),
                        "--force",
                        "--grace-period=0");
        return pod.getMetadata().getUid();
    }
}
