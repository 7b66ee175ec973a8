package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.bucket.Bucket;
import io.lilio.catalog.bucket.Buckets;
import io.lilio.catalog.upload.Upload;
import io.lilio.catalog.upload.Upload.ChecksumPlan;
import io.lilio.catalog.upload.Uploads;
import io.lilio.catalog.upload.Uploads.NewUpload;
import io.lilio.digest.Checksum;
import io.lilio.digest.DigestAlgorithm;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.session.InFlight;
import io.lilio.metadata.session.Sessions;

/** Begins a multipart upload. Thread-safe. */
public final class CreateUpload {

    private final Sessions sessions;
    private final Buckets buckets;
    private final Uploads uploads;

    CreateUpload(Sessions sessions, Buckets buckets, Uploads uploads) {
        this.sessions = sessions;
        this.buckets = buckets;
        this.uploads = uploads;
    }

    /**
     * The upload is open when this returns.
     *
     * @return the upload's id, to be used with the same bucket and key
     * @throws ObjectStoreException NO_SUCH_BUCKET; INVALID_REQUEST for a checksum that cannot be of
     *     that type; UNAVAILABLE, UNKNOWN_OUTCOME
     */
    public String create(CreateUploadRequest request) {
        request.checksum().ifPresent(CreateUpload::requirePossible);
        try (InFlight inFlight = sessions.begin()) {
            Bucket bucket = buckets.get(request.address().bucket());
            NewUpload upload =
                    new NewUpload(
                            request.address().key(),
                            request.initiator(),
                            request.attributes(),
                            request.checksum());
            Upload created = uploads.create(inFlight, bucket, upload).orThrow();
            return created.id().toString();
        } catch (MetadataUnavailableException e) {
            throw Failures.unavailable(e);
        }
    }

    /** The table of "Checking object integrity", Amazon S3 user guide. */
    private static void requirePossible(ChecksumPlan plan) {
        boolean possible =
                switch (plan.type()) {
                    case FULL_OBJECT -> plan.algorithm().isCrc();
                    case COMPOSITE -> plan.algorithm() != DigestAlgorithm.CRC64NVME;
                };
        if (!possible) {
            throw new ObjectStoreException(
                    Kind.INVALID_REQUEST,
                    "The "
                            + (plan.type() == Checksum.Type.COMPOSITE ? "COMPOSITE" : "FULL_OBJECT")
                            + " checksum type cannot be used with the "
                            + plan.algorithm()
                            + " checksum algorithm.");
        }
    }
}
