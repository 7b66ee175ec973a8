package io.lilio.digest;

import java.nio.ByteBuffer;

/**
 * The CRC of a whole from the CRCs of its parts: {@code crc(A), crc(B), length(B) -> crc(AB)}.
 * Immutable and thread-safe.
 *
 * <p>All three CRCs that S3 knows are reflected and begin and end with all bits inverted, for which
 * {@code crc(AB) = crc(A) * x^(8 * length(B)) + crc(B)} over GF(2) modulo the polynomial (the
 * method of zlib's {@code crc32_combine}). Powers come by squaring, so a combination costs some
 * thousand steps whatever the length.
 */
public final class CrcCombination {

    private static final CrcCombination CRC32 = new CrcCombination(0xEDB88320L, 32);
    private static final CrcCombination CRC32C = new CrcCombination(0x82F63B78L, 32);
    private static final CrcCombination CRC64NVME = new CrcCombination(0x9A6C9329AC4BC9B5L, 64);

    /**
     * Bit-reversed, without its highest term: the lowest bit is the coefficient of x^(bits - 1).
     */
    private final long polynomial;

    private final int bits;

    private CrcCombination(long polynomial, int bits) {
        this.polynomial = polynomial;
        this.bits = bits;
    }

    /**
     * @throws IllegalArgumentException when the algorithm is no CRC
     */
    public static CrcCombination of(DigestAlgorithm algorithm) {
        return switch (algorithm) {
            case CRC32 -> CRC32;
            case CRC32C -> CRC32C;
            case CRC64NVME -> CRC64NVME;
            case MD5, SHA1, SHA256 ->
                    throw new IllegalArgumentException(
                            algorithm + " of a whole does not follow from its parts");
        };
    }

    /**
     * @param first the CRC of the bytes in front, big endian
     * @param second the CRC of the bytes behind
     * @param secondLengthBytes how many bytes are behind; not negative
     * @return the CRC of both together
     */
    public byte[] combine(byte[] first, byte[] second, long secondLengthBytes) {
        long shifted = multiply(powerOfX(8, secondLengthBytes), toLong(first));
        return toBytes(shifted ^ toLong(second), bits / 8);
    }

    /** x to the power of {@code factor * count}. */
    private long powerOfX(int factor, long count) {
        long result = one();
        long power = one() >>> 1; // x
        for (int doubled = 1; doubled < factor; doubled *= 2) {
            power = multiply(power, power);
        }
        for (long rest = count; rest != 0; rest >>>= 1) {
            if ((rest & 1) != 0) {
                result = multiply(result, power);
            }
            power = multiply(power, power);
        }
        return result;
    }

    /** The polynomial 1: reflected, so the highest bit. */
    private long one() {
        return 1L << (bits - 1);
    }

    private long multiply(long a, long b) {
        long product = 0;
        long shifted = b;
        for (long term = one(); term != 0; term >>>= 1) {
            if ((a & term) != 0) {
                product ^= shifted;
            }
            shifted = (shifted & 1) == 0 ? shifted >>> 1 : (shifted >>> 1) ^ polynomial;
        }
        return product;
    }

    private long toLong(byte[] bigEndian) {
        if (bigEndian.length != bits / 8) {
            throw new IllegalArgumentException(
                    "a CRC of " + bits + " bits has not " + bigEndian.length + " bytes");
        }
        long value = 0;
        for (byte b : bigEndian) {
            value = value << 8 | (b & 0xff);
        }
        return value;
    }

    static byte[] toBytes(long value, int lengthBytes) {
        ByteBuffer bytes = ByteBuffer.allocate(lengthBytes);
        if (lengthBytes == Integer.BYTES) {
            bytes.putInt((int) value);
        } else {
            bytes.putLong(value);
        }
        return bytes.array();
    }
}
