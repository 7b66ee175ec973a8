package io.lilio.replication;

/** One chunk on its way to a reader. Thread-safe. */
public final class ChunkRead implements AutoCloseable {

    ChunkRead() {}

    /**
     * Waits for verified bytes; called once. An interrupt does not end the wait; deadlines do.
     *
     * @return the bytes, which the caller owns and releases
     * @throws io.lilio.ObjectStoreException UNAVAILABLE when no member delivered them, whether they
     *     could not be asked or do not have them: never a "not found", since a record names the
     *     chunk
     */
    public VerifiedBytes await() {
        throw new UnsupportedOperationException();
    }

    /** Gives the read up: bytes that nobody awaited are released as soon as that is possible. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
