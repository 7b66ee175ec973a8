package io.lilio.chunk;

/** The chunk is not on this backend. A certain answer: it counts towards a negative quorum. */
public final class ChunkMissingException extends ChunkStoreException {

    private final ChunkId id;

    public ChunkMissingException(ChunkId id, String message) {
        super("chunk " + id + ": " + message, null);
        this.id = id;
    }

    public ChunkId id() {
        return id;
    }
}
