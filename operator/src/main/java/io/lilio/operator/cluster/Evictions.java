package io.lilio.operator.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.lilio.crd.cluster.ClusterReason;
import io.lilio.operator.kube.Kubernetes;
import io.lilio.operator.kube.OverlappingBudgetsException;
import java.util.Optional;

/** Has pods evicted, and tells what people have to do before one can be. Thread-safe. */
final class Evictions {

    private final Kubernetes kubernetes;

    Evictions(Kubernetes kubernetes) {
        this.kubernetes = kubernetes;
    }

    /**
     * A budget that does not let it go now lets it go later.
     *
     * @return why it never goes
     */
    Optional<Fault> evict(Pod pod) {
        try {
            kubernetes.evict(pod);
            return Optional.empty();
        } catch (OverlappingBudgetsException _) {
            return Optional.of(
                    Fault.degrading(
                            ClusterReason.SPEC_IMPOSSIBLE,
                            ("pod %s has to go, and Kubernetes evicts none that more than one"
                                            + " PodDisruptionBudget selects: remove all that select it"
                                            + " but the one which the operator has made")
                                    .formatted(pod.getMetadata().getName())));
        }
    }
}
