package io.lilio.operator.cluster;

import static io.lilio.operator.cluster.Checks.assertCondition;
import static io.lilio.operator.cluster.Checks.assertReady;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.lilio.crd.ConditionStatus;
import io.lilio.crd.cluster.ClusterConditionType;
import io.lilio.crd.cluster.ClusterReason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** W, R and the spread count when a cluster is founded, and its ring keeps them. */
class FoundedReplicationTest {

    private static List<String> pods(Stage stage) {
        return stage.kubernetes.all(Pod.class).stream()
                .map(pod -> pod.getMetadata().getUid())
                .toList();
    }

    private static ConfigMap config(Stage stage) {
        return stage.kubernetes.all(ConfigMap.class).getFirst();
    }

    private static String yaml(Stage stage) {
        return config(stage).getData().values().iterator().next();
    }

    private static void assertTold(Stage stage) {
        assertCondition(
                stage,
                ClusterConditionType.DEGRADED,
                ConditionStatus.TRUE,
                ClusterReason.SPEC_IMPOSSIBLE);
    }

    @Test
    void anEditOfThemRestartsNothingAndIsTold() {
        Stage stage = Stage.running(3);
        List<String> pods = pods(stage);
        String settings = yaml(stage);
        for (String edited :
                List.of(
                        "spread: \"host\"",
                        "spread: \"zone\"\n    writeQuorum: 3",
                        "spread: \"host\"\n    writeQuorum: 3\n    readQuorum: 3")) {
            stage.edit(yaml -> yaml.replace("spread: \"zone\"", edited));
            stage.rest();
            stage.lilio.reachable = false;
            stage.rest();
            stage.lilio.reachable = true;
            stage.rest();
            assertThat(pods(stage)).isEqualTo(pods);
            assertThat(yaml(stage)).isEqualTo(settings);
            assertTold(stage);
            stage.edit(
                    yaml ->
                            yaml.replaceAll("\n    (write|read)Quorum: 3", "")
                                    .replace("spread: \"host\"", "spread: \"zone\""));
            stage.rest();
            assertReady(stage);
        }
        assertThat(pods(stage)).isEqualTo(pods);
    }

    @Test
    void settingsThatWereEditedOrRemovedComeBackAsTheRingHasThem() {
        Stage stage = Stage.running(3);
        List<String> pods = pods(stage);
        String settings = yaml(stage);
        ConfigMap edited = config(stage);
        edited.getData().replaceAll((_, text) -> text.replace("zone", "host"));
        assertThat(edited.getData().values().iterator().next()).isNotEqualTo(settings);
        stage.kubernetes.put(edited);
        stage.rest();
        assertThat(yaml(stage)).isEqualTo(settings);
        for (String nonsense : List.of("{", "lilio: 1", "lilio: {replication: {factor: x}}")) {
            ConfigMap broken = config(stage);
            broken.getData().replaceAll((_, _) -> nonsense);
            stage.kubernetes.put(broken);
            stage.now = stage.now.plusSeconds(600);
            stage.rest();
            assertThat(yaml(stage)).isEqualTo(settings);
        }
        stage.kubernetes.remove(config(stage));
        stage.rest();
        assertThat(yaml(stage)).isEqualTo(settings);
        assertThat(pods(stage)).isEqualTo(pods);
    }

    @Test
    void theyFollowTheSpecUntilTheClusterIsFounded() {
        Stage stage = Stage.made();
        stage.podsServe = false;
        stage.lilio.reachable = false;
        stage.passes();
        stage.controllers();
        stage.passes();
        assertThat(stage.kubernetes.all(StatefulSet.class)).isNotEmpty();
        stage.edit(yaml -> yaml.replace("spread: \"zone\"", "spread: \"host\""));
        stage.passes();
        assertThat(yaml(stage)).contains("spread: \"host\"");
    }
}
