package io.lilio.chunk;

/** Other bytes are stored under this id. Ids are never used twice, so this is an alarm. */
public final class ChunkConflictException extends ChunkStoreException {

    private final ChunkId id;

    public ChunkConflictException(ChunkId id, String message) {
        super("chunk " + id + ": " + message, null);
        this.id = id;
    }

    public ChunkId id() {
        return id;
    }
}
