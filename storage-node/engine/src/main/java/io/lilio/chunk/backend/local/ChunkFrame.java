package io.lilio.chunk.backend.local;

import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkHeaderCodec;
import io.lilio.chunk.ChunkId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What lies before each payload on the medium, fixed for ever. Big endian:
 *
 * <pre>
 * magic          u32   "LCHK"
 * version        u8    1
 * flags          u8    1 = copied by compaction
 * (reserved)     u16   0
 * header bytes   u32   of the header below
 * salt           u64   the segment's; 0 in a file of its own
 * id             24 bytes
 * header               {@link ChunkHeaderCodec}
 * crc32c         u32   of everything before it
 * </pre>
 *
 * <p>In a segment the payload follows at once and the record is padded to 8 bytes; in a file of its
 * own the frame is padded to 4 KiB, so that the payload is aligned. The salt is random for each
 * segment: bytes that a client stores can never pass for a record when a damaged segment is
 * searched for the next whole one.
 *
 * @param header of the chunk that follows
 * @param copied whether compaction wrote it
 * @param frameBytes its size without padding
 */
record ChunkFrame(ChunkHeader header, boolean copied, int frameBytes) {

    static final int MAGIC = 0x4C43484B;
    static final int RECORD_ALIGNMENT = 8;
    static final int FILE_ALIGNMENT = 4096;
    static final int MAX_BYTES = 128 * 1024;

    /** Bytes that tell how long the frame is. */
    static final int PREFIX_BYTES = 4 + 1 + 1 + 2 + 4;

    private static final byte VERSION = 1;
    private static final byte COPIED = 1;
    private static final int FIXED_BYTES = PREFIX_BYTES + 8 + ChunkHeaderCodec.ID_BYTES + 4;

    /** Size of a frame around an encoded header. */
    static int bytes(byte[] encodedHeader) {
        return FIXED_BYTES + encodedHeader.length;
    }

    /** Size of a frame with the padding that a file of its own has. */
    static int fileFrameBytes(byte[] encodedHeader) {
        return (int) align(bytes(encodedHeader), FILE_ALIGNMENT);
    }

    static long alignedRecord(int frameBytes, int payloadBytes) {
        return align((long) frameBytes + payloadBytes, RECORD_ALIGNMENT);
    }

    static long align(long bytes, int alignment) {
        return (bytes + alignment - 1) / alignment * alignment;
    }

    /** Writes a frame without padding. */
    static void write(ChunkId id, byte[] encodedHeader, boolean copied, long salt, ByteBuffer to) {
        int start = to.position();
        to.putInt(MAGIC).put(VERSION).put(copied ? COPIED : 0).putShort((short) 0);
        to.putInt(encodedHeader.length).putLong(salt);
        ChunkHeaderCodec.writeId(id, to);
        to.put(encodedHeader);
        to.putInt(crc(to.duplicate().flip().position(start)));
    }

    /**
     * The whole size of the frame that begins here, or -1 when these are not the first bytes of
     * one.
     *
     * @param prefix at least {@link #PREFIX_BYTES} from its position on; not changed
     */
    static int sizeFrom(ByteBuffer prefix) {
        int at = prefix.position();
        int headerBytes = prefix.getInt(at + 8);
        boolean plausible =
                prefix.getInt(at) == MAGIC
                        && prefix.get(at + 4) == VERSION
                        && headerBytes > 0
                        && headerBytes <= MAX_BYTES - FIXED_BYTES;
        return plausible ? FIXED_BYTES + headerBytes : -1;
    }

    /**
     * Reads a frame.
     *
     * @param from begins with it; not changed
     * @return empty when it is not whole or not of this salt
     */
    static Optional<ChunkFrame> read(ByteBuffer from, long salt) {
        ByteBuffer frame = from.duplicate();
        if (frame.remaining() < PREFIX_BYTES) {
            return Optional.empty();
        }
        int size = sizeFrom(frame);
        if (size < 0 || frame.remaining() < size) {
            return Optional.empty();
        }
        int start = frame.position();
        int crcAt = start + size - Integer.BYTES;
        if (crc(frame.duplicate().limit(crcAt)) != frame.getInt(crcAt)) {
            return Optional.empty();
        }
        byte flags = frame.get(start + 5);
        frame.position(start + PREFIX_BYTES).limit(crcAt);
        if (frame.getLong() != salt) {
            return Optional.empty();
        }
        try {
            ChunkHeader header = ChunkHeaderCodec.decode(ChunkHeaderCodec.readId(frame), frame);
            return Optional.of(new ChunkFrame(header, (flags & COPIED) != 0, size));
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            return Optional.empty();
        }
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
