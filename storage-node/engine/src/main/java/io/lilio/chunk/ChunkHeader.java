package io.lilio.chunk;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What a stored chunk says about itself. Immutable; arrays are not to be changed by anyone. Equal
 * when every field is, the arrays by content.
 *
 * @param id which chunk
 * @param length bytes of payload, 1 to 64 MiB
 * @param epoch the ring epoch under which its blob was opened
 * @param openingRevision the metadata revision at which its blob was opened
 * @param session the incarnation of the session that wrote the blob
 * @param owner where its owner record is looked for
 * @param sha256 SHA-256 of the payload, 32 bytes
 * @param blockCrc32c CRC32C of every {@link #BLOCK_BYTES} of the payload, the last block possibly
 *     shorter
 */
public record ChunkHeader(
        ChunkId id,
        int length,
        long epoch,
        long openingRevision,
        long session,
        ChunkOwner owner,
        byte[] sha256,
        int[] blockCrc32c) {

    /** A range read verifies whole blocks of this size. Part of the stored format. */
    public static final int BLOCK_BYTES = 64 * 1024;

    /** The largest payload. */
    public static final int MAX_LENGTH = 64 * 1024 * 1024;

    private static final int SHA256_BYTES = 32;

    public ChunkHeader {
        requireLength(length);
        if (sha256.length != SHA256_BYTES) {
            throw new IllegalArgumentException("a SHA-256 has 32 bytes, not " + sha256.length);
        }
        if (blockCrc32c.length != BlockChecksums.count(length)) {
            throw new IllegalArgumentException(
                    "%d block checksums for %d bytes".formatted(blockCrc32c.length, length));
        }
    }

    /**
     * The header of a payload: computes its digests.
     *
     * @param payload from position to limit the chunk's bytes, 1 to 64 MiB; not changed
     */
    public static ChunkHeader of(ChunkId id, ChunkOrigin origin, ByteBuffer payload) {
        return of(id, origin, payload, sha256(payload));
    }

    /**
     * The same where the SHA-256 is known.
     *
     * @param sha256 of the payload: 32 bytes, which nobody changes any more
     */
    public static ChunkHeader of(
            ChunkId id, ChunkOrigin origin, ByteBuffer payload, byte[] sha256) {
        requireLength(payload.remaining());
        int[] checksums = BlockChecksums.of(payload);
        return new ChunkHeader(
                id,
                payload.remaining(),
                origin.epoch(),
                origin.openingRevision(),
                origin.session(),
                origin.owner(),
                sha256,
                checksums);
    }

    /**
     * The SHA-256 of a payload.
     *
     * @param payload from position to limit the bytes; not changed
     */
    public static byte[] sha256(ByteBuffer payload) {
        MessageDigest sha256 = newSha256();
        sha256.update(payload.duplicate());
        return sha256.digest();
    }

    /** What it shares with the other chunks of its blob. */
    public ChunkOrigin origin() {
        return new ChunkOrigin(epoch, openingRevision, session, owner);
    }

    /** Whether another header promises the same bytes. */
    public boolean samePayload(ChunkHeader other) {
        return length == other.length && Arrays.equals(sha256, other.sha256);
    }

    private static void requireLength(int length) {
        if (length < 1 || length > MAX_LENGTH) {
            throw new IllegalArgumentException("a chunk has 1 byte to 64 MiB, not " + length);
        }
    }

    /** Computes the digest of a payload piece by piece. */
    public static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChunkHeader that
                && id.equals(that.id)
                && length == that.length
                && origin().equals(that.origin())
                && Arrays.equals(sha256, that.sha256)
                && Arrays.equals(blockCrc32c, that.blockCrc32c);
    }

    @Override
    public int hashCode() {
        return id.hashCode() * 31 + Arrays.hashCode(sha256);
    }

    @Override
    public String toString() {
        return "chunk %s: %d bytes, epoch %d, session %d, revision %d, %s, sha256 %s"
                .formatted(
                        id,
                        length,
                        epoch,
                        session,
                        openingRevision,
                        owner,
                        HexFormat.of().formatHex(sha256));
    }
}
