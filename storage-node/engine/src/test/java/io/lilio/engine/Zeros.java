package io.lilio.engine;

import io.lilio.digest.DigestAlgorithm;
import io.lilio.digest.Digests;
import io.lilio.object.ObjectSource;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.Set;

/** A body of zeros. */
final class Zeros implements ObjectSource {
    private final int size;
    private int left;

    Zeros(int size) {
        this.size = size;
        this.left = size;
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.of(size);
    }

    @Override
    public Set<DigestAlgorithm> digests() {
        return Set.of();
    }

    @Override
    public int read(ByteBuffer target) {
        if (left == 0) {
            return -1;
        }
        int count = Math.min(left, target.remaining());
        target.put(new byte[count]);
        left -= count;
        return count;
    }

    @Override
    public void verify(Digests computed) {
        // Nothing was claimed.
    }
}
