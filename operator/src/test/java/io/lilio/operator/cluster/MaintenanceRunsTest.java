package io.lilio.operator.cluster;

import static io.lilio.operator.cluster.Checks.assertCondition;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.lilio.crd.ConditionStatus;
import io.lilio.crd.cluster.ClusterConditionType;
import io.lilio.crd.cluster.ClusterReason;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Jobs, and the runs that they carry out. */
class MaintenanceRunsTest {

    @Test
    void aJobThatVanishedOrFailedIsMadeAgainLaterEachTime() {
        Stage stage = Stage.running(4);
        stage.replicas(3);
        stage.passes();
        Job job = stage.kubernetes.all(Job.class).getFirst();
        stage.kubernetes.remove(job);
        stage.pass();
        assertThat(stage.kubernetes.all(Job.class)).isEmpty();
        stage.now = stage.now.plusSeconds(10);
        stage.pass();
        assertThat(stage.kubernetes.all(Job.class)).hasSize(1);
        for (int attempt = 1; attempt < 6; attempt++) {
            fail(stage);
            stage.pass();
            assertThat(attempt(stage)).isEqualTo(attempt);
            stage.now = stage.now.plus(RunJobs.pause(attempt));
            stage.pass();
            assertThat(attempt(stage)).isEqualTo(attempt + 1);
        }
        fail(stage);
        stage.pass();
        assertCondition(
                stage,
                ClusterConditionType.DEGRADED,
                ConditionStatus.TRUE,
                ClusterReason.JOB_FAILED);
    }

    private static void fail(Stage stage) {
        Job job = stage.kubernetes.all(Job.class).getFirst();
        stage.kubernetes.edit(
                Job.class,
                Stage.NAMESPACE,
                job.getMetadata().getName(),
                live ->
                        new JobBuilder(live)
                                .withNewStatus()
                                .addNewCondition()
                                .withType("Failed")
                                .withStatus("True")
                                .withLastTransitionTime(stage.now.toString())
                                .endCondition()
                                .endStatus()
                                .build());
    }

    private static int attempt(Stage stage) {
        return Integer.parseInt(job(stage).getMetadata().getAnnotations().get(RunJobs.ATTEMPT));
    }

    @Test
    void aJobWhosePodCannotStartIsMadeAgainFromTheSpecAsItIsByThen() {
        Stage stage = Stage.running(4);
        stage.replicas(3);
        stage.passes();
        String uid = job(stage).getMetadata().getUid();
        stage.now = stage.now.plus(Duration.ofMinutes(2));
        stage.passes();
        assertThat(job(stage).getMetadata().getUid()).isEqualTo(uid);
        stage.version("1.2.4");
        stage.now = stage.now.plus(Duration.ofMinutes(9));
        stage.passes();
        assertThat(job(stage).getMetadata().getUid()).isNotEqualTo(uid);
        assertThat(attempt(stage)).isEqualTo(2);
        assertThat(job(stage).getSpec().getTemplate().getSpec().getContainers().getFirst())
                .satisfies(container -> assertThat(container.getImage()).endsWith(":1.2.4"));
        assertCondition(
                stage,
                ClusterConditionType.DEGRADED,
                ConditionStatus.TRUE,
                ClusterReason.JOB_FAILED);
    }

    private static Job job(Stage stage) {
        return stage.kubernetes.all(Job.class).getFirst();
    }

    @Test
    void aRebalanceThatEndedBeforeItsChangeIsFollowedByAnother() {
        Stage stage = Stage.running(4);
        stage.replicas(3);
        stage.passes();
        String first = Objects.requireNonNull(stage.operation()).id();
        stage.lilio.end(first, "FAILED");
        stage.now = stage.now.plusSeconds(20);
        stage.pass();
        assertThat(stage.lilio.runs).containsKey(first + "-2");
        assertThat(stage.kubernetes.all(Job.class)).hasSize(2);
    }

    @Test
    void aRunThatNobodyCarriesOutIsCarriedOutAndCollectionsGiveWay() {
        Stage stage = Stage.running(3);
        stage.lilio.leave("repair-after-rebalance-1", "repair", Duration.ofMinutes(5));
        stage.lilio.leave("demo-gc-1", "gc", Duration.ofMinutes(5));
        stage.lilio.leave("demo-scrub-1", "scrub", Duration.ofSeconds(5));
        stage.passes();
        assertThat(stage.kubernetes.all(Job.class))
                .singleElement()
                .satisfies(
                        job -> assertThat(job.getMetadata().getName()).startsWith("demo-repair-"));
        assertThat(stage.lilio.get("demo-gc-1").state()).isEqualTo("CANCELLED");
    }
}
