package io.lilio.operator.cluster;

import static io.lilio.operator.cluster.Checks.assertCondition;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.lilio.crd.ConditionStatus;
import io.lilio.crd.cluster.ClusterConditionType;
import io.lilio.crd.cluster.ClusterReason;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Jobs that Kubernetes has made by schedule, and whose pods cannot start. */
class ScheduledJobsTest {

    private static final String NAME = "demo-scrub-29876543";
    private static final String FORMER = "registry.example/lilio:0.0.1";

    private final Stage stage = Stage.running(3);
    private final CronJob schedule =
            stage.kubernetes.get(CronJob.class, Stage.NAMESPACE, "demo-scrub").orElseThrow();

    @Test
    void oneOfAFormerTemplateGivesWayToTheSameRunFromTheNewest() {
        String uid = begun(FORMER);
        stage.now = stage.now.plus(Duration.ofMinutes(2));
        stage.passes();
        assertThat(job().getMetadata().getUid()).as("it only takes its time").isEqualTo(uid);
        stage.now = stage.now.plus(Duration.ofMinutes(2));
        stage.passes();
        assertThat(job().getMetadata().getUid()).isNotEqualTo(uid);
        assertThat(job().getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(
                        owner ->
                                assertThat(owner.getUid())
                                        .isEqualTo(schedule.getMetadata().getUid()));
        assertThat(job().getSpec()).isEqualTo(schedule.getSpec().getJobTemplate().getSpec());
        assertCondition(
                stage,
                ClusterConditionType.DEGRADED,
                ConditionStatus.TRUE,
                ClusterReason.JOB_FAILED);
    }

    @Test
    void oneOfTheNewestTemplateIsLeftToKubernetesAndTold() {
        String uid = begun("");
        stage.now = stage.now.plus(Duration.ofMinutes(20));
        stage.passes();
        assertThat(job().getMetadata().getUid()).isEqualTo(uid);
        assertThat(stage.condition(ClusterConditionType.DEGRADED).message())
                .contains(NAME, "ImagePullBackOff: no such image");
    }

    @Test
    void oneThatRunsIsLeftAlone() {
        String uid = begun(FORMER);
        stage.kubernetes.edit(
                Pod.class,
                Stage.NAMESPACE,
                NAME + "-x",
                pod ->
                        new PodBuilder(pod)
                                .withNewStatus()
                                .addNewCondition()
                                .withType("Ready")
                                .withStatus("True")
                                .endCondition()
                                .endStatus()
                                .build());
        assertIsLeft(uid);
    }

    @Test
    void oneThatNoScheduleOwnsIsLeftAlone() {
        begun(FORMER);
        stage.kubernetes.edit(
                Job.class,
                Stage.NAMESPACE,
                NAME,
                job -> {
                    job.getMetadata().getOwnerReferences().getFirst().setUid("somebody");
                    return job;
                });
        assertIsLeft(job().getMetadata().getUid());
    }

    @Test
    void nothingIsDoneWhileTheClusterIsPaused() {
        String uid = begun(FORMER);
        stage.edit(yaml -> yaml.replace("paused: false", "paused: true"));
        assertIsLeft(uid);
    }

    private void assertIsLeft(String uid) {
        stage.now = stage.now.plus(Duration.ofMinutes(20));
        stage.passes();
        assertThat(job().getMetadata().getUid()).isEqualTo(uid);
    }

    private Job job() {
        return stage.kubernetes.get(Job.class, Stage.NAMESPACE, NAME).orElseThrow();
    }

    /**
     * The schedule begins a run, whose image is nowhere.
     *
     * @param image another one than the schedule's; empty for that
     * @return the uid of its Job
     */
    private String begun(String image) {
        var template = schedule.getSpec().getJobTemplate();
        Job job =
                new JobBuilder()
                        .withNewMetadata()
                        .withName(NAME)
                        .withNamespace(Stage.NAMESPACE)
                        .withLabels(template.getMetadata().getLabels())
                        .withOwnerReferences(
                                new OwnerReferenceBuilder()
                                        .withKind("CronJob")
                                        .withName(schedule.getMetadata().getName())
                                        .withUid(schedule.getMetadata().getUid())
                                        .build())
                        .endMetadata()
                        .withSpec(template.getSpec())
                        .build();
        if (!image.isEmpty()) {
            job =
                    new JobBuilder(job)
                            .editSpec()
                            .editTemplate()
                            .editSpec()
                            .editFirstContainer()
                            .withImage(image)
                            .endContainer()
                            .endSpec()
                            .endTemplate()
                            .endSpec()
                            .build();
        }
        stage.kubernetes.put(
                new PodBuilder()
                        .withMetadata(template.getSpec().getTemplate().getMetadata())
                        .editMetadata()
                        .withName(NAME + "-x")
                        .withNamespace(Stage.NAMESPACE)
                        .addToLabels("batch.kubernetes.io/job-name", NAME)
                        .endMetadata()
                        .withSpec(job.getSpec().getTemplate().getSpec())
                        .withNewStatus()
                        .addNewContainerStatus()
                        .withName("job")
                        .withNewState()
                        .withNewWaiting()
                        .withReason("ImagePullBackOff")
                        .withMessage("no such image")
                        .endWaiting()
                        .endState()
                        .endContainerStatus()
                        .endStatus()
                        .build());
        return stage.kubernetes.put(job).getMetadata().getUid();
    }
}
