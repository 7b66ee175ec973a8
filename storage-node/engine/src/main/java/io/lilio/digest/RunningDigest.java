package io.lilio.digest;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** One algorithm over a stream of bytes. Not thread-safe. */
interface RunningDigest {

    /** Takes what remains of a buffer, whose position is its limit then. */
    void update(ByteBuffer data);

    /** The value over everything so far; the last call. */
    byte[] finish();

    static RunningDigest of(DigestAlgorithm algorithm) {
        return switch (algorithm) {
            case MD5 -> ofMessageDigest("MD5");
            case SHA1 -> ofMessageDigest("SHA-1");
            case SHA256 -> ofMessageDigest("SHA-256");
            case CRC32 -> new RunningChecksum(new CRC32(), algorithm.lengthBytes());
            case CRC32C -> new RunningChecksum(new CRC32C(), algorithm.lengthBytes());
            case CRC64NVME -> new RunningChecksum(new Crc64Nvme(), algorithm.lengthBytes());
        };
    }

    private static RunningDigest ofMessageDigest(String name) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + name, e);
        }
        return new RunningDigest() {
            @Override
            public void update(ByteBuffer data) {
                digest.update(data);
            }

            @Override
            public byte[] finish() {
                return digest.digest();
            }
        };
    }
}
