package io.lilio.catalog.commit;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;

/** Why a change was refused. */
public enum RefusedReason {
    /** The bucket does not exist (any more), or its name now belongs to another one. */
    NO_SUCH_BUCKET(Kind.NO_SUCH_BUCKET, "The bucket does not exist."),
    /** A bucket of this name exists. */
    BUCKET_ALREADY_EXISTS(Kind.BUCKET_ALREADY_EXISTS, "The bucket exists already."),
    /** It holds objects, versions or delete markers. */
    BUCKET_NOT_EMPTY(
            Kind.BUCKET_NOT_EMPTY,
            "The bucket is not empty: it holds objects, versions or delete markers."),
    /** All that it holds are uploads. */
    UPLOADS_UNDER_WAY(
            Kind.BUCKET_NOT_EMPTY,
            "Multipart uploads are under way in the bucket: they must be aborted first."),
    /** It is made and removed through the admin API, by somebody else. */
    BUCKET_OWNED_BY_ANOTHER(
            Kind.BUCKET_OWNED_BY_ANOTHER,
            "The bucket belongs to an owner in the admin API, who alone changes or removes it"
                    + " there."),
    /** It is not made and removed through the admin API, so nobody may claim there to do so. */
    BUCKET_OWNED_BY_NOBODY(
            Kind.BUCKET_OWNED_BY_ANOTHER,
            "The bucket belongs to nobody in the admin API: it has to be adopted first."),
    /** If-Match on a key that has no current object. */
    NO_SUCH_KEY(Kind.NO_SUCH_KEY, "The key does not exist."),
    /** A condition of the request does not hold. */
    PRECONDITION_FAILED(
            Kind.PRECONDITION_FAILED,
            "At least one of the conditions of the request does not hold."),
    /** The upload does not exist: never, aborted, or completed and its object gone. */
    NO_SUCH_UPLOAD(Kind.NO_SUCH_UPLOAD, "The upload does not exist, was aborted or completed."),
    /** A Complete is at work on this upload. */
    UPLOAD_SEALED(Kind.CONFLICT, "The upload is being completed by another request."),
    /** A Complete that started later took over. */
    SUPERSEDED(Kind.CONFLICT, "Another request to complete the upload took over."),
    /** What was to be rewritten is not the current version any more: look again. */
    SOURCE_CHANGED(Kind.CONFLICT, "The object changed meanwhile."),
    /** The rewrite would make a second version of the same blobs: copy the bytes instead. */
    NEEDS_COPY(Kind.CONFLICT, "The bucket keeps versions, so the object has to be copied."),
    /** The blob's ring epoch is closed: write it again under the newest. */
    EPOCH_CLOSED(Kind.UNAVAILABLE, "The ring changed while the object was written; try again."),
    /** This process's session is over; a new one begins, requests of the old one are void. */
    SESSION_LOST(Kind.UNAVAILABLE, "The server lost its session with the metadata; try again."),
    /** Others changed the same key again and again. */
    CONTENDED(Kind.SLOW_DOWN, "Too many concurrent changes of the same key; try again."),
    /** The metadata store takes no more data. */
    METADATA_FULL(Kind.STORAGE_FULL, "The metadata store is full."),
    /** The metadata store did not answer, and certainly did not apply it. */
    METADATA_UNAVAILABLE(Kind.UNAVAILABLE, "The metadata store does not answer; try again.");

    private final Kind kind;
    private final String message;

    RefusedReason(Kind kind, String message) {
        this.kind = kind;
        this.message = message;
    }

    /** What the caller is told. */
    public ObjectStoreException asException() {
        return new ObjectStoreException(kind, message);
    }
}
