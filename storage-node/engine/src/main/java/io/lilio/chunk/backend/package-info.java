/** What the implementations of {@link io.lilio.chunk.ChunkStore} share. */
@NullMarked
package io.lilio.chunk.backend;

import org.jspecify.annotations.NullMarked;
