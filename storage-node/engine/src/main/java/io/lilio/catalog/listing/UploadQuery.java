package io.lilio.catalog.listing;

import java.util.Optional;
import java.util.UUID;

/**
 * Which open uploads to list.
 *
 * @param prefix only keys that start with it
 * @param delimiter rolls up keys that hold it after the prefix; empty: no rolling up
 * @param keyMarker only after this key (or common prefix); empty: from the start
 * @param uploadMarker with a key marker: also the uploads of that very key after this one
 * @param maxUploads uploads and common prefixes together, 0 to 1,000
 */
public record UploadQuery(
        String prefix,
        String delimiter,
        String keyMarker,
        Optional<UUID> uploadMarker,
        int maxUploads) {

    public UploadQuery {
        if (maxUploads < 0 || maxUploads > 1000) {
            throw new IllegalArgumentException("max uploads: " + maxUploads);
        }
    }
}
