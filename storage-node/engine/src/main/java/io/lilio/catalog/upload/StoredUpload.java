package io.lilio.catalog.upload;

import java.util.Optional;

/**
 * An upload's record.
 *
 * @param seal empty while it is open
 * @param modRevision when it was last written
 */
record StoredUpload(Upload upload, Optional<Seal> seal, long modRevision) {

    StoredUpload with(Optional<Seal> changed) {
        return new StoredUpload(upload, changed, modRevision);
    }
}
