/**
 * What Lilio remembers, as keys, records and transactions on a {@link
 * io.lilio.metadata.MetadataStore}: buckets, objects, versions, uploads, trash, ring, access keys.
 */
@NullMarked
package io.lilio.catalog;

import org.jspecify.annotations.NullMarked;
