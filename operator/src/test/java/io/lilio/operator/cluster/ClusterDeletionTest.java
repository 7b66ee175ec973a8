package io.lilio.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.lilio.crd.cluster.ClusterConditionType;
import io.lilio.crd.cluster.ClusterReason;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.operator.dependent.Labels;
import io.lilio.operator.kube.KubernetesException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterDeletionTest {

    private static final String DELETED = "2026-12-01T13:00:00Z";

    private static Stage going(String policy) {
        Stage stage =
                Stage.runningWith(
                        3,
                        yaml ->
                                yaml.replace(
                                        "deletionPolicy: Retain", "deletionPolicy: " + policy));
        stage.kubernetes.edit(
                LilioCluster.class,
                Stage.NAMESPACE,
                Stage.NAME,
                cluster -> {
                    cluster.getMetadata().setFinalizers(List.of("lilio.io/cluster"));
                    cluster.getMetadata().setDeletionTimestamp(DELETED);
                    return cluster;
                });
        return stage;
    }

    /** What Kubernetes does when the finalizer is gone. */
    private static void gone(Stage stage) {
        stage.kubernetes.remove(stage.cluster());
        stage.controllers();
    }

    @Test
    void volumesAndKeysStayUnlessThePolicySaysOtherwise() {
        Stage stage = going("Retain");
        assertThat(stage.delete().finished()).isTrue();
        gone(stage);
        assertThat(stage.kubernetes.all(StatefulSet.class)).isEmpty();
        assertThat(stage.kubernetes.all(PersistentVolumeClaim.class)).hasSize(6);
        assertThat(stage.kubernetes.all(Secret.class))
                .extracting(secret -> secret.getMetadata().getName())
                .containsExactly("demo-cluster", "demo-root");
    }

    @Test
    void keysLoseAnOwnerThatWouldTakeThemAlong() {
        Stage stage = going("Delete");
        stage.edit(
                yaml -> yaml.replace("deletionPolicy: \"Delete\"", "deletionPolicy: \"Retain\""));
        assertThat(stage.delete().finished()).isTrue();
        gone(stage);
        assertThat(stage.kubernetes.all(Secret.class)).hasSize(2);
    }

    @Test
    void aKeyThatWouldGoAlongAndIsNoLongerTheOperatorsIsWaitedFor() {
        Stage stage = going("Delete");
        stage.edit(
                yaml -> yaml.replace("deletionPolicy: \"Delete\"", "deletionPolicy: \"Retain\""));
        stage.kubernetes.edit(
                Secret.class,
                Stage.NAMESPACE,
                "demo-root",
                secret -> {
                    secret.getMetadata().setLabels(Map.of());
                    return secret;
                });
        assertThat(stage.delete().finished()).isFalse();
        assertThat(stage.condition(ClusterConditionType.READY).message()).contains("demo-root");
    }

    @Test
    void volumesGoAfterThePodsWhereThePolicySaysSo() {
        Stage stage = going("Delete");
        Outcome first = stage.delete();
        assertThat(first.finished()).isFalse();
        assertThat(first.hold()).contains(ClusterReason.DELETING);
        assertThat(stage.kubernetes.all(PersistentVolumeClaim.class))
                .allSatisfy(
                        claim -> assertThat(claim.getMetadata().getDeletionTimestamp()).isNull());
        assertThat(stage.condition(ClusterConditionType.READY).reason()).isEqualTo("Deleting");
        stage.kubernetes.all(Pod.class).forEach(stage.kubernetes::remove);
        assertThat(stage.delete().finished()).isFalse();
        stage.controllers();
        assertThat(stage.kubernetes.all(PersistentVolumeClaim.class)).isEmpty();
        assertThat(stage.delete().finished()).isTrue();
        gone(stage);
        assertThat(stage.kubernetes.all(Secret.class)).isEmpty();
    }

    /** No pass has seen the policy before. */
    @Test
    void keysGoWithAClusterWhosePolicyWasChangedJustBefore() {
        Stage stage = going("Retain");
        stage.edit(
                yaml -> yaml.replace("deletionPolicy: \"Retain\"", "deletionPolicy: \"Delete\""));
        stage.kubernetes.all(Pod.class).forEach(stage.kubernetes::remove);
        stage.delete();
        stage.kubernetes.all(Pod.class).forEach(stage.kubernetes::remove);
        stage.delete();
        stage.controllers();
        assertThat(stage.delete().finished()).isTrue();
        gone(stage);
        assertThat(stage.kubernetes.all(Secret.class)).isEmpty();
    }

    @Test
    void whatOthersHaveLabelledAlikeStaysAndIsNotWaitedFor() {
        Stage stage = going("Delete");
        Map<String, String> label = Map.of(Labels.CLUSTER, Stage.NAME);
        PersistentVolumeClaim theirs =
                new PersistentVolumeClaimBuilder()
                        .withNewMetadata()
                        .withNamespace(Stage.NAMESPACE)
                        .withName("backup")
                        .withLabels(label)
                        .endMetadata()
                        .build();
        Pod client =
                new PodBuilder()
                        .withNewMetadata()
                        .withNamespace(Stage.NAMESPACE)
                        .withName("client")
                        .withLabels(label)
                        .endMetadata()
                        .build();
        stage.kubernetes.put(theirs);
        stage.kubernetes.put(client);
        stage.delete();
        stage.kubernetes.all(Pod.class).stream()
                .filter(pod -> !pod.getMetadata().getName().equals("client"))
                .forEach(stage.kubernetes::remove);
        assertThat(stage.delete().finished()).isFalse();
        stage.controllers();
        assertThat(stage.delete().finished()).isTrue();
        assertThat(stage.kubernetes.all(PersistentVolumeClaim.class))
                .extracting(claim -> claim.getMetadata().getName())
                .containsExactly("backup");
        assertThat(stage.kubernetes.all(Pod.class)).hasSize(1);
    }

    @Test
    void volumesOfAClusterThatWasMadeAnewMeanwhileStay() {
        Stage stage = going("Delete");
        LilioCluster read = stage.cluster();
        stage.kubernetes.all(StatefulSet.class).forEach(stage.kubernetes::remove);
        stage.kubernetes.all(Pod.class).forEach(stage.kubernetes::remove);
        stage.kubernetes.remove(read);
        read.getMetadata().setUid("another");
        read.getMetadata().setDeletionTimestamp(null);
        stage.kubernetes.put(read);
        LilioCluster former = stage.cluster();
        former.getMetadata().setUid("0b5b1f5e-6f1d-4a5e-9c57-3a1f2d0c8e11");
        former.getMetadata().setDeletionTimestamp(DELETED);
        ClusterDeletion heldUp = new ClusterDeletion(stage.kubernetes);
        assertThatThrownBy(() -> heldUp.advance(former))
                .isInstanceOfSatisfying(
                        KubernetesException.class, e -> assertThat(e.isConflict()).isTrue());
        assertThat(stage.kubernetes.all(PersistentVolumeClaim.class))
                .hasSize(6)
                .allSatisfy(
                        claim -> assertThat(claim.getMetadata().getDeletionTimestamp()).isNull());
    }

    @Test
    void nothingIsDeletedOfAPausedCluster() {
        Stage stage = going("Delete");
        stage.edit(yaml -> yaml.replace("paused: false", "paused: true"));
        assertThat(stage.delete().finished()).isFalse();
        assertThat(stage.kubernetes.all(StatefulSet.class)).hasSize(2);
    }

    @Test
    void aResourceThatIsNotBeingDeletedLosesNothing() {
        Stage stage =
                Stage.runningWith(
                        3,
                        yaml -> yaml.replace("deletionPolicy: Retain", "deletionPolicy: Delete"));
        assertThat(stage.delete().finished()).isFalse();
        assertThat(stage.kubernetes.all(StatefulSet.class)).hasSize(2);
    }

    @Test
    void nothingIsWaitedForInANamespaceThatGoes() {
        Stage stage = going("Delete");
        Namespace namespace =
                new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(Stage.NAMESPACE)
                        .withDeletionTimestamp(DELETED)
                        .endMetadata()
                        .build();
        stage.kubernetes.put(namespace);
        assertThat(stage.delete().finished()).isTrue();
        assertThat(stage.kubernetes.all(StatefulSet.class)).hasSize(2);
    }
}
