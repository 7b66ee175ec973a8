package io.lilio.catalog.object;

import io.lilio.catalog.commit.RefusedReason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The conditions of a request (RFC 9110 §13; Amazon S3 API reference, GetObject and PutObject).
 * Dates have the resolution of seconds.
 *
 * @param ifMatch etags without quotes or {@code "*"}; empty: no condition
 * @param ifNoneMatch etags without quotes or {@code "*"}; empty: no condition
 */
public record Conditions(
        List<String> ifMatch,
        List<String> ifNoneMatch,
        Optional<Instant> ifModifiedSince,
        Optional<Instant> ifUnmodifiedSince) {

    private static final Conditions NONE =
            new Conditions(List.of(), List.of(), Optional.empty(), Optional.empty());

    public Conditions {
        ifMatch = List.copyOf(ifMatch);
        ifNoneMatch = List.copyOf(ifNoneMatch);
    }

    public static Conditions none() {
        return NONE;
    }

    /** Whether nothing is asked. */
    public boolean isNone() {
        return equals(NONE);
    }

    /** What the conditions say. */
    public enum Verdict {
        PASSED,
        /** 412. */
        FAILED,
        /** 304 on a read. */
        NOT_MODIFIED,
        /** If-Match, and there is no object: 404. */
        NO_OBJECT
    }

    /**
     * For reading an object that exists: If-Match decides over If-Unmodified-Since, If-None-Match
     * over If-Modified-Since.
     */
    public Verdict forRead(VersionSummary version) {
        return ConditionRules.forRead(this, version);
    }

    /** For the source of a copy: as for a read, but what would be 304 is 412. */
    public Verdict forCopySource(VersionSummary version) {
        Verdict verdict = forRead(version);
        return verdict == Verdict.NOT_MODIFIED ? Verdict.FAILED : verdict;
    }

    /**
     * For writing or deleting.
     *
     * @param current the current version; empty when there is none or it is a delete marker
     */
    public Verdict forWrite(Optional<VersionSummary> current) {
        return ConditionRules.forWrite(this, current);
    }

    /**
     * Why a write or delete is refused, if it is.
     *
     * @param current as for {@link #forWrite}
     */
    public Optional<RefusedReason> refusal(Optional<VersionSummary> current) {
        return switch (forWrite(current)) {
            case PASSED -> Optional.empty();
            case FAILED, NOT_MODIFIED -> Optional.of(RefusedReason.PRECONDITION_FAILED);
            case NO_OBJECT -> Optional.of(RefusedReason.NO_SUCH_KEY);
        };
    }
}
