package io.lilio.chunk;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The stored form of a {@link ChunkHeader}, fixed for ever. Big endian:
 *
 * <pre>
 * version        u8    1
 * length         u32   bytes of payload
 * epoch          u64
 * revision       u64   opening revision
 * session        u64
 * owner kind     u8    1 = object, 2 = part
 * bucket         u128
 * key length     u16   bytes
 * key                  UTF-8
 * upload         u128  of a part only
 * part           u16   of a part only
 * sha256         32 bytes
 * crc32c         u32 for each 64 KiB of payload
 * </pre>
 *
 * <p>The id is apart ({@link #writeId}), for where it is a database key already.
 */
public final class ChunkHeaderCodec {

    /** Bytes of an id: blob, index, shard. */
    public static final int ID_BYTES = 16 + 4 + 4;

    private static final byte VERSION = 1;
    private static final byte OBJECT = 1;
    private static final byte PART = 2;
    private static final int FIXED_BYTES = 1 + 4 + 3 * 8 + 1 + 16 + 2 + 32;
    private static final int PART_BYTES = 16 + 2;
    private static final int MAX_KEY_BYTES = 0xFFFF;

    private ChunkHeaderCodec() {}

    /** Writes an id: 24 bytes whose order as unsigned bytes is that of the ids. */
    public static void writeId(ChunkId id, ByteBuffer to) {
        to.putLong(id.blob().high()).putLong(id.blob().low());
        to.putInt(id.index()).putInt(id.shard());
    }

    /** Reads what {@link #writeId} wrote. */
    public static ChunkId readId(ByteBuffer from) {
        BlobId blob = new BlobId(from.getLong(), from.getLong());
        return new ChunkId(blob, from.getInt(), from.getInt());
    }

    /** The header without its id, as an array of its own. */
    public static byte[] encode(ChunkHeader header) {
        byte[] key = header.owner().key().getBytes(StandardCharsets.UTF_8);
        if (key.length > MAX_KEY_BYTES) {
            throw new IllegalArgumentException("a key of " + key.length + " bytes");
        }
        boolean part = header.owner() instanceof ChunkOwner.OfPart;
        int bytes =
                FIXED_BYTES
                        + key.length
                        + (part ? PART_BYTES : 0)
                        + Integer.BYTES * header.blockCrc32c().length;
        ByteBuffer to = ByteBuffer.allocate(bytes);
        to.put(VERSION).putInt(header.length());
        to.putLong(header.epoch()).putLong(header.openingRevision()).putLong(header.session());
        to.put(part ? PART : OBJECT);
        putUuid(header.owner().bucket(), to);
        to.putShort((short) key.length).put(key);
        if (header.owner() instanceof ChunkOwner.OfPart owner) {
            putUuid(owner.upload(), to);
            to.putShort((short) owner.part());
        }
        to.put(header.sha256());
        for (int crc : header.blockCrc32c()) {
            to.putInt(crc);
        }
        return to.array();
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @param from is advanced past it
     * @throws IllegalArgumentException when it is not a header, or of a version that is not known
     * @throws java.nio.BufferUnderflowException when it is cut off
     */
    public static ChunkHeader decode(ChunkId id, ByteBuffer from) {
        byte version = from.get();
        if (version != VERSION) {
            throw new IllegalArgumentException("chunk header of unknown version " + version);
        }
        int length = from.getInt();
        long epoch = from.getLong();
        long revision = from.getLong();
        long session = from.getLong();
        ChunkOwner owner = readOwner(from);
        byte[] sha256 = new byte[32];
        from.get(sha256);
        if (length < 1 || length > ChunkHeader.MAX_LENGTH) {
            throw new IllegalArgumentException("chunk header of " + length + " bytes of payload");
        }
        int[] crcs = new int[BlockChecksums.count(length)];
        for (int block = 0; block < crcs.length; block++) {
            crcs[block] = from.getInt();
        }
        return new ChunkHeader(id, length, epoch, revision, session, owner, sha256, crcs);
    }

    private static ChunkOwner readOwner(ByteBuffer from) {
        byte kind = from.get();
        UUID bucket = readUuid(from);
        byte[] utf8 = new byte[from.getShort() & 0xFFFF];
        from.get(utf8);
        String key = new String(utf8, StandardCharsets.UTF_8);
        return switch (kind) {
            case OBJECT -> new ChunkOwner.OfObject(bucket, key);
            case PART ->
                    new ChunkOwner.OfPart(bucket, key, readUuid(from), from.getShort() & 0xFFFF);
            default -> throw new IllegalArgumentException("chunk owner of unknown kind " + kind);
        };
    }

    private static void putUuid(UUID uuid, ByteBuffer to) {
        to.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
    }

    private static UUID readUuid(ByteBuffer from) {
        return new UUID(from.getLong(), from.getLong());
    }
}
