package io.lilio.server.s3.operation;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.server.s3.error.EngineErrors;
import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.S3Request;

/** The engine's failures in terms of what was asked for: what S3 names in its answer, named. */
final class RequestFailure {

    private static final String MARKER_AS_SOURCE =
            "The source of a copy request may not specifically refer to a delete marker by version"
                    + " id.";

    private RequestFailure() {}

    static S3Exception of(S3Request request, ObjectStoreException failure) {
        S3Exception told = EngineErrors.translate(failure);
        if (request.headers().has("x-amz-copy-source")) {
            return failure.kind() == Kind.VERSION_IS_DELETE_MARKER
                    ? new S3Exception(S3Error.INVALID_REQUEST, MARKER_AS_SOURCE, failure)
                    : told; // it may be the source that is not there, or the target
        }
        return switch (failure.kind()) {
            case NO_SUCH_BUCKET, INVALID_BUCKET_NAME, BUCKET_ALREADY_EXISTS, BUCKET_NOT_EMPTY ->
                    told.withDetail("BucketName", request.bucket());
            case NO_SUCH_KEY, DELETE_MARKER -> told.withDetail("Key", request.key());
            case NO_SUCH_VERSION ->
                    told.withDetail("Key", request.key())
                            .withDetail("VersionId", parameter(request, "versionId"));
            case NO_SUCH_UPLOAD -> told.withDetail("UploadId", parameter(request, "uploadId"));
            case INVALID_RANGE -> unsatisfiable(request, told);
            default -> told;
        };
    }

    /** Bytes that are not there are an invalid part number or an invalid range. */
    private static S3Exception unsatisfiable(S3Request request, S3Exception told) {
        String part = parameter(request, "partNumber");
        return part.isEmpty()
                ? told.withDetail("RangeRequested", request.headers().first("range").orElse(""))
                : new S3Exception(
                                S3Error.INVALID_PART_NUMBER,
                                S3Error.INVALID_PART_NUMBER.message(),
                                told.getCause())
                        .withDetail("PartNumberRequested", part);
    }

    private static String parameter(S3Request request, String name) {
        return request.query().first(name).orElse("");
    }
}
