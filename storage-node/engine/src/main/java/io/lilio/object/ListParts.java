package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.catalog.upload.PartPage;
import io.lilio.catalog.upload.Uploads;
import io.lilio.metadata.MetadataUnavailableException;

/** Lists the parts of a multipart upload under way. Thread-safe. */
public final class ListParts {

    private final Uploads uploads;

    ListParts(Uploads uploads) {
        this.uploads = uploads;
    }

    /**
     * A page of parts, in order of their numbers.
     *
     * @param after the last number of the page before, or 0
     * @param limit 1 to 1,000
     * @throws ObjectStoreException NO_SUCH_BUCKET, NO_SUCH_UPLOAD, UNAVAILABLE
     */
    public PartPage list(UploadAddress upload, int after, int limit) {
        try {
            return uploads.list(upload.bucket(), upload.key(), upload.id(), after, limit);
        } catch (MetadataUnavailableException e) {
            throw Failures.unavailable(e);
        }
    }
}
