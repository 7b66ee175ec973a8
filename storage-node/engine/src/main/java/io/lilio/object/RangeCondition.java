package io.lilio.object;

import io.lilio.catalog.object.VersionSummary;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * When a read makes do with a range ({@code If-Range}, RFC 9110 §13.1.5): the client has the rest
 * of that very version. Of any other it needs all bytes, or it would join what does not belong
 * together.
 */
public sealed interface RangeCondition {

    /** Whether the version is the one that the client knows. */
    boolean holds(VersionSummary version);

    /**
     * The version has this ETag.
     *
     * @param etag without quotation marks; not one that is marked as weak, which never holds
     */
    record SameEtag(String etag) implements RangeCondition {
        @Override
        public boolean holds(VersionSummary version) {
            return etag.equals(version.etag());
        }
    }

    /**
     * The version was written at this time, to the second; neither earlier nor later.
     *
     * @param lastModified as an answer told it
     */
    record SameTime(Instant lastModified) implements RangeCondition {
        @Override
        public boolean holds(VersionSummary version) {
            return lastModified.equals(version.lastModified().truncatedTo(ChronoUnit.SECONDS));
        }
    }
}
