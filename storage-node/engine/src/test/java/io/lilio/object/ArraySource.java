package io.lilio.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.digest.Checksum;
import io.lilio.digest.DigestAlgorithm;
import io.lilio.digest.Digests;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Bytes of an array as a client sends them: in pieces, possibly cut off, possibly with a claim. */
public final class ArraySource implements ObjectSource {

    private final byte[] bytes;
    private OptionalLong announced;
    private int pieceBytes = Integer.MAX_VALUE;
    private int breaksAfter = Integer.MAX_VALUE;
    private @Nullable Checksum claimed;
    private @Nullable Runnable atHalf;
    private byte @Nullable [] sha256;
    private int position;

    public ArraySource(byte[] bytes) {
        this.bytes = bytes;
        this.announced = OptionalLong.of(bytes.length);
    }

    ArraySource withoutLength() {
        return announcing(OptionalLong.empty());
    }

    ArraySource announcing(OptionalLong length) {
        announced = length;
        return this;
    }

    ArraySource inPiecesOf(int size) {
        pieceBytes = size;
        return this;
    }

    /** The client vanishes after so many bytes. */
    ArraySource breakingAfter(int count) {
        breaksAfter = count;
        return this;
    }

    /** The client claims that its bytes have this checksum. */
    ArraySource claiming(Checksum checksum) {
        claimed = checksum;
        return this;
    }

    /** The source says that this is the SHA-256 of everything. */
    ArraySource knowing(byte[] sha256OfAll) {
        sha256 = sha256OfAll;
        return this;
    }

    /** Runs something once, when half of the bytes were read. */
    ArraySource atHalf(Runnable task) {
        atHalf = task;
        return this;
    }

    @Override
    public OptionalLong length() {
        return announced;
    }

    @Override
    public Set<DigestAlgorithm> digests() {
        return claimed == null ? Set.of() : Set.of(claimed.algorithm());
    }

    @Override
    public int read(ByteBuffer target) {
        if (position >= breaksAfter) {
            throw new ObjectStoreException(Kind.INCOMPLETE_BODY, "The client went away");
        }
        Runnable task = atHalf;
        if (task != null && position >= bytes.length / 2) {
            atHalf = null;
            task.run();
        }
        if (position == bytes.length) {
            return -1;
        }
        int count = Math.min(pieceBytes, Math.min(target.remaining(), bytes.length - position));
        count = Math.min(count, breaksAfter - position);
        target.put(bytes, position, count);
        position += count;
        return count;
    }

    @Override
    public Optional<byte[]> sha256() {
        assertThat(position).as("read so far").isEqualTo(bytes.length);
        return Optional.ofNullable(sha256);
    }

    @Override
    public void verify(Digests computed) {
        if (claimed != null
                && !computed.checksum(claimed.algorithm()).orElseThrow().equals(claimed)) {
            throw new ObjectStoreException(Kind.BAD_DIGEST, "The checksum does not match");
        }
    }
}
