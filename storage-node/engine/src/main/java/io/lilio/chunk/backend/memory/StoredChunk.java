package io.lilio.chunk.backend.memory;

import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.buffer.PooledBuffer;

/**
 * A chunk in memory.
 *
 * @param header what it says about itself
 * @param bytes its payload; the index holds one reference
 */
record StoredChunk(ChunkHeader header, PooledBuffer bytes) {}
