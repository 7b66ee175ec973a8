package io.lilio.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.admin.api.RingStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The operator is killed after each of its writes that changes something, before it learns of it:
 * the path that it takes is gone from end to end, one write for each life. Writes that change
 * nothing are no place to be killed at, since nothing is different after them.
 */
@Tag("e2e")
@Order(6)
@DisplayName("5 The operator is killed after each write; two operators")
final class OperatorKilledIT {

    /** Who writes more than that for one change writes for ever. */
    private static final int MOST_WRITES = 200;

    @RegisterExtension static final Scenario SCENARIO = Scenario.named("killed");

    private static StoreCluster cluster;
    private static Load load;

    @BeforeAll
    static void make() {
        cluster =
                StoreCluster.create(
                        SCENARIO, "killed", Spec.of(4).with("version", UpgradeIT.PREVIOUS));
        load = Load.fill(cluster, "load", Load.Size.LITTLE, 5);
        load.start();
        SCENARIO.putRight(() -> SCENARIO.installation().scale(1));
        SCENARIO.installation().scale(0);
    }

    @AfterAll
    static void end() {
        if (load != null) {
            load.close();
        }
    }

    @Test
    @Order(1)
    @DisplayName("5: killed after each write of a scale-down: it resumes, nothing is done twice")
    void scaleDown() {
        RingStatus before = cluster.admin().ring();
        Map<String, String> pods = Pods.incarnations(cluster.pods());
        try (OutsideOperator operator = OutsideOperator.start(SCENARIO, cluster, 1, 4)) {
            operator.killAfterEachWrite(true);
            cluster.scale(3);
            cluster.awaitSettled();
            operator.killAfterEachWrite(false);
            assertEachWriteHit(operator);

            EffectiveWrites writes = operator.writes();
            assertThat(writes.about("/v1/ring/drain")).as("%s", writes.all()).isEqualTo(1);
            assertThat(writes.about("/batch/v1/namespaces/" + cluster.namespace() + "/jobs"))
                    .as("%s", writes.all())
                    .isEqualTo(1);
            assertThat(writes.about("/statefulsets/" + cluster.name()))
                    .as("%s", writes.all())
                    .isEqualTo(1);
            assertThat(writes.about("/lilioclusters/" + cluster.name()))
                    .as("statuses of each phase: %s", writes.all())
                    .isGreaterThan(2);
        }
        cluster.awaitReadyPods(3);
        assertThat(cluster.admin().ring().epoch()).isEqualTo(before.epoch() + 1);
        pods.remove(cluster.node(3));
        assertThat(Pods.incarnations(cluster.pods())).isEqualTo(pods);
        load.assertNothingLost();
        load.start();
    }

    @Test
    @Order(2)
    @DisplayName("5: killed after each write of an upgrade: it resumes, no pod goes twice")
    void upgrade() {
        long epoch = cluster.admin().ring().epoch();
        try (OutsideOperator operator = OutsideOperator.start(SCENARIO, cluster, 1, 4);
                Incarnations pods = Incarnations.watch(cluster);
                Sampler others = Sampler.start(OperatorKilledIT::moreThanOneIsAway)) {
            operator.killAfterEachWrite(true);
            cluster.patchSpec("{\"version\":\"" + Spec.VERSION + "\"}");
            cluster.awaitSettled();
            operator.killAfterEachWrite(false);
            assertEachWriteHit(operator);
            others.assertNeverWrong();
            assertThat(operator.writes().about("/eviction"))
                    .as("%s", operator.writes().all())
                    .isEqualTo(cluster.pods().size());
            assertThat(pods.seen()).allSatisfy((pod, uids) -> assertThat(uids).as(pod).hasSize(2));
        }
        assertThat(cluster.admin().ring().epoch()).isEqualTo(epoch);
        load.assertNothingLost();
        load.start();
    }

    @Test
    @Order(3)
    @DisplayName("5: two operators at once: nothing irreversible happens twice")
    void twoAtOnce() {
        cluster.awaitReadyPods(3);
        try (OutsideOperator one = OutsideOperator.start(SCENARIO, cluster, 1, 4);
                OutsideOperator other = OutsideOperator.start(SCENARIO, cluster, 2, 4)) {
            scaleUpAndDown();
            restartAll();
            for (OutsideOperator each : List.of(one, other)) {
                each.assertNeverEndedByItself();
                assertThat(each.writes().all()).as("both have taken part").isNotEmpty();
            }
        }
        load.assertNothingLost();
    }

    private static void scaleUpAndDown() {
        long removed = removed();
        Map<String, String> pods = Pods.incarnations(cluster.pods());
        try (Sampler replicas = Sampler.start(OperatorKilledIT::fewerThanThreeReplicas)) {
            cluster.scale(4);
            cluster.awaitSettled();
            cluster.scale(3);
            cluster.awaitSettled();
            replicas.assertNeverWrong();
        }
        cluster.awaitReadyPods(3);
        assertThat(removed()).as("members that gave away what they held").isEqualTo(removed + 1);
        assertThat(Pods.incarnations(cluster.pods())).isEqualTo(pods);
    }

    private static void restartAll() {
        try (Incarnations pods = Incarnations.watch(cluster);
                Sampler others = Sampler.start(OperatorKilledIT::moreThanOneIsAway)) {
            cluster.patchSpec("{\"pod\":{\"annotations\":{\"example.com/restart\":\"1\"}}}");
            cluster.awaitSettled();
            others.assertNeverWrong();
            assertThat(pods.seen()).allSatisfy((pod, uids) -> assertThat(uids).as(pod).hasSize(2));
        }
    }

    private static void assertEachWriteHit(OutsideOperator operator) {
        operator.assertNeverEndedByItself();
        assertThat(operator.kills()).as("%s", operator.writes().all()).isGreaterThanOrEqualTo(5);
        // Undisturbed now, it carries out what it had no life left for, and then nothing.
        int writes = -1;
        while (writes < operator.writes().all().size() && writes < MOST_WRITES) {
            writes = operator.writes().all().size();
            Await.pause(Duration.ofSeconds(15));
        }
        assertThat(writes).as("%s", operator.writes().all()).isLessThan(MOST_WRITES);
        Await.pause(Duration.ofSeconds(45));
        assertThat(operator.writes().all().subList(writes, operator.writes().all().size()))
                .as("what is written when all is done")
                .hasSizeLessThanOrEqualTo(1);
    }

    private static long removed() {
        return cluster.admin().ring().members().stream()
                .filter(member -> member.state().equals("REMOVED"))
                .count();
    }

    private static String fewerThanThreeReplicas() {
        int replicas = cluster.statefulSet().getSpec().getReplicas();
        return replicas < 3 ? "there are %d replicas".formatted(replicas) : "";
    }

    private static String moreThanOneIsAway() {
        long ready = cluster.pods().stream().filter(Pods::isReady).count();
        return ready < 2 ? "%d pods are ready".formatted(ready) : "";
    }
}
