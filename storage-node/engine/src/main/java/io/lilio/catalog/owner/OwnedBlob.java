package io.lilio.catalog.owner;

import io.lilio.catalog.content.BlobRef;

/**
 * A blob that a record owns.
 *
 * @param trashed whether that record is a trash record; the parts of an upload in the trash are met
 *     as parts, and not marked
 */
public record OwnedBlob(BlobRef blob, boolean trashed) {}
