package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.commit.CommitOutcome;
import io.lilio.catalog.commit.RefusedReason;
import io.lilio.metadata.MetadataUnavailableException;
import org.jspecify.annotations.Nullable;

/** What callers are told when a layer below could not do its part. */
final class Failures {

    private Failures() {}

    /** Without metadata nothing can be proved, so nothing is served. */
    static ObjectStoreException unavailable(MetadataUnavailableException cause) {
        return new ObjectStoreException(
                Kind.UNAVAILABLE, "The metadata store does not answer; try again", cause);
    }

    /** Nobody can tell whether a commit happened. */
    static ObjectStoreException unknownOutcome(@Nullable Throwable cause) {
        return new ObjectStoreException(
                Kind.UNKNOWN_OUTCOME,
                "It is not known whether the request was carried out; look before you repeat it",
                cause);
    }

    /**
     * What a commit that wrote no blobs came to.
     *
     * @throws ObjectStoreException why it was refused, or UNKNOWN_OUTCOME
     */
    static <T> T valueOf(CommitOutcome<T> outcome) {
        return switch (outcome) {
            case CommitOutcome.Committed<T>(T value) -> value;
            case CommitOutcome.Refused<T>(RefusedReason reason) -> throw reason.asException();
            case CommitOutcome.Unknown<T>(Throwable cause) -> throw unknownOutcome(cause);
        };
    }
}
