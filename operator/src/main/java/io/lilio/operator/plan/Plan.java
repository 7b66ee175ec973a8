package io.lilio.operator.plan;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is to be done next.
 *
 * @param pods that the StatefulSet is to have at least; it gets fewer by {@link Step.Shrink} alone
 * @param operation what status is to name before any of the steps is taken; nothing else is done in
 *     a pass that changes it
 * @param steps in this order
 * @param hold why there is no more to do now
 */
public record Plan(int pods, Optional<Operation> operation, List<Step> steps, Optional<Hold> hold) {

    public Plan {
        steps = List.copyOf(steps);
    }

    /** The same, with more to be done afterwards. */
    Plan and(List<Step> more) {
        return new Plan(
                pods,
                operation,
                Stream.concat(steps.stream(), more.stream()).distinct().toList(),
                hold);
    }
}
