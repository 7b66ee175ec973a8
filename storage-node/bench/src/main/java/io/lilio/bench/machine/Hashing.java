package io.lilio.bench.machine;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** How fast one core digests. */
final class Hashing {

    private static final int PIECE_BYTES = 1 << 20;
    private static final int PIECES = 300;

    private Hashing() {}

    static double megabytesPerSecond(String algorithm) {
        MessageDigest digest = digest(algorithm);
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
        long begin = System.nanoTime();
        for (int i = 0; i < PIECES; i++) {
            digest.update(piece.clear());
        }
        return (double) PIECE_BYTES * PIECES / 1e6 / ((System.nanoTime() - begin) / 1e9);
    }

    static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
