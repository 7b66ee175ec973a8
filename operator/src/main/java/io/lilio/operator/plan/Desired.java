package io.lilio.operator.plan;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What a LilioCluster asks for, as far as plans depend on it.
 *
 * @param replicas storage pods
 * @param template identifies the pod template that follows from the resource
 * @param paused whether nothing is to be changed
 * @param lost members whose loss an administrator has acknowledged
 * @param acceptsDataLoss whether that is done although no copy of some chunk may remain
 * @param replace a member that is to be replaced although its pod is not going away
 */
public record Desired(
        int replicas,
        String template,
        boolean paused,
        Set<UUID> lost,
        boolean acceptsDataLoss,
        Optional<UUID> replace) {

    public Desired {
        lost = Set.copyOf(lost);
    }

    /** Whether some pod serves from the template. */
    boolean isProven(Observed observed) {
        return observed.pods().stream()
                .anyMatch(pod -> pod.isWell() && pod.template().equals(template));
    }
}
