/**
 * Chunks: their identity, their self-describing on-disk form, the buffers that carry them, and the
 * {@link io.lilio.chunk.ChunkStore} that keeps them. Knows nothing of objects, rings or metadata.
 */
@NullMarked
package io.lilio.chunk;

import org.jspecify.annotations.NullMarked;
