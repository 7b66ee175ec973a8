package io.lilio.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.crd.ConditionStatus;
import io.lilio.crd.cluster.ClusterConditionType;
import io.lilio.crd.cluster.ClusterReason;
import java.util.List;

/** What a cluster's status says. */
final class Checks {

    private Checks() {}

    static void assertReady(Stage stage) {
        assertCondition(
                stage, ClusterConditionType.READY, ConditionStatus.TRUE, ClusterReason.AS_EXPECTED);
        assertCondition(
                stage,
                ClusterConditionType.DEGRADED,
                ConditionStatus.FALSE,
                ClusterReason.AS_EXPECTED);
        assertThat(List.of(stage.cluster().getMetadata().getGeneration()))
                .containsExactly(stage.cluster().getStatus().observedGeneration());
    }

    static void assertCondition(
            Stage stage, ClusterConditionType type, ConditionStatus status, ClusterReason reason) {
        var condition = stage.condition(type);
        assertThat(condition.reason()).as(condition.message()).isEqualTo(reason.text());
        assertThat(condition.status()).as(condition.message()).isEqualTo(status);
        assertThat(condition.observedGeneration())
                .isEqualTo(stage.cluster().getMetadata().getGeneration());
    }
}
