package io.lilio.replication;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import org.jspecify.annotations.Nullable;

/** Why members did not take a chunk, and what that means to whoever wrote it. Not thread-safe. */
final class WriteFailures {

    private boolean full;
    private boolean overloaded;
    private boolean otherwise;
    private @Nullable RuntimeException latest;

    void add(RuntimeException failure) {
        latest = failure;
        if (failure instanceof BackendException e && e.reason() == Reason.FULL) {
            full = true;
        } else if (failure instanceof BackendException e && e.reason() == Reason.OVERLOADED) {
            overloaded = true;
        } else {
            otherwise = true;
        }
    }

    /** A member that this node does not know. */
    void addUnknown() {
        otherwise = true;
    }

    /**
     * STORAGE_FULL when members are full and none failed in another way, SLOW_DOWN when they are
     * merely overloaded, else UNAVAILABLE.
     */
    ObjectStoreException toException(int needed, int asked) {
        Kind kind;
        if (otherwise || !(full || overloaded)) {
            kind = Kind.UNAVAILABLE;
        } else {
            kind = full ? Kind.STORAGE_FULL : Kind.SLOW_DOWN;
        }
        return new ObjectStoreException(
                kind,
                "fewer than the %d of %d members that a write needs can take it"
                        .formatted(needed, asked),
                latest);
    }
}
