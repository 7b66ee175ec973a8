package io.lilio.catalog.commit;

import io.lilio.metadata.Compare;
import io.lilio.metadata.Txn;
import io.lilio.metadata.Write;
import java.util.List;
import java.util.OptionalLong;

/** What a {@link Change} decided on what it read. */
public sealed interface Step<T> {

    /**
     * Write, if what was read still holds.
     *
     * @param epoch the ring epoch of the blob that this gives an owner; has to be open
     * @param result what the caller gets when it was written
     */
    record Apply<T>(
            Txn.Purpose purpose,
            List<Compare> compares,
            List<Write> writes,
            OptionalLong epoch,
            T result)
            implements Step<T> {

        public Apply {
            compares = List.copyOf(compares);
            writes = List.copyOf(writes);
        }
    }

    /** Nothing is to be written. */
    record Done<T>(T result) implements Step<T> {}

    /** It cannot be done. */
    record Refuse<T>(RefusedReason reason) implements Step<T> {}

    /** What was read does not fit together, because of changes in between: read again. */
    record Again<T>() implements Step<T> {}

    /**
     * Somebody is at work; wait a little and read again.
     *
     * @param reason what the caller is told when that takes too long
     */
    record Busy<T>(RefusedReason reason) implements Step<T> {}
}
