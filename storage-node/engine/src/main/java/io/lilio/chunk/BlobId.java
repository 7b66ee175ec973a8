package io.lilio.chunk;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * Names the bytes of one PUT or of one multipart part: 128 random bits, never used twice. Ordered
 * as unsigned.
 *
 * @param high the upper 64 bits
 * @param low the lower 64 bits
 */
public record BlobId(long high, long low) implements Comparable<BlobId> {

    private static final HexFormat HEX = HexFormat.of();

    /** A new name; {@code random} has to be unpredictable enough that two nodes never meet. */
    public static BlobId random(RandomGenerator random) {
        return new BlobId(random.nextLong(), random.nextLong());
    }

    @Override
    public int compareTo(BlobId other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** 32 lower-case hexadecimal digits. */
    @Override
    public String toString() {
        return HEX.toHexDigits(high) + HEX.toHexDigits(low);
    }
}
