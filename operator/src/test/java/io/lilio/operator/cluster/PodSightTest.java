package io.lilio.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.lilio.crd.cluster.ClusterReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodSightTest {

    @ParameterizedTest
    @CsvSource({
        "ImagePullBackOff, IMAGE_PULL_FAILED",
        "ErrImagePull,     IMAGE_PULL_FAILED",
        "CrashLoopBackOff, PODS_NOT_READY"
    })
    void aContainerThatWaitsSaysWhy(String waiting, ClusterReason reason) {
        Pod pod =
                new PodBuilder()
                        .withNewStatus()
                        .addNewContainerStatus()
                        .withNewState()
                        .withNewWaiting()
                        .withReason(waiting)
                        .withMessage("back-off")
                        .endWaiting()
                        .endState()
                        .endContainerStatus()
                        .endStatus()
                        .build();
        assertThat(PodSight.of(pod).trouble())
                .contains(new PodSight.Trouble(reason, waiting + ": back-off"));
    }

    @Test
    void onesThatAreMadeWaitForNothing() {
        Pod pod =
                new PodBuilder()
                        .withNewStatus()
                        .addNewContainerStatus()
                        .withNewState()
                        .withNewWaiting()
                        .withReason("ContainerCreating")
                        .endWaiting()
                        .endState()
                        .endContainerStatus()
                        .endStatus()
                        .build();
        assertThat(PodSight.of(pod).trouble()).isEmpty();
        assertThat(PodSight.of(new Pod()).trouble()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "pod has unbound immediate PersistentVolumeClaims, VOLUME_PENDING",
        "0/3 nodes are available: 3 Insufficient memory,   PODS_NOT_READY"
    })
    void onesThatCannotBeScheduledSayWhy(String message, ClusterReason reason) {
        Pod pod =
                new PodBuilder()
                        .withNewStatus()
                        .addNewCondition()
                        .withType("PodScheduled")
                        .withStatus("False")
                        .withMessage(message)
                        .endCondition()
                        .endStatus()
                        .build();
        assertThat(PodSight.of(pod).trouble().map(PodSight.Trouble::reason)).contains(reason);
    }
}
