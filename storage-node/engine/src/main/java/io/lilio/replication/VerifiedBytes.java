package io.lilio.replication;

import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.buffer.PooledBuffer;
import java.nio.ByteBuffer;

/**
 * Bytes of a chunk that were checked against its checksums. Owns one reference to the buffer.
 *
 * @param header the chunk's header
 * @param buffer holds whole blocks, of which the wanted bytes are a part
 * @param start where they begin in the buffer
 * @param length how many they are
 */
public record VerifiedBytes(ChunkHeader header, PooledBuffer buffer, int start, int length)
        implements AutoCloseable {

    /** The bytes that were asked for, from position to limit of a direct buffer. */
    public ByteBuffer bytes() {
        return buffer.view(start, length);
    }

    /** Releases the buffer. */
    @Override
    public void close() {
        buffer.release();
    }
}
