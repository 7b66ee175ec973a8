package io.lilio.operator.cluster;

import static io.lilio.operator.cluster.Checks.assertCondition;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.lilio.crd.ConditionStatus;
import io.lilio.crd.cluster.ClusterConditionType;
import io.lilio.crd.cluster.ClusterReason;

import org.junit.jupiter.api.Test;

import java.util.UUID;

/** What is told of a cluster, and keeps nothing else from going on. */
class ClusterFindingsTest {

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
