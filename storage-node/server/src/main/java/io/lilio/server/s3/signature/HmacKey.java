package io.lilio.server.s3.signature;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * A key for HMAC-SHA256 (RFC 2104) that has been prepared once: both paddings are digested, and
 * every use goes on from clones of those digests. That spares the look-up and initialisation of a
 * {@code Mac} for each request. Immutable and thread-safe.
 */
final class HmacKey {

    private static final int BLOCK_BYTES = 64;

    private final MessageDigest inner;
    private final MessageDigest outer;

    HmacKey(byte[] key) {
        byte[] block =
                Arrays.copyOf(
                        key.length > BLOCK_BYTES ? Sha256.digest().digest(key) : key, BLOCK_BYTES);
        inner = padded(block, (byte) 0x36);
        outer = padded(block, (byte) 0x5c);
    }

    private static MessageDigest padded(byte[] block, byte padding) {
        byte[] padded = new byte[BLOCK_BYTES];
        for (int i = 0; i < BLOCK_BYTES; i++) {
            padded[i] = (byte) (block[i] ^ padding);
        }
        MessageDigest digest = Sha256.digest();
        digest.update(padded);
        return digest;
    }

    byte[] sign(byte[] message) {
        return copy(outer).digest(copy(inner).digest(message));
    }

    /** Signs a text with one byte per char. */
    byte[] sign(String message) {
        return sign(message.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static MessageDigest copy(MessageDigest prepared) {
        try {
            return (MessageDigest) prepared.clone();
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
