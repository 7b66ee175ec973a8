package io.lilio.object;

import io.lilio.chunk.buffer.BufferPool;
import io.lilio.placement.RingView;
import io.lilio.replication.ChunkReader;
import io.lilio.replication.ChunkWriter;
import java.util.function.Supplier;

/**
 * What blobs are written and read with.
 *
 * @param ring the newest ring known here; quick
 */
public record BlobStore(
        ChunkWriter writer, ChunkReader reader, BufferPool buffers, Supplier<RingView> ring) {}
