package io.lilio.operator.plan;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Pods of a former template that do not serve. They are made anew whatever is under way, which may
 * wait for them. But the newest template may be the bad one: while a pod fails from that, or is
 * still being restarted, no other is given it; and as long as no pod serves from it, they go one by
 * one. Pure.
 *
 * @param desired what is asked for
 * @param observed what was seen
 * @param running the operation under way
 */
record FormerTemplates(Desired desired, Observed observed, Optional<Operation> running) {

    /** Where no pod serves, all of them: their image may be what keeps the ring from answering. */
    List<Step> ofSilentRing() {
        boolean anyServes = observed.pods().stream().anyMatch(PodState::ready);
        return anyServes || isHalted() ? List.of() : steps(_ -> true);
    }

    /** Those that cannot start. */
    List<Step> ofStuckPods() {
        List<Step> stuck = isHalted() ? List.of() : steps(any -> any.trouble().isPresent());
        if (stuck.isEmpty() || desired.isProven(observed)) {
            return stuck;
        }
        return restarted().filter(pod -> !pod.isWell()).isPresent() || isAnyAway()
                ? List.of()
                : stuck.subList(0, 1);
    }

    private List<Step> steps(Predicate<PodState> which) {
        return observed.pods().stream()
                .filter(pod -> !pod.ready() && !pod.terminating())
                .filter(pod -> !pod.template().equals(desired.template()))
                .filter(which)
                .<Step>map(pod -> new Step.Evict(pod.name(), pod.uid()))
                .toList();
    }

    private boolean isHalted() {
        String newest = desired.template();
        return observed.pods().stream().anyMatch(pod -> pod.failsFrom(newest))
                || restarted()
                        .filter(pod -> pod.template().equals(newest) && !pod.ready())
                        .isPresent();
    }

    /** The pod that is being restarted, before or after that. */
    private Optional<PodState> restarted() {
        return running.filter(Operation::takesPod)
                .flatMap(operation -> observed.pod(operation.ordinal()));
    }

    private boolean isAnyAway() {
        return IntStream.range(0, observed.replicas().orElse(0))
                .mapToObj(observed::pod)
                .anyMatch(
                        pod ->
                                pod.isEmpty()
                                        || pod.get().terminating()
                                        || pod.get().isOnTrial(desired.template(), observed.now()));
    }
}
