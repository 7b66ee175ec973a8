/** Objects and bytes of each bucket, as deltas of each node. */
@NullMarked
package io.lilio.catalog.usage;

import org.jspecify.annotations.NullMarked;
