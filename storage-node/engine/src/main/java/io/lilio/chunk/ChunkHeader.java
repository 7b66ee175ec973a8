package io.lilio.chunk;

/**
 * What a stored chunk says about itself. Immutable; arrays are not to be changed by anyone.
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
}
