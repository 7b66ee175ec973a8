package io.lilio.chunk;

/**
 * The chunk was deleted here a moment ago, for good, and is not stored again: what brings it was
 * sent before that.
 */
public final class ChunkDeletedException extends ChunkStoreException {

    private final ChunkId id;

    public ChunkDeletedException(ChunkId id, String message) {
        super("chunk " + id + ": " + message, null);
        this.id = id;
    }

    public ChunkId id() {
        return id;
    }
}
