package io.lilio.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.lilio.operator.kube.KubernetesException;
import io.lilio.operator.simulation.FakeKubernetes;
import java.time.Instant;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What is applied to a StatefulSet that somebody else changes meanwhile. */
class AppliedObjectsTest {

    private static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");
    private static final String CLUSTER = "uid-of-the-cluster";

    private final FakeKubernetes kubernetes = new FakeKubernetes(() -> NOW);
    private final AppliedObjects applied = new AppliedObjects(kubernetes);

    @Test
    void aPassThatWasHeldUpTakesNoPodsAway() {
        applied.applyTo(Optional.empty(), CLUSTER, set(3), NOW);
        StatefulSet read = live();
        kubernetes.scale(read, 5);
        assertConflict(() -> applied.applyTo(Optional.of(read), CLUSTER, set(3), NOW));
        assertConflict(() -> another().applyTo(Optional.of(read), CLUSTER, set(3), NOW));
        assertConflict(() -> another().applyTo(Optional.empty(), CLUSTER, set(3), NOW));
        assertThat(live().getSpec().getReplicas()).isEqualTo(5);
    }

    @Test
    void whatChangesInStatusAloneIsNoConflictWhereNothingIsToBeWritten() {
        applied.applyTo(Optional.empty(), CLUSTER, set(3), NOW);
        StatefulSet read = live();
        kubernetes.edit(
                StatefulSet.class,
                "lab",
                "demo",
                set ->
                        new StatefulSetBuilder(set)
                                .withNewStatus()
                                .withReadyReplicas(1)
                                .endStatus()
                                .build());
        int writes = kubernetes.writes().size();
        assertThat(applied.applyTo(Optional.of(read), CLUSTER, set(3), NOW)).isFalse();
        assertThat(kubernetes.writes()).hasSize(writes);
        applied.applyTo(Optional.of(live()), CLUSTER, set(4), NOW);
        assertThat(live().getSpec().getReplicas()).isEqualTo(4);
    }

    private AppliedObjects another() {
        return new AppliedObjects(kubernetes);
    }

    private StatefulSet live() {
        return kubernetes.get(StatefulSet.class, "lab", "demo").orElseThrow();
    }

    private static StatefulSet set(int replicas) {
        return new StatefulSetBuilder()
                .withNewMetadata()
                .withNamespace("lab")
                .withName("demo")
                .addToLabels("app.kubernetes.io/managed-by", "lilio-operator")
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .endSpec()
                .build();
    }

    private static void assertConflict(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KubernetesException.class, e -> assertThat(e.isConflict()).isTrue());
    }
}
