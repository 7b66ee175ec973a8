package io.lilio.replication;

import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;

/**
 * What to read of one chunk.
 *
 * @param id the chunk
 * @param blobEpoch the ring epoch its blob was opened under: says where it is
 * @param chunkLength the chunk's whole payload in bytes, as the manifest tells
 * @param offset the first byte wanted
 * @param length how many, 1 or more
 */
public record ChunkRange(ChunkId id, long blobEpoch, int chunkLength, int offset, int length) {

    public ChunkRange {
        if (chunkLength < 1 || chunkLength > ChunkHeader.MAX_LENGTH) {
            throw new IllegalArgumentException("a chunk cannot have " + chunkLength + " bytes");
        }
        if (offset < 0 || length < 1 || length > chunkLength - offset) {
            throw new IllegalArgumentException(
                    "bytes " + offset + "+" + length + " of " + chunkLength);
        }
    }

    /** All of a chunk. */
    public static ChunkRange whole(ChunkId id, long blobEpoch, int chunkLength) {
        return new ChunkRange(id, blobEpoch, chunkLength, 0, chunkLength);
    }

    /**
     * Its first bytes, for which no more than some are read.
     *
     * @param atMostBlockBytes a multiple of {@link ChunkHeader#BLOCK_BYTES}, less than {@link
     *     #blockBytes}
     */
    public ChunkRange head(int atMostBlockBytes) {
        return new ChunkRange(
                id, blobEpoch, chunkLength, offset, blockStart() + atMostBlockBytes - offset);
    }

    /** What follows its head. */
    public ChunkRange behind(ChunkRange head) {
        return new ChunkRange(
                id, blobEpoch, chunkLength, head.offset + head.length, length - head.length);
    }

    /** Where the first block that holds a wanted byte begins. */
    int blockStart() {
        return offset - offset % ChunkHeader.BLOCK_BYTES;
    }

    /**
     * Bytes that are read to verify those wanted: from the beginning of the first block that holds
     * one to the end of the last such block, or of the chunk.
     */
    public int blockBytes() {
        long end = (long) offset + length + ChunkHeader.BLOCK_BYTES - 1;
        end -= end % ChunkHeader.BLOCK_BYTES;
        return (int) Math.min(end, chunkLength) - blockStart();
    }
}
