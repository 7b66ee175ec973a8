package io.lilio.chunk;

import org.jspecify.annotations.Nullable;

/**
 * The backend cannot do it, or cannot tell. Not an answer: it counts neither for nor against
 * presence.
 */
public final class BackendException extends ChunkStoreException {

    /** Why. */
    public enum Reason {
        FULL,
        READ_ONLY,
        IO,
        OVERLOADED,
        TIMEOUT,
        CLOSED
    }

    private final Reason reason;

    public BackendException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
