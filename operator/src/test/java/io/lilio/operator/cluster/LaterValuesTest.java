package io.lilio.operator.cluster;

import static io.lilio.operator.cluster.Checks.assertCondition;
import static io.lilio.operator.cluster.Checks.assertReady;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.lilio.crd.ConditionStatus;
import io.lilio.crd.cluster.ClusterConditionType;
import io.lilio.crd.cluster.ClusterReason;
import io.lilio.crd.cluster.LilioCluster;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is done with what a later operator has written, after a downgrade. */
class LaterValuesTest {

    @ParameterizedTest
    @CsvSource({
        "image.pullPolicy,   pullPolicy: \"IfNotPresent\", pullPolicy: \"WhenTheMoonIsFull\"",
        "replication.spread, spread: \"zone\",             spread: \"galaxy\"",
        "storage.durability, durability: \"full\",         durability: \"eternal\"",
        "s3.serviceType,     serviceType: \"ClusterIP\",   serviceType: \"Telepathy\"",
        "deletionPolicy,     deletionPolicy: \"Retain\",   deletionPolicy: \"Donate\""
    })
    void aWordOfTheSpecThatIsNotKnownHoldsThatClusterAlone(
            String field, String known, String later) {
        Stage stage = Stage.running(3);
        int before = stage.kubernetes.writes().size();
        stage.edit(yaml -> replaced(yaml, known, later));
        stage.replicas(4);
        stage.passes();
        assertCondition(
                stage,
                ClusterConditionType.READY,
                ConditionStatus.UNKNOWN,
                ClusterReason.VERSION_UNSUPPORTED);
        assertThat(stage.condition(ClusterConditionType.READY).message()).contains("spec." + field);
        assertThat(stage.kubernetes.writes().subList(before, stage.kubernetes.writes().size()))
                .as("nothing else is touched")
                .containsOnly("conditions of LilioCluster demo");
        assertThat(stage.replicas()).isEqualTo(3);
    }

    private static String replaced(String yaml, String known, String later) {
        assertThat(yaml).contains(known);
        return yaml.replace(known, later);
    }

    @Test
    void anOperationOfALaterKindIsLeftToItAndStaysInStatus() {
        Stage stage = Stage.running(4);
        stage.replicas(3);
        stage.pass();
        assertThat(stage.operation()).isNotNull();
        stage.edit(yaml -> replaced(yaml, "type: \"ScaleDown\"", "type: \"Levitate\""));
        int before = stage.kubernetes.writes().size();
        stage.passes();
        assertCondition(
                stage,
                ClusterConditionType.READY,
                ConditionStatus.UNKNOWN,
                ClusterReason.VERSION_UNSUPPORTED);
        assertThat(stage.condition(ClusterConditionType.READY).message())
                .contains("status.operation");
        assertThat(stage.kubernetes.writes().subList(before, stage.kubernetes.writes().size()))
                .contains("conditions of LilioCluster demo")
                .doesNotContain("status of LilioCluster demo");
        assertThat(stage.lilio.commands).isEmpty();
    }

    @Test
    void aClusterWithALaterDeletionPolicyIsNotDeletedUntilItIsKnown() {
        Stage stage = Stage.running(3);
        stage.edit(
                yaml -> replaced(yaml, "deletionPolicy: \"Retain\"", "deletionPolicy: \"Gift\""));
        stage.kubernetes.edit(
                LilioCluster.class,
                Stage.NAMESPACE,
                Stage.NAME,
                cluster -> {
                    cluster.getMetadata().setDeletionTimestamp("2026-12-01T12:00:00Z");
                    return cluster;
                });
        assertThat(stage.delete().finished()).isFalse();
        assertThat(stage.condition(ClusterConditionType.READY).message())
                .contains("spec.deletionPolicy");
        assertThat(stage.kubernetes.all(StatefulSet.class)).isNotEmpty();
    }

    @Test
    void membersOfALaterStateStillHaveTheirPods() {
        Stage stage = Stage.running(3);
        stage.edit(yaml -> replaced(yaml, "state: \"ACTIVE\"", "state: \"ENTANGLED\""));
        stage.edit(yaml -> replaced(yaml, "health: \"UP\"", "health: \"RADIANT\""));
        stage.lilio.reachable = false;
        stage.passes();
        assertThat(stage.cluster().getStatus().members()).isEmpty();
        assertThat(stage.replicas()).isEqualTo(3);
        stage.lilio.reachable = true;
        stage.rest();
        assertReady(stage);
        assertThat(stage.cluster().getStatus().members()).hasSize(3);
    }

    @Test
    void aConditionOfALaterStatusSaysNothing() {
        LilioCluster read =
                new KubernetesSerialization()
                        .unmarshal(
                                """
                                apiVersion: lilio.io/v1alpha1
                                kind: LilioCluster
                                metadata: {name: demo}
                                status:
                                  conditions:
                                    - {type: Ready, status: Perhaps, observedGeneration: 1,
                                       lastTransitionTime: "2026-12-01T12:00:00Z",
                                       reason: Mood, message: as it pleases}
                                """,
                                LilioCluster.class);
        assertThat(List.of(read.getStatus().conditions().getFirst().status()))
                .containsExactly(ConditionStatus.UNKNOWN);
        assertThat(Optional.ofNullable(read.getSpec())).isEmpty();
    }
}
