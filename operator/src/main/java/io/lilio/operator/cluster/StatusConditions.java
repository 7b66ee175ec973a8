package io.lilio.operator.cluster;

import io.lilio.crd.Condition;
import io.lilio.crd.cluster.ClusterConditionType;
import io.lilio.crd.cluster.ClusterReason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Conditions as they are written: since when they are so is kept while their status stays. */
final class StatusConditions {

    private StatusConditions() {}

    static Optional<Condition> find(List<Condition> conditions, ClusterConditionType type) {
        return conditions.stream().filter(each -> each.type().equals(type.text())).findFirst();
    }

    /**
     * A condition.
     *
     * @param before all of them as they were
     * @param generation that it was found for
     */
    static Condition of(
            ClusterConditionType type,
            ClusterConditions.Verdict verdict,
            List<Condition> before,
            long generation,
            Instant now) {
        Instant since =
                find(before, type)
                        .filter(condition -> condition.status() == verdict.status())
                        .map(Condition::lastTransitionTime)
                        .orElse(now);
        String message =
                verdict.reason() == ClusterReason.AS_EXPECTED
                        ? verdict.message()
                        : "%s (since %s)".formatted(verdict.message(), since);
        return Condition.of(type, verdict.status(), verdict.reason(), message, generation, since);
    }
}
