package io.lilio.chunk.backend.local;

import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkHeaderCodec;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A chunk on its way into a segment.
 *
 * @param header its header
 * @param encodedHeader the same, encoded
 * @param payload its bytes, from position to limit
 * @param movedFrom where compaction took it from; null for a new chunk
 * @param done completed when it is durable and indexed
 */
record Append(
        ChunkHeader header,
        byte[] encodedHeader,
        ByteBuffer payload,
        @Nullable Location movedFrom,
        CompletableFuture<Void> done) {

    static Append ofNew(ChunkHeader header, byte[] encodedHeader, ByteBuffer payload) {
        return new Append(header, encodedHeader, payload, null, new CompletableFuture<>());
    }

    static Append ofMoved(ChunkHeader header, ByteBuffer payload, Location from) {
        byte[] encoded = ChunkHeaderCodec.encode(header);
        return new Append(header, encoded, payload, from, new CompletableFuture<>());
    }

    int frameBytes() {
        return ChunkFrame.bytes(encodedHeader);
    }

    long recordBytes() {
        return ChunkFrame.alignedRecord(frameBytes(), header.length());
    }
}
