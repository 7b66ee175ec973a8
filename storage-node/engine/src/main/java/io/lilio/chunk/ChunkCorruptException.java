package io.lilio.chunk;

import java.io.IOException;

/**
 * The chunk is here, or arrived, but its bytes are not those that its header promises, or cannot be
 * read.
 */
public final class ChunkCorruptException extends ChunkStoreException {

    private final ChunkId id;

    public ChunkCorruptException(ChunkId id, String message) {
        super("chunk " + id + ": " + message, null);
        this.id = id;
    }

    /**
     * @param cause why its bytes cannot be read
     */
    public ChunkCorruptException(ChunkId id, IOException cause) {
        super("chunk " + id + ": it cannot be read: " + cause.getMessage(), cause);
        this.id = id;
    }

    public ChunkId id() {
        return id;
    }
}
