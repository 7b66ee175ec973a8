package io.lilio;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one exception that the object store throws at its callers. The {@link Kind} says what
 * happened in terms that any edge can map to its protocol; the message is a sentence that a user
 * may read.
 */
public final class ObjectStoreException extends RuntimeException {

    /** What happened. The S3 edge maps each kind to exactly one S3 error. */
    public enum Kind {
        NO_SUCH_BUCKET,
        BUCKET_ALREADY_EXISTS,
        BUCKET_NOT_EMPTY,
        /** It is not the asker's to change or remove: 403 in S3. */
        BUCKET_OWNED_BY_ANOTHER,
        INVALID_BUCKET_NAME,
        NO_SUCH_KEY,
        NO_SUCH_VERSION,
        /** A version-less read met a delete marker: 404 with {@code x-amz-delete-marker}. */
        DELETE_MARKER,
        /** A read named a version that is a delete marker: 405. */
        VERSION_IS_DELETE_MARKER,
        KEY_TOO_LONG,
        NO_SUCH_UPLOAD,
        INVALID_PART,
        INVALID_PART_ORDER,
        PART_TOO_SMALL,
        OBJECT_TOO_LARGE,
        INVALID_ARGUMENT,
        INVALID_REQUEST,
        INVALID_RANGE,
        /** A condition on a write or If-Match / If-Unmodified-Since on a read failed: 412. */
        PRECONDITION_FAILED,
        /** If-None-Match or If-Modified-Since on a read: 304. */
        NOT_MODIFIED,
        /** A concurrent operation holds what this one needs; the client may retry: 409. */
        CONFLICT,
        /** A checksum or digest that the client claimed is not that of the bytes that arrived. */
        BAD_DIGEST,
        /** The body ended before everything that was announced had arrived. */
        INCOMPLETE_BODY,
        /**
         * The body was slower than the minimum rate, or the request took longer than its maximum
         * duration.
         */
        REQUEST_TIMEOUT,
        /** Buffers or queues are full: 503 SlowDown. */
        SLOW_DOWN,
        /** Fewer members than the quorum, or no metadata: 503 ServiceUnavailable. */
        UNAVAILABLE,
        /** No member can take more bytes. */
        STORAGE_FULL,
        /** The commit may or may not have happened (DESIGN §6); nothing was deleted: 503. */
        UNKNOWN_OUTCOME,
        /** A fault of ours. */
        INTERNAL
    }

    /**
     * What an answer may tell about the version that a request met although it failed: a condition
     * that did not hold, a delete marker, a range outside of it.
     *
     * @param versionId empty in a bucket whose versioning was never enabled
     * @param etag without quotation marks; empty for a delete marker
     * @param modified when it was written
     * @param sizeBytes 0 for a delete marker
     */
    public record About(
            Optional<String> versionId, String etag, Instant modified, long sizeBytes) {}

    private final Kind kind;
    private final @Nullable About about;

    public ObjectStoreException(Kind kind, String message) {
        this(kind, message, null, null);
    }

    public ObjectStoreException(Kind kind, String message, About about) {
        this(kind, message, null, about);
    }

    public ObjectStoreException(Kind kind, String message, @Nullable Throwable cause) {
        this(kind, message, cause, null);
    }

    private ObjectStoreException(
            Kind kind, String message, @Nullable Throwable cause, @Nullable About about) {
        super(message, cause);
        this.kind = kind;
        this.about = about;
    }

    public Kind kind() {
        return kind;
    }

    /** The version that a read met, where it met one. */
    public Optional<About> about() {
        return Optional.ofNullable(about);
    }
}
