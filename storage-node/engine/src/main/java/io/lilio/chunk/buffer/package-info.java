/**
 * The memory that carries chunks through the process: one fixed amount of direct memory, handed out
 * in reference-counted pieces (DESIGN §11).
 */
@NullMarked
package io.lilio.chunk.buffer;

import org.jspecify.annotations.NullMarked;
