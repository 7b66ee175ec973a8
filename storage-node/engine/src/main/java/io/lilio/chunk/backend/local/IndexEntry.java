package io.lilio.chunk.backend.local;

import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkHeaderCodec;
import io.lilio.chunk.ChunkId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * What the index knows of a chunk. Stored as: version u8, kind u8, container u64, position u64,
 * frame bytes u32, marked-at u64, then {@link ChunkHeaderCodec}.
 *
 * @param header of the chunk
 * @param location where it lies
 * @param markedAtMillis when its latest unconfirmed mark was set, in milliseconds since 1970; names
 *     the mark, which may have been taken off since
 */
record IndexEntry(ChunkHeader header, Location location, long markedAtMillis) {

    private static final byte VERSION = 1;
    private static final int FIXED_BYTES = 1 + 1 + 8 + 8 + 4 + 8;

    ChunkId id() {
        return header.id();
    }

    IndexEntry at(Location elsewhere) {
        return new IndexEntry(header, elsewhere, markedAtMillis);
    }

    IndexEntry markedAt(long millis) {
        return new IndexEntry(header, location, millis);
    }

    /** What it takes on the medium. */
    long storedBytes() {
        return location.storedBytes(header.length());
    }

    byte[] encode(byte[] encodedHeader) {
        ByteBuffer to = ByteBuffer.allocate(FIXED_BYTES + encodedHeader.length);
        to.put(VERSION).put(location.kind().code());
        to.putLong(location.container()).putLong(location.position());
        to.putInt(location.frameBytes()).putLong(markedAtMillis);
        return to.put(encodedHeader).array();
    }

    byte[] encode() {
        return encode(ChunkHeaderCodec.encode(header));
    }

    static IndexEntry decode(ChunkId id, byte[] value) throws IndexException {
        try {
            ByteBuffer from = ByteBuffer.wrap(value);
            byte version = from.get();
            if (version != VERSION) {
                throw new IllegalArgumentException("entry of unknown version " + version);
            }
            Location.Kind kind = Location.Kind.of(from.get());
            Location location = new Location(kind, from.getLong(), from.getLong(), from.getInt());
            long markedAt = from.getLong();
            return new IndexEntry(ChunkHeaderCodec.decode(id, from), location, markedAt);
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            throw new IndexException("the entry of chunk " + id + " is damaged", e);
        }
    }
}
