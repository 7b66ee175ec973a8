package io.lilio.e2e;

import io.lilio.crd.Condition;
import io.lilio.crd.ConditionStatus;
import java.util.List;
import java.util.Optional;

/** What conditions say. */
final class Conditions {

    private Conditions() {}

    static Optional<Condition> find(List<Condition> conditions, String type) {
        return conditions.stream().filter(each -> each.type().equals(type)).findFirst();
    }

    /**
     * What keeps a condition from being as it is waited for; empty when nothing does.
     *
     * @param generation of the resource: what was found for an older one does not count
     * @param reason empty for any
     */
    static String missing(
            List<Condition> conditions,
            long generation,
            String type,
            ConditionStatus status,
            String reason) {
        Optional<Condition> found = find(conditions, type);
        if (found.isEmpty()) {
            return "it has no condition " + type;
        }
        Condition condition = found.get();
        if (condition.observedGeneration() < generation) {
            return "%s is of generation %d, not %d"
                    .formatted(type, condition.observedGeneration(), generation);
        }
        return condition.status() == status
                        && (reason.isEmpty() || condition.reason().equals(reason))
                ? ""
                : "%s is %s, %s: %s"
                        .formatted(
                                type, condition.status(), condition.reason(), condition.message());
    }
}
