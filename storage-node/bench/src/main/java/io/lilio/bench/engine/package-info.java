/** The engine by itself, without HTTP: what quorums, chunks and each idea cost and buy. */
@NullMarked
package io.lilio.bench.engine;

import org.jspecify.annotations.NullMarked;
