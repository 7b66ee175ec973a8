package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.catalog.bucket.Bucket;
import io.lilio.catalog.bucket.Buckets;
import io.lilio.catalog.commit.CommitOutcome;
import io.lilio.catalog.object.Deleted;
import io.lilio.catalog.object.ObjectIndex;
import io.lilio.catalog.object.VersionId;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.session.InFlight;
import io.lilio.metadata.session.Sessions;

/** Deletes an object, or one of its versions. Thread-safe. */
public final class DeleteObject {

    private final Sessions sessions;
    private final Buckets buckets;
    private final ObjectIndex objects;

    DeleteObject(Sessions sessions, Buckets buckets, ObjectIndex objects) {
        this.sessions = sessions;
        this.buckets = buckets;
        this.objects = objects;
    }

    /**
     * What is deleted is invisible when this returns; reads under way end well, and its chunks are
     * removed when the last of them has ended.
     *
     * @throws ObjectStoreException NO_SUCH_BUCKET, PRECONDITION_FAILED, UNAVAILABLE,
     *     UNKNOWN_OUTCOME. That there is nothing to delete is no error
     */
    public DeleteResult delete(DeleteRequest request) {
        try (InFlight inFlight = sessions.begin()) {
            Bucket bucket = buckets.get(request.address().bucket());
            return result(delete(inFlight, bucket, request).orThrow());
        } catch (MetadataUnavailableException e) {
            throw Failures.unavailable(e);
        }
    }

    private CommitOutcome<Deleted> delete(InFlight inFlight, Bucket bucket, DeleteRequest request) {
        String key = request.address().key();
        return request.versionId().isEmpty()
                ? objects.delete(inFlight, bucket, key, request.conditions())
                : objects.delete(
                        inFlight,
                        bucket,
                        key,
                        VersionId.parse(request.versionId().get()),
                        request.conditions());
    }

    private static DeleteResult result(Deleted deleted) {
        return new DeleteResult(
                deleted.marker().or(deleted::version).map(VersionId::toString),
                deleted.marker().isPresent());
    }
}
