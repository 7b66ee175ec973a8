/** A metadata store in memory: for tests, benchmarks and simulations. */
@NullMarked
package io.lilio.metadata.memory;

import org.jspecify.annotations.NullMarked;
