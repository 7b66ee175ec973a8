package io.lilio.catalog.owner;

import io.lilio.catalog.content.BlobRef;

/**
 * A blob that a record owns.
 *
 * @param trashed whether only the trash does
 */
public record OwnedBlob(BlobRef blob, boolean trashed) {}
