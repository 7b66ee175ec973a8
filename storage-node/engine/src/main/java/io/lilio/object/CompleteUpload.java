package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.bucket.Bucket;
import io.lilio.catalog.bucket.Buckets;
import io.lilio.catalog.upload.Uploads;
import io.lilio.catalog.upload.Uploads.Completion;
import io.lilio.catalog.upload.Uploads.ListedPart;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.session.InFlight;
import io.lilio.metadata.session.Sessions;

/** Makes the parts of a multipart upload one object, all at once. Thread-safe. */
public final class CompleteUpload {

    /** Every part but the last has at least this many bytes. */
    public static final long MIN_PART_BYTES = 5L * 1024 * 1024;

    /** The largest object: 5 TiB. */
    public static final long MAX_BYTES = 5L * 1024 * 1024 * 1024 * 1024;

    private final Sessions sessions;
    private final Buckets buckets;
    private final Uploads uploads;

    CompleteUpload(Sessions sessions, Buckets buckets, Uploads uploads) {
        this.sessions = sessions;
        this.buckets = buckets;
        this.uploads = uploads;
    }

    /**
     * Blocks until the object is visible. A request that comes again after its answer was lost gets
     * the same answer.
     *
     * @throws ObjectStoreException NO_SUCH_UPLOAD; INVALID_PART for a part that is not there or is
     *     another one by its ETag or checksum; INVALID_PART_ORDER; PART_TOO_SMALL; BAD_DIGEST for a
     *     checksum of the object that is not its own; INVALID_REQUEST for another size or no parts;
     *     OBJECT_TOO_LARGE; PRECONDITION_FAILED; CONFLICT when another completion took over;
     *     UNAVAILABLE, UNKNOWN_OUTCOME. The upload stays open after all but the last
     */
    public PutResult complete(CompleteUploadRequest request) {
        if (request.parts().isEmpty()) {
            throw new ObjectStoreException(
                    Kind.INVALID_REQUEST, "You must specify at least one part");
        }
        UploadAddress upload = request.upload();
        Completion completion =
                new Completion(
                        upload.key(),
                        upload.id(),
                        request.parts().stream()
                                .map(part -> new ListedPart(part.number(), part.etag()))
                                .toList(),
                        request.conditions());
        try (InFlight inFlight = sessions.begin()) {
            Bucket bucket = buckets.get(upload.bucket());
            return PutObject.result(
                    uploads.complete(inFlight, bucket, completion, new ClaimedParts(request))
                            .orThrow());
        } catch (MetadataUnavailableException e) {
            throw Failures.unavailable(e);
        }
    }
}
