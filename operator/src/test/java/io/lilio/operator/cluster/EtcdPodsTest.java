package io.lilio.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Members of etcd that cannot start, and those that can. */
class EtcdPodsTest {

    private final Stage stage = Stage.running(3);

    @Test
    void oneThatCannotStartGivesWayToAnotherTemplate() {
        status(2, "new");
        pod("demo-etcd-0", "old", true);
        pod("demo-etcd-1", "old", false);
        pod("demo-etcd-2", "new", true);
        stage.pass();
        assertThat(pods()).containsExactly("demo-etcd-1", "demo-etcd-2");
    }

    @Test
    void nobodyGoesWhereAllServeOrTheTemplateIsTheSame() {
        List<String> before = pods();
        status(before.size(), "new");
        pod("demo-etcd-0", "old", true);
        stage.pass();
        status(before.size() - 1, "old");
        stage.pass();
        assertThat(pods()).isEqualTo(before);
    }

    private List<String> pods() {
        return stage.kubernetes.all(Pod.class).stream()
                .map(pod -> pod.getMetadata().getName())
                .filter(name -> name.startsWith("demo-etcd-"))
                .toList();
    }

    private void status(int ready, String revision) {
        stage.kubernetes.edit(
                StatefulSet.class,
                Stage.NAMESPACE,
                "demo-etcd",
                set ->
                        new StatefulSetBuilder(set)
                                .withNewStatus()
                                .withObservedGeneration(set.getMetadata().getGeneration())
                                .withReadyReplicas(ready)
                                .withUpdateRevision(revision)
                                .endStatus()
                                .build());
    }

    private void pod(String name, String revision, boolean stuck) {
        Pod pod = stage.kubernetes.get(Pod.class, Stage.NAMESPACE, name).orElseThrow();
        stage.kubernetes.put(
                new PodBuilder(pod)
                        .editMetadata()
                        .addToLabels("controller-revision-hash", revision)
                        .endMetadata()
                        .withNewStatus()
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus(stuck ? "False" : "True")
                        .endCondition()
                        .addNewCondition()
                        .withType("PodScheduled")
                        .withStatus(stuck ? "False" : "True")
                        .endCondition()
                        .endStatus()
                        .build());
    }
}
