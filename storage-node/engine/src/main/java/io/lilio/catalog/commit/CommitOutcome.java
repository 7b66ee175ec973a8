package io.lilio.catalog.commit;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import java.util.function.Function;

/** How a change of the catalog ended (DESIGN §6). */
public sealed interface CommitOutcome<T> {

    /** Done, and durable. */
    record Committed<T>(T value) implements CommitOutcome<T> {}

    /** Certainly not done, now or later: what was written for it may be deleted. */
    record Refused<T>(RefusedReason reason) implements CommitOutcome<T> {}

    /**
     * It may have been done. Nothing that was written for it may be deleted by the one who asked;
     * the session's mark is held as long as it may still happen.
     */
    record Unknown<T>(Throwable cause) implements CommitOutcome<T> {

        /** What the caller is told. */
        public ObjectStoreException asException() {
            return new ObjectStoreException(
                    Kind.UNKNOWN_OUTCOME,
                    "The answer of the metadata store was lost; the change may have happened.",
                    cause);
        }
    }

    /** The same outcome with another value. */
    default <R> CommitOutcome<R> map(Function<T, R> change) {
        return switch (this) {
            case Committed<T>(T value) -> new Committed<>(change.apply(value));
            case Refused<T>(RefusedReason reason) -> new Refused<>(reason);
            case Unknown<T>(Throwable cause) -> new Unknown<>(cause);
        };
    }

    /**
     * The value of a change that has nothing to clean up.
     *
     * @throws ObjectStoreException by the reason when it was refused, {@code UNKNOWN_OUTCOME} when
     *     the answer was lost
     */
    default T orThrow() {
        return switch (this) {
            case Committed<T>(T value) -> value;
            case Refused<T>(RefusedReason reason) -> throw reason.asException();
            case Unknown<T> unknown -> throw unknown.asException();
        };
    }
}
