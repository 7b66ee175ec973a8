package io.lilio.digest;

import java.util.Base64;

/**
 * An object's or a part's checksum as S3 shows it.
 *
 * @param algorithm not MD5
 * @param type what it was computed over
 * @param value base64; a composite one of a finished multipart upload ends with a minus sign and
 *     the number of parts
 */
public record Checksum(DigestAlgorithm algorithm, Type type, String value) {

    /** What a checksum was computed over. */
    public enum Type {
        /** Over the object's bytes. */
        FULL_OBJECT,
        /** Over the checksums of the object's parts. */
        COMPOSITE
    }

    public Checksum {
        if (!algorithm.isChecksum()) {
            throw new IllegalArgumentException(algorithm + " is not a checksum that S3 knows");
        }
    }

    /** A checksum over bytes. */
    public static Checksum ofBytes(DigestAlgorithm algorithm, byte[] value) {
        return new Checksum(algorithm, Type.FULL_OBJECT, Base64.getEncoder().encodeToString(value));
    }

    /**
     * The bytes of the value, without the number of parts.
     *
     * @throws IllegalArgumentException when the value is not base64 of the algorithm's length
     */
    public byte[] bytes() {
        int suffix = type == Type.COMPOSITE ? value.lastIndexOf('-') : -1;
        byte[] bytes = Base64.getDecoder().decode(suffix < 0 ? value : value.substring(0, suffix));
        if (bytes.length != algorithm.lengthBytes()) {
            throw new IllegalArgumentException(
                    value + " is not a " + algorithm + " of " + algorithm.lengthBytes() + " bytes");
        }
        return bytes;
    }
}
