package io.lilio.server.process;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/**
 * The bytes of one object, which no other object has.
 *
 * @param value what stands for them in a history: the beginning of their SHA-256
 * @param etag the ETag that S3 gives them, without quotes
 */
record Payload(byte[] bytes, String value, String etag) {

    private static final int[] SIZES = {
        0, 100, 3000, 4096, 4097, 20_000, 300_000, 1 << 20, 3_000_000
    };

    /** So many random bytes are not drawn twice. */
    private static final int LEAST = 16;

    /** One of a size between inline and several chunks. */
    static Payload any(Random random, int largestBytes) {
        int size = Math.min(SIZES[random.nextInt(SIZES.length)], largestBytes);
        return ofPut(random(random, Math.max(LEAST, size)));
    }

    static byte[] random(Random random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    static Payload ofPut(byte[] bytes) {
        return new Payload(bytes, valueOf(bytes), hex(digest("MD5", bytes)));
    }

    /** What a multipart upload of these parts becomes. */
    static Payload ofParts(byte[]... parts) {
        int size = 0;
        for (byte[] part : parts) {
            size += part.length;
        }
        byte[] whole = new byte[size];
        byte[] digests = new byte[16 * parts.length];
        int at = 0;
        for (int i = 0; i < parts.length; i++) {
            System.arraycopy(parts[i], 0, whole, at, parts[i].length);
            System.arraycopy(digest("MD5", parts[i]), 0, digests, 16 * i, 16);
            at += parts[i].length;
        }
        String etag = hex(digest("MD5", digests)) + "-" + parts.length;
        return new Payload(whole, valueOf(whole), etag);
    }

    static String valueOf(byte[] bytes) {
        return hex(digest("SHA-256", bytes)).substring(0, 20);
    }

    private static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
