package io.lilio.server.s3.operation;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.server.s3.error.EngineErrors;
import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.S3Request;

/** Why an object could not be read, in terms of what was asked for. */
final class ReadFailure {

    private ReadFailure() {}

    /** Bytes that are not there are an invalid part number or an invalid range. */
    static RuntimeException of(S3Request request, ObjectStoreException failure) {
        if (failure.kind() != Kind.INVALID_RANGE) {
            return failure;
        }
        String part = request.query().first("partNumber").orElse("");
        return part.isEmpty()
                ? EngineErrors.translate(failure)
                        .withDetail("RangeRequested", request.headers().first("range").orElse(""))
                : new S3Exception(
                                S3Error.INVALID_PART_NUMBER,
                                S3Error.INVALID_PART_NUMBER.message(),
                                failure)
                        .withDetail("PartNumberRequested", part);
    }
}
