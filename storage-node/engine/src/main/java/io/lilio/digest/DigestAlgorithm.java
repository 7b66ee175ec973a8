package io.lilio.digest;

import java.util.Optional;

/**
 * What can be computed over an object's bytes. MD5 makes the ETag; the others are the checksums
 * that S3 clients may choose ("Checking object integrity" in the Amazon S3 user guide).
 */
public enum DigestAlgorithm {
    MD5(16, false),
    CRC32(4, true),
    /** Castagnoli (RFC 3720). */
    CRC32C(4, true),
    /** The 64-bit polynomial of the NVM Express specification. */
    CRC64NVME(8, true),
    SHA1(20, false),
    SHA256(32, false);

    private final int lengthBytes;
    private final boolean crc;

    DigestAlgorithm(int lengthBytes, boolean crc) {
        this.lengthBytes = lengthBytes;
        this.crc = crc;
    }

    /** How long its value is. */
    public int lengthBytes() {
        return lengthBytes;
    }

    /** Whether it is linear, so that the value of a whole follows from the values of its parts. */
    public boolean isCrc() {
        return crc;
    }

    /** Whether an S3 client may choose it as an object's checksum: all but MD5. */
    public boolean isChecksum() {
        return this != MD5;
    }

    /** Whether it costs about a nanosecond per byte or more, so that it is worth a thread. */
    boolean isSlow() {
        return !crc;
    }

    /**
     * A checksum algorithm by the name that S3 uses for it, as in {@code x-amz-checksum-algorithm},
     * in any case.
     */
    public static Optional<DigestAlgorithm> ofChecksumName(String name) {
        for (DigestAlgorithm algorithm : values()) {
            if (algorithm.isChecksum() && algorithm.name().equalsIgnoreCase(name)) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }
}
