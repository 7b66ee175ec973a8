package io.lilio.bench.engine;

import io.lilio.digest.DigestAlgorithm;
import io.lilio.digest.Digests;
import io.lilio.object.ObjectSource;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/** A body of any length: the same random block again and again. */
final class PatternSource implements ObjectSource {

    private static final byte[] BLOCK = randomBlock();

    private final long length;
    private long position;

    PatternSource(long length) {
        this.length = length;
    }

    private static byte[] randomBlock() {
        byte[] block = new byte[1 << 20];
        new Random(1).nextBytes(block);
        return block;
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.of(length);
    }

    @Override
    public Set<DigestAlgorithm> digests() {
        return Set.of();
    }

    @Override
    public int read(ByteBuffer target) {
        if (position == length) {
            return -1;
        }
        int offset = (int) (position % BLOCK.length);
        int count =
                (int)
                        Math.min(
                                Math.min(target.remaining(), BLOCK.length - offset),
                                length - position);
        target.put(BLOCK, offset, count);
        position += count;
        return count;
    }

    @Override
    public void verify(Digests computed) {}
}
