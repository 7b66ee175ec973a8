package io.lilio.e2e;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

/**
 * The bytes of an object, which no other object has.
 *
 * @param sha256 of them, in hexadecimal
 */
record Body(byte[] bytes, String sha256) {

    /** What a part of a multipart upload has at least. */
    static final int PART = 5 << 20;

    /** Kept in the metadata; one chunk; some chunks. */
    private static final int[] SIZES = {100, 400, 4096, 20_000, 300_000, 1 << 20, 3_000_000};

    /** So many random bytes are not drawn twice. */
    private static final int LEAST = 16;

    /** One of any size that one request takes. */
    static Body any(Random random) {
        return random(random, SIZES[random.nextInt(SIZES.length)]);
    }

    static Body small(Random random) {
        return random(random, SIZES[random.nextInt(4)]);
    }

    /** One that goes up in two parts, the first of which has {@link #PART} bytes. */
    static Body inParts(Random random) {
        return random(random, PART + LEAST + random.nextInt(100_000));
    }

    static Body random(Random random, int sizeBytes) {
        byte[] bytes = new byte[Math.max(LEAST, sizeBytes)];
        random.nextBytes(bytes);
        return new Body(bytes, sha256(bytes));
    }

    byte[] part(int number) {
        return number == 1
                ? Arrays.copyOf(bytes, PART)
                : Arrays.copyOfRange(bytes, PART, bytes.length);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
