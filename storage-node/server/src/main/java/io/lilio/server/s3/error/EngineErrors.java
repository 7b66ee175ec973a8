package io.lilio.server.s3.error;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.About;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.ViewExpiredException;
import io.lilio.server.s3.HttpTime;

/** The one translation of the engine's failures into S3's. */
public final class EngineErrors {

    private EngineErrors() {}

    /** Any failure in terms of S3; what nobody foresaw is an internal error. */
    public static S3Exception of(Throwable failure) {
        return switch (failure) {
            case S3Exception known -> known;
            case ObjectStoreException engine -> translate(engine);
            case MetadataUnavailableException metadata -> ofMetadata(metadata);
            case ViewExpiredException metadata -> ofMetadata(metadata);
            default ->
                    new S3Exception(
                            S3Error.INTERNAL_ERROR, S3Error.INTERNAL_ERROR.message(), failure);
        };
    }

    /** The S3 error for a kind of engine failure. */
    public static S3Error of(Kind kind) {
        return switch (kind) {
            case NO_SUCH_BUCKET -> S3Error.NO_SUCH_BUCKET;
            // One account: whoever may create buckets owns them all.
            case BUCKET_ALREADY_EXISTS -> S3Error.BUCKET_ALREADY_OWNED_BY_YOU;
            case BUCKET_NOT_EMPTY -> S3Error.BUCKET_NOT_EMPTY;
            case BUCKET_OWNED_BY_ANOTHER -> S3Error.ACCESS_DENIED;
            case INVALID_BUCKET_NAME -> S3Error.INVALID_BUCKET_NAME;
            case NO_SUCH_KEY, DELETE_MARKER -> S3Error.NO_SUCH_KEY;
            case NO_SUCH_VERSION -> S3Error.NO_SUCH_VERSION;
            case VERSION_IS_DELETE_MARKER -> S3Error.METHOD_NOT_ALLOWED;
            case KEY_TOO_LONG -> S3Error.KEY_TOO_LONG;
            case NO_SUCH_UPLOAD -> S3Error.NO_SUCH_UPLOAD;
            case INVALID_PART -> S3Error.INVALID_PART;
            case INVALID_PART_ORDER -> S3Error.INVALID_PART_ORDER;
            case PART_TOO_SMALL -> S3Error.ENTITY_TOO_SMALL;
            case OBJECT_TOO_LARGE -> S3Error.ENTITY_TOO_LARGE;
            case INVALID_ARGUMENT -> S3Error.INVALID_ARGUMENT;
            case INVALID_REQUEST -> S3Error.INVALID_REQUEST;
            case INVALID_RANGE -> S3Error.INVALID_RANGE;
            case PRECONDITION_FAILED -> S3Error.PRECONDITION_FAILED;
            case NOT_MODIFIED -> S3Error.NOT_MODIFIED;
            case CONFLICT -> S3Error.OPERATION_ABORTED;
            case BAD_DIGEST -> S3Error.BAD_DIGEST;
            case INCOMPLETE_BODY -> S3Error.INCOMPLETE_BODY;
            case REQUEST_TIMEOUT -> S3Error.REQUEST_TIMEOUT;
            case SLOW_DOWN -> S3Error.SLOW_DOWN;
            case UNAVAILABLE, UNKNOWN_OUTCOME -> S3Error.SERVICE_UNAVAILABLE;
            case STORAGE_FULL -> S3Error.INSUFFICIENT_STORAGE;
            case INTERNAL -> S3Error.INTERNAL_ERROR;
        };
    }

    /**
     * The S3 form of an engine failure. The engine's sentence is passed on, but for faults of ours,
     * whose details belong into the log alone. What the engine tells about the version that the
     * request met becomes headers.
     */
    public static S3Exception translate(ObjectStoreException failure) {
        S3Error error = of(failure.kind());
        String sentence = failure.getMessage();
        if (sentence == null || error == S3Error.INTERNAL_ERROR) {
            sentence = error.message();
        }
        S3Exception translated = new S3Exception(error, sentence, failure);
        return failure.about()
                .map(about -> withVersion(translated, failure.kind(), about))
                .orElse(translated);
    }

    /**
     * The S3 form of what the metadata store throws at those who use the catalog directly (access
     * keys, buckets and listings): without metadata nothing can be proved, so nothing is served.
     */
    private static S3Exception ofMetadata(RuntimeException metadataFailure) {
        return new S3Exception(
                S3Error.SERVICE_UNAVAILABLE,
                "The metadata store cannot serve the request; try again.",
                metadataFailure);
    }

    private static S3Exception withVersion(S3Exception failure, Kind kind, About about) {
        S3Exception told = failure;
        if (about.versionId().isPresent()) {
            told = told.withHeader("x-amz-version-id", about.versionId().get());
        }
        return switch (kind) {
            case NOT_MODIFIED ->
                    told.withHeader("ETag", '"' + about.etag() + '"')
                            .withHeader("Last-Modified", HttpTime.format(about.modified()));
            case DELETE_MARKER -> told.withHeader("x-amz-delete-marker", "true");
            case VERSION_IS_DELETE_MARKER ->
                    told.withHeader("x-amz-delete-marker", "true")
                            .withHeader("Last-Modified", HttpTime.format(about.modified()))
                            .withHeader("Allow", "DELETE");
            case INVALID_RANGE ->
                    told.withHeader("Content-Range", "bytes */" + about.sizeBytes())
                            .withDetail("ActualObjectSize", Long.toString(about.sizeBytes()));
            default -> told;
        };
    }
}
