package io.lilio.operator.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A storage pod.
 *
 * @param name also its node's name in the ring
 * @param ordinal its number in the StatefulSet, from 0
 * @param uid another one when a pod of the same name comes after it
 * @param machine the Kubernetes node that it was bound to
 * @param created when it was made
 * @param ready whether it serves
 * @param terminating whether it was told to go
 * @param template identifies the template that it was made from
 * @param trouble what keeps it from starting, for people
 */
public record PodState(
        String name,
        int ordinal,
        String uid,
        Optional<String> machine,
        Instant created,
        boolean ready,
        boolean terminating,
        String template,
        Optional<String> trouble) {

    /** A pod that starts takes no longer than that when all is well. */
    private static final Duration LONGEST_START = Duration.ofMinutes(5);

    /** Whether it was made from a template and cannot start. */
    boolean failsFrom(String other) {
        return template.equals(other) && !ready && trouble.isPresent();
    }

    /** The same, or whether it may turn out yet that it cannot. */
    boolean isOnTrial(String other, Instant now) {
        boolean young = created.plus(LONGEST_START).isAfter(now);
        return template.equals(other) && !ready && (trouble.isPresent() || young);
    }

    /** Whether it serves and is to stay. */
    public boolean isWell() {
        return ready && !terminating;
    }
}
