/**
 * Work that keeps the store well: trash, garbage collection, repair, scrub, usage. All by
 * partition, bounded, resumable.
 */
@NullMarked
package io.lilio.maintenance;

import org.jspecify.annotations.NullMarked;
