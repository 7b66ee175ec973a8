package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.content.BlobRef;
import io.lilio.catalog.content.Part;
import io.lilio.catalog.upload.FoundUpload;
import io.lilio.catalog.upload.PartDraft;
import io.lilio.catalog.upload.Upload;
import io.lilio.catalog.upload.Upload.ChecksumPlan;
import io.lilio.catalog.upload.Uploads;
import io.lilio.chunk.ChunkOwner;
import io.lilio.digest.DigestAlgorithm;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.session.InFlight;
import io.lilio.metadata.session.Sessions;
import io.lilio.object.BlobWriter.Plan;
import io.lilio.object.BlobWriter.Written;
import java.util.Optional;

/** Stores one part of a multipart upload, whole or not at all. Thread-safe. */
public final class UploadPart {

    private final Sessions sessions;
    private final Uploads uploads;
    private final Blobs blobs;

    UploadPart(Sessions sessions, Uploads uploads, Blobs blobs) {
        this.sessions = sessions;
        this.uploads = uploads;
        this.blobs = blobs;
    }

    /**
     * Blocks until the part is durable. A part of the same number stored before is replaced.
     *
     * @return without a version id
     * @throws ObjectStoreException NO_SUCH_UPLOAD, also when it was completed or aborted meanwhile;
     *     CONFLICT while it is being completed; INVALID_REQUEST when the part has another checksum
     *     algorithm than the upload; and as {@link PutObject#put}
     */
    public PutResult upload(PartRequest request, ObjectSource source) {
        UploadAddress address = request.upload();
        try (InFlight inFlight = sessions.begin()) {
            FoundUpload found = uploads.find(address.bucket(), address.key(), address.id());
            Optional<DigestAlgorithm> checksum = checksum(found.upload(), request);
            Plan plan =
                    new Plan(
                            inFlight,
                            owner(found, request.number()),
                            found.bucket().chunkSize(),
                            Plan.NEVER_INLINE,
                            blobs.digests(source, checksum));
            try (BlobWriter blob = blobs.writer(plan)) {
                Written written = blob.transferFrom(blobs.body(source, PutObject.MAX_BYTES));
                source.verify(written.digests());
                BlobRef ref = written.blob();
                PartDraft draft =
                        new PartDraft(
                                request.number(),
                                ref,
                                blobs.etag(written.digests()),
                                checksum.flatMap(written.digests()::checksum));
                return result(
                        blob.commit(
                                () ->
                                        uploads.putPart(
                                                inFlight, found.bucket(), found.upload(), draft)));
            }
        } catch (MetadataUnavailableException e) {
            throw Failures.unavailable(e);
        }
    }

    private static ChunkOwner owner(FoundUpload found, int number) {
        Upload upload = found.upload();
        return new ChunkOwner.OfPart(found.bucket().id(), upload.key(), upload.id(), number);
    }

    /**
     * A part has the checksum that its upload is about, whether or not its client sent one: S3
     * refuses a part without, but nothing is lost by computing it.
     */
    private static Optional<DigestAlgorithm> checksum(Upload upload, PartRequest request) {
        Optional<DigestAlgorithm> planned = upload.checksum().map(ChecksumPlan::algorithm);
        Optional<DigestAlgorithm> sent = request.checksum();
        if (planned.isPresent() && sent.isPresent() && !planned.equals(sent)) {
            throw new ObjectStoreException(
                    Kind.INVALID_REQUEST,
                    "Checksum Type mismatch occurred, expected checksum Type: "
                            + planned.get()
                            + ", actual checksum Type: "
                            + sent.get());
        }
        return planned.or(() -> sent);
    }

    private static PutResult result(Part part) {
        return new PutResult(
                part.etag(), part.size(), part.lastModified(), Optional.empty(), part.checksum());
    }
}
