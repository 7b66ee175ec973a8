package io.lilio.object;

import io.lilio.digest.DigestAlgorithm;
import io.lilio.digest.Digests;
import io.lilio.object.Pieces.Piece;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An open object as the source of a copy. Its bytes are verified already. */
final class StoredSource implements ObjectSource, AutoCloseable {

    private final OpenObject object;
    private @Nullable Piece current;

    StoredSource(OpenObject object) {
        this.object = object;
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.of(object.range().length());
    }

    @Override
    public Set<DigestAlgorithm> digests() {
        return Set.of();
    }

    @Override
    public int read(ByteBuffer target) {
        Piece piece = current;
        if (piece == null) {
            piece = object.next().orElse(null);
            if (piece == null) {
                return -1;
            }
            current = piece;
        }
        ByteBuffer data = piece.data();
        int count = Math.min(target.remaining(), data.remaining());
        target.put(target.position(), data, data.position(), count);
        target.position(target.position() + count);
        data.position(data.position() + count);
        if (!data.hasRemaining()) {
            close();
        }
        return count;
    }

    @Override
    public void verify(Digests computed) {
        // Every chunk was checked against its own checksums when it was read.
    }

    /** Releases what was not copied. The object stays open. */
    @Override
    public void close() {
        Piece piece = current;
        if (piece != null) {
            current = null;
            piece.release().run();
        }
    }
}
