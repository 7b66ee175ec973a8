/**
 * The metadata store: an ordered key-value store with revisions, compare-and-set transactions,
 * leases and watches, and nothing more. What the keys and values mean is known to {@code
 * io.lilio.catalog} alone.
 */
@NullMarked
package io.lilio.metadata;

import org.jspecify.annotations.NullMarked;
