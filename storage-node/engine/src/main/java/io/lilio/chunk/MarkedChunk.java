package io.lilio.chunk;

import java.time.Instant;

/**
 * A chunk that carries its unconfirmed mark.
 *
 * @param since when it was marked, as far as known
 * @param header the chunk's
 */
public record MarkedChunk(Instant since, ChunkHeader header) {}
