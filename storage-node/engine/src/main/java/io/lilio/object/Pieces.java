package io.lilio.object;

import io.lilio.ObjectStoreException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Bytes on their way out, piece by piece, in order. Used by one thread. */
interface Pieces extends AutoCloseable {

    /**
     * Verified bytes.
     *
     * @param data from position to limit
     * @param release to be called once when they are no longer needed
     */
    record Piece(ByteBuffer data, Runnable release) {}

    /**
     * The next bytes, which belong to the caller; empty at the end.
     *
     * @throws ObjectStoreException UNAVAILABLE, SLOW_DOWN
     */
    Optional<Piece> next();

    /** Gives up what nobody took. Idempotent. */
    @Override
    void close();

    /** Bytes that are in memory already. */
    static Pieces of(ByteBuffer data) {
        return new Pieces() {
            private boolean given = !data.hasRemaining();

            @Override
            public Optional<Piece> next() {
                if (given) {
                    return Optional.empty();
                }
                given = true;
                return Optional.of(new Piece(data, () -> {}));
            }

            @Override
            public void close() {
                given = true;
            }
        };
    }
}
