package io.lilio.chunk;

import org.jspecify.annotations.Nullable;

/** What a {@link ChunkStore} could not do. */
public abstract sealed class ChunkStoreException extends RuntimeException
        permits ChunkMissingException,
                ChunkCorruptException,
                ChunkConflictException,
                ChunkDeletedException,
                BackendException {

    ChunkStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
