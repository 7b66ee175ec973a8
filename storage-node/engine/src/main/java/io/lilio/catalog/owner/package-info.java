/** Who owns a chunk: the look-up of one, and the walk over all. */
@NullMarked
package io.lilio.catalog.owner;

import org.jspecify.annotations.NullMarked;
