package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.catalog.bucket.Bucket;
import io.lilio.catalog.bucket.Buckets;
import io.lilio.catalog.commit.CommitOutcome;
import io.lilio.catalog.upload.Uploads;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.session.InFlight;
import io.lilio.metadata.session.Sessions;
import java.util.UUID;

/** Gives a multipart upload up, and with it all of its parts. Thread-safe. */
public final class AbortUpload {

    private final Sessions sessions;
    private final Buckets buckets;
    private final Uploads uploads;

    AbortUpload(Sessions sessions, Buckets buckets, Uploads uploads) {
        this.sessions = sessions;
        this.buckets = buckets;
        this.uploads = uploads;
    }

    /**
     * No part of it is visible when this returns; a completion at work is refused.
     *
     * @throws ObjectStoreException NO_SUCH_BUCKET; NO_SUCH_UPLOAD, also when it was completed;
     *     UNAVAILABLE, UNKNOWN_OUTCOME
     */
    public void abort(UploadAddress upload) {
        UUID id = upload.id();
        try (InFlight inFlight = sessions.begin()) {
            Bucket bucket = buckets.get(upload.bucket());
            CommitOutcome<UUID> outcome = uploads.abort(inFlight, bucket, upload.key(), id);
            outcome.orThrow();
        } catch (MetadataUnavailableException e) {
            throw Failures.unavailable(e);
        }
    }
}
