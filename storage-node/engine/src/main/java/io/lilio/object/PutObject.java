package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.catalog.bucket.Bucket;
import io.lilio.catalog.commit.RefusedReason;
import io.lilio.catalog.object.Conditions;
import io.lilio.catalog.object.Draft;
import io.lilio.catalog.object.HeadLook;
import io.lilio.catalog.object.ObjectIndex;
import io.lilio.catalog.object.Stored;
import io.lilio.catalog.object.VersionSummary;
import io.lilio.chunk.ChunkOwner;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.session.InFlight;
import io.lilio.metadata.session.Sessions;
import io.lilio.object.BlobWriter.Plan;
import io.lilio.object.BlobWriter.Written;
import java.util.Optional;

/**
 * Stores one object: all of it becomes visible at once, or none of it does. Memory is bounded
 * whatever the object's size. Thread-safe.
 */
public final class PutObject {

    /** The largest object that one request may store; larger ones come in parts. */
    public static final long MAX_BYTES = 5L * 1024 * 1024 * 1024;

    private final Sessions sessions;
    private final ObjectIndex objects;
    private final Blobs blobs;

    PutObject(Sessions sessions, ObjectIndex objects, Blobs blobs) {
        this.sessions = sessions;
        this.objects = objects;
        this.blobs = blobs;
    }

    /**
     * Reads the source to its end, stores W durable replicas of every chunk and commits. Blocks
     * until then.
     *
     * @throws ObjectStoreException what the source throws; NO_SUCH_BUCKET; PRECONDITION_FAILED and,
     *     for If-Match where nothing is, NO_SUCH_KEY; OBJECT_TOO_LARGE; REQUEST_TIMEOUT when the
     *     request was too slow or took too long; SLOW_DOWN without a buffer; UNAVAILABLE or
     *     STORAGE_FULL below the quorum, or without metadata. In all these cases nothing is visible
     *     and what was written is removed. UNKNOWN_OUTCOME when the object may or may not have been
     *     stored
     */
    public PutResult put(PutRequest request, ObjectSource source) {
        String key = request.address().key();
        try (InFlight inFlight = sessions.begin()) {
            HeadLook opened = open(request);
            Bucket bucket = opened.bucket();
            ChunkOwner owner = new ChunkOwner.OfObject(bucket.id(), key);
            Plan plan =
                    new Plan(
                            inFlight,
                            owner,
                            bucket.chunkSize(),
                            blobs.settings().inlineMaxBytes(),
                            blobs.digests(source, request.checksum()));
            try (BlobWriter blob = blobs.writer(plan)) {
                Written written = blob.transferFrom(blobs.body(source, MAX_BYTES));
                source.verify(written.digests());
                Draft draft =
                        new Draft(
                                written.content(),
                                blobs.etag(written.digests()),
                                request.attributes(),
                                request.checksum().flatMap(written.digests()::checksum));
                Conditions conditions = request.conditions();
                return result(blob.commit(() -> objects.put(inFlight, opened, draft, conditions)));
            }
        } catch (MetadataUnavailableException e) {
            throw Failures.unavailable(e);
        }
    }

    /** A condition that fails already need not wait for the body; the commit decides for good. */
    private HeadLook open(PutRequest request) {
        HeadLook look = objects.look(request.address().bucket(), request.address().key());
        Optional<RefusedReason> refusal = request.conditions().refusal(look.currentObject());
        if (refusal.isPresent()) {
            throw refusal.get().asException();
        }
        return look;
    }

    static PutResult result(Stored stored) {
        VersionSummary version = stored.version();
        return new PutResult(
                version.etag(),
                version.size(),
                version.lastModified(),
                ObjectLookup.shownId(stored.versioning(), version.id()),
                version.checksum());
    }
}
