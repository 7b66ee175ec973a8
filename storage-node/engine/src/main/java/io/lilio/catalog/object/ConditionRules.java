package io.lilio.catalog.object;

import io.lilio.catalog.object.Conditions.Verdict;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** How {@link Conditions} are decided. */
final class ConditionRules {

    private ConditionRules() {}

    static Verdict forRead(Conditions conditions, VersionSummary version) {
        Instant modified = version.lastModified().truncatedTo(ChronoUnit.SECONDS);
        if (!conditions.ifMatch().isEmpty()) {
            if (!matches(conditions.ifMatch(), version.etag())) {
                return Verdict.FAILED;
            }
        } else if (conditions.ifUnmodifiedSince().isPresent()
                && modified.isAfter(conditions.ifUnmodifiedSince().get())) {
            return Verdict.FAILED;
        }
        if (!conditions.ifNoneMatch().isEmpty()) {
            if (matches(conditions.ifNoneMatch(), version.etag())) {
                return Verdict.NOT_MODIFIED;
            }
        } else if (conditions.ifModifiedSince().isPresent()
                && !modified.isAfter(conditions.ifModifiedSince().get())) {
            return Verdict.NOT_MODIFIED;
        }
        return Verdict.PASSED;
    }

    static Verdict forWrite(Conditions conditions, Optional<VersionSummary> current) {
        if (current.isEmpty()) {
            return conditions.ifMatch().isEmpty() ? Verdict.PASSED : Verdict.NO_OBJECT;
        }
        return forRead(conditions, current.get()) == Verdict.PASSED
                ? Verdict.PASSED
                : Verdict.FAILED;
    }

    private static boolean matches(List<String> etags, String etag) {
        return etags.contains("*") || etags.contains(etag);
    }
}
