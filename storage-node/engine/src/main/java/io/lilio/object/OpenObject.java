package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.session.InFlight;
import io.lilio.object.ObjectLookup.Located;
import io.lilio.object.Pieces.Piece;
import java.util.Optional;

/** A version that is being read. Used by one thread at a time. */
public final class OpenObject implements AutoCloseable {

    private final Located located;
    private final Pieces pieces;
    private final InFlight inFlight;

    OpenObject(Located located, Pieces pieces, InFlight inFlight) {
        this.located = located;
        this.pieces = pieces;
        this.inFlight = inFlight;
    }

    /** What is known of the version. */
    public ObjectInfo info() {
        return located.info();
    }

    /** The bytes that {@link #transferTo} gives. */
    public ContentRange range() {
        return located.range();
    }

    /**
     * Gives all bytes of the range to the sink, in order, every one of them verified; reads a
     * bounded window ahead of it. Called at most once. Returns when the sink has taken the last
     * buffer, which it may still be using.
     *
     * <p>Waits for buffers as long as a request may take: a receiver is not left with a part of the
     * object because others hold them. How slow a receiver may be is for the sink to say, which
     * throws when it was too slow or took too long.
     *
     * @throws ObjectStoreException UNAVAILABLE or SLOW_DOWN when bytes could not be read; what the
     *     sink throws. The bytes before were right, and the caller has to break its answer off
     */
    public void transferTo(ObjectSink sink) {
        for (Optional<Piece> piece = next(); piece.isPresent(); piece = next()) {
            sink.write(piece.get().data(), piece.get().release());
        }
    }

    /** The next bytes, which belong to the caller; empty at the end. */
    Optional<Piece> next() {
        try {
            return pieces.next();
        } catch (MetadataUnavailableException e) {
            throw Failures.unavailable(e);
        }
    }

    /**
     * Ends the read. Buffers that the sink holds stay valid until they are released. Idempotent.
     */
    @Override
    public void close() {
        pieces.close();
        inFlight.close();
    }
}
