/** Chunks in the process's memory: for tests, benchmarks and caches that may be lost. */
@NullMarked
package io.lilio.chunk.backend.memory;

import org.jspecify.annotations.NullMarked;
