package io.lilio.digest;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The ETag and the checksum of a multipart object from those of its parts, in their order.
 *
 * <p>The ETag is the MD5 of the parts' MD5s, a minus sign and their number; a composite checksum is
 * the checksum of the parts' checksums; a full-object one is combined ("Checking object integrity",
 * Amazon S3 user guide). Not thread-safe.
 */
public final class PartDigests {

    private final RunningDigest etag = RunningDigest.of(DigestAlgorithm.MD5);
    private final @Nullable DigestAlgorithm algorithm;
    private final Checksum.Type type;
    private final @Nullable RunningDigest composite;
    private byte @Nullable [] combined;
    private int parts;

    private PartDigests(@Nullable DigestAlgorithm algorithm, Checksum.Type type) {
        this.algorithm = algorithm;
        this.type = type;
        this.composite =
                algorithm == null || type == Checksum.Type.FULL_OBJECT
                        ? null
                        : RunningDigest.of(algorithm);
    }

    /** The ETag alone. */
    public static PartDigests withoutChecksum() {
        return new PartDigests(null, Checksum.Type.COMPOSITE);
    }

    /**
     * @throws IllegalArgumentException when the algorithm cannot make this type: full-object is for
     *     CRCs only
     */
    public static PartDigests withChecksum(DigestAlgorithm algorithm, Checksum.Type type) {
        if (type == Checksum.Type.FULL_OBJECT && !algorithm.isCrc()) {
            throw new IllegalArgumentException(
                    algorithm + " of a whole does not follow from its parts");
        }
        return new PartDigests(algorithm, type);
    }

    /**
     * The next part.
     *
     * @param md5 what the part's ETag stands for: 16 bytes
     * @param lengthBytes the part's length
     * @param checksum the part's checksum; not looked at when none is wanted
     * @throws IllegalArgumentException when a checksum is wanted and the part has none of that
     *     algorithm
     */
    public void add(byte[] md5, long lengthBytes, @Nullable Checksum checksum) {
        parts++;
        etag.update(ByteBuffer.wrap(md5));
        if (algorithm == null) {
            return;
        }
        if (checksum == null || checksum.algorithm() != algorithm) {
            throw new IllegalArgumentException("part " + parts + " has no " + algorithm);
        }
        byte[] value = checksum.bytes();
        byte[] sofar = combined;
        if (composite != null) {
            composite.update(ByteBuffer.wrap(value));
        } else if (sofar == null) {
            combined = value;
        } else {
            combined = CrcCombination.of(algorithm).combine(sofar, value, lengthBytes);
        }
    }

    /** The values; the last call. */
    public Result finish() {
        String tag = HexFormat.of().formatHex(etag.finish()) + "-" + parts;
        return new Result(tag, Optional.ofNullable(checksum()));
    }

    private @Nullable Checksum checksum() {
        DigestAlgorithm wanted = algorithm;
        if (wanted == null) {
            return null;
        }
        if (composite != null) {
            Checksum ofChecksums = Checksum.ofBytes(wanted, composite.finish());
            return new Checksum(wanted, type, ofChecksums.value() + "-" + parts);
        }
        byte[] whole = combined;
        return whole == null ? null : Checksum.ofBytes(wanted, whole);
    }

    /**
     * @param etag without quotation marks
     * @param checksum empty when none was wanted
     */
    public record Result(String etag, Optional<Checksum> checksum) {}
}
