package io.lilio.chunk;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC32C (Castagnoli, RFC 3720 appendix B.4) of every {@link ChunkHeader#BLOCK_BYTES} of a payload.
 */
public final class BlockChecksums {

    private BlockChecksums() {}

    /** How many blocks a payload of that many bytes has. */
    public static int count(int length) {
        return (length + ChunkHeader.BLOCK_BYTES - 1) / ChunkHeader.BLOCK_BYTES;
    }

    /** The checksums of what lies between position and limit, which are not changed. */
    public static int[] of(ByteBuffer payload) {
        int[] sums = new int[count(payload.remaining())];
        ByteBuffer rest = payload.duplicate();
        int end = rest.limit();
        CRC32C crc = new CRC32C();
        for (int block = 0; block < sums.length; block++) {
            rest.limit(Math.min(end, rest.position() + ChunkHeader.BLOCK_BYTES));
            crc.reset();
            crc.update(rest);
            sums[block] = (int) crc.getValue();
        }
        return sums;
    }

    /**
     * Checks bytes of a chunk against its header.
     *
     * @param offset where in the chunk they begin: a multiple of the block size
     * @param bytes from position to limit (not changed): whole blocks, or up to the chunk's end
     * @throws ChunkCorruptException naming the first block that differs
     */
    public static void verify(ChunkHeader header, int offset, ByteBuffer bytes) {
        int[] expected = header.blockCrc32c();
        ByteBuffer rest = bytes.duplicate();
        int end = rest.limit();
        CRC32C crc = new CRC32C();
        for (int block = offset / ChunkHeader.BLOCK_BYTES; rest.position() < end; block++) {
            rest.limit(Math.min(end, rest.position() + ChunkHeader.BLOCK_BYTES));
            crc.reset();
            crc.update(rest);
            if ((int) crc.getValue() != expected[block]) {
                throw new ChunkCorruptException(
                        header.id(), "block " + block + " does not match its checksum");
            }
        }
    }

    /**
     * Refuses a range that {@link ChunkStore#read} does not allow.
     *
     * @throws IllegalArgumentException when it begins inside a block, or ends inside one before the
     *     chunk's end, or beyond the chunk, or is empty
     */
    public static void requireWholeBlocks(ChunkHeader header, int offset, int length) {
        long end = (long) offset + length;
        boolean aligned = offset >= 0 && offset % ChunkHeader.BLOCK_BYTES == 0;
        boolean whole = end == header.length() || end % ChunkHeader.BLOCK_BYTES == 0;
        if (!aligned || !whole || length < 1 || end > header.length()) {
            throw new IllegalArgumentException(
                    "bytes %d to %d of a chunk of %d are not whole blocks"
                            .formatted(offset, end, header.length()));
        }
    }
}
