/** Benchmarks: each writes a section of BENCHMARKS.md. */
@NullMarked
package io.lilio.bench;

import org.jspecify.annotations.NullMarked;
