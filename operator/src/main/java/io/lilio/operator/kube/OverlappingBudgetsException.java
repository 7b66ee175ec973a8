package io.lilio.operator.kube;

import java.util.Objects;

/**
 * More than one PodDisruptionBudget selects a pod, so that Kubernetes evicts it for nobody until
 * somebody takes all but one of them away. It has no status of its own: the API server answers 500
 * and says so in words.
 */
public final class OverlappingBudgetsException extends KubernetesException {

    private static final long serialVersionUID = 1L;

    private static final int INTERNAL_ERROR = 500;

    /**
     * @param pod what is not evicted
     */
    public OverlappingBudgetsException(String pod, Throwable cause) {
        super(INTERNAL_ERROR, pod + " has more than one PodDisruptionBudget", cause);
    }

    static boolean isTold(KubernetesException refused) {
        return refused.status() == INTERNAL_ERROR
                && Objects.requireNonNullElse(refused.getMessage(), "")
                        .contains("more than one PodDisruptionBudget");
    }
}
