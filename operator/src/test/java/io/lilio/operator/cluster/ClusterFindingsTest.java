package io.lilio.operator.cluster;

import static io.lilio.operator.cluster.Checks.assertCondition;
import static io.lilio.operator.cluster.Checks.assertReady;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Node;
import io.lilio.crd.ConditionStatus;
import io.lilio.crd.cluster.ClusterConditionType;
import io.lilio.crd.cluster.ClusterReason;
import io.lilio.operator.dependent.Monitor;
import io.lilio.operator.kube.OverlappingBudgetsException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is told of a cluster, and keeps nothing else from going on. */
class ClusterFindingsTest {

    @Test
    void aMonitorThatWasEditedIsPutBackAndGoesWhereTheSpecWantsNone() {
        Stage stage = Stage.running(3);
        GenericKubernetesResource wanted = Monitor.of(stage.cluster());
        GenericKubernetesResource made = stage.kubernetes.find(wanted).orElseThrow();
        int writes = stage.kubernetes.writes().size();
        stage.pass();
        assertThat(stage.kubernetes.writes()).as("nothing is to be done").hasSize(writes);
        GenericKubernetesResource edited = stage.kubernetes.find(wanted).orElseThrow();
        edited.setAdditionalProperty("spec", Map.of("endpoints", List.of()));
        stage.kubernetes.put(edited);
        stage.pass();
        assertThat(stage.kubernetes.find(wanted).orElseThrow().getAdditionalProperties())
                .isEqualTo(made.getAdditionalProperties());
        assertThat(stage.events).contains("EditPutBack");
        stage.edit(yaml -> yaml.replace("serviceMonitor: true", "serviceMonitor: false"));
        stage.rest();
        assertThat(stage.kubernetes.find(wanted)).isEmpty();
        stage.edit(yaml -> yaml.replace("serviceMonitor: false", "serviceMonitor: true"));
        stage.rest();
        assertThat(stage.kubernetes.find(wanted)).isPresent();
    }

    @Test
    void aMonitorThatMayNotBeRemovedIsToldAndOneOfSomebodyElseStays() {
        Stage stage = Stage.running(3);
        GenericKubernetesResource wanted = Monitor.of(stage.cluster());
        GenericKubernetesResource theirs = stage.kubernetes.find(wanted).orElseThrow();
        theirs.getMetadata().setOwnerReferences(List.of());
        theirs.getMetadata().setLabels(Map.of());
        stage.kubernetes.put(theirs);
        stage.edit(yaml -> yaml.replace("serviceMonitor: true", "serviceMonitor: false"));
        stage.rest();
        assertThat(stage.kubernetes.find(wanted)).isPresent();
        assertReady(stage);
        stage.kubernetes.forbid("ServiceMonitor");
        stage.passes();
        assertCondition(
                stage,
                ClusterConditionType.DEGRADED,
                ConditionStatus.TRUE,
                ClusterReason.SPEC_IMPOSSIBLE);
    }

    @Test
    void twoBudgetsOverOnePodAreTold() {
        Stage stage = Stage.running(3);
        stage.kubernetes.setEvictable(
                pod -> {
                    throw new OverlappingBudgetsException(
                            pod.getMetadata().getName(), new IllegalStateException());
                });
        stage.version("1.2.4");
        stage.passes();
        assertCondition(
                stage,
                ClusterConditionType.DEGRADED,
                ConditionStatus.TRUE,
                ClusterReason.SPEC_IMPOSSIBLE);
        assertThat(stage.condition(ClusterConditionType.DEGRADED).message())
                .contains("pod demo-2", "PodDisruptionBudget");
        stage.kubernetes.setEvictable(_ -> true);
        stage.rest();
        assertReady(stage);
    }

    @Test
    void oneWhoseMachineIsNotKnownIsToldAndTheOthersAreAdmitted() {
        Stage stage = Stage.running(3);
        stage.replicas(5);
        stage.passes();
        stage.kubernetes.remove(stage.kubernetes.get(Node.class, "worker-4").orElseThrow());
        stage.controllers();
        UUID placed = new UUID(4, 3);
        UUID nowhere = new UUID(4, 4);
        stage.lilio.announce(placed, 3, "JOINING");
        stage.lilio.announce(nowhere, 4, "JOINING");
        stage.rest();
        assertThat(stage.lilio.state(placed)).isEqualTo("ACTIVE");
        assertThat(stage.lilio.state(nowhere)).isEqualTo("JOINING");
        assertCondition(
                stage,
                ClusterConditionType.DEGRADED,
                ConditionStatus.TRUE,
                ClusterReason.TOPOLOGY_UNKNOWN);
        stage.version("1.2.4");
        stage.passes();
        assertThat(stage.operation()).isNotNull();
        assertThat(stage.condition(ClusterConditionType.DEGRADED).message())
                .contains("member " + nowhere + " of demo-4 is not admitted");
    }
}
