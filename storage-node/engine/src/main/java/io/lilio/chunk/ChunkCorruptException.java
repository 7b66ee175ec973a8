package io.lilio.chunk;

/** The chunk is here, or arrived, but its bytes are not those that its header promises. */
public final class ChunkCorruptException extends ChunkStoreException {

    private final ChunkId id;

    public ChunkCorruptException(ChunkId id, String message) {
        super("chunk " + id + ": " + message, null);
        this.id = id;
    }

    public ChunkId id() {
        return id;
    }
}
