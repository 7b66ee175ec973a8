package io.lilio.server.s3.request;

import io.lilio.object.UploadAddress;
import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.S3Request;

/** The multipart upload that a request is about. */
public final class UploadParameters {

    private UploadParameters() {}

    /**
     * @throws S3Exception NoSuchUpload for an empty upload id
     */
    public static UploadAddress address(S3Request request) {
        String uploadId = request.query().first("uploadId").orElse("");
        if (uploadId.isEmpty()) {
            throw new S3Exception(S3Error.NO_SUCH_UPLOAD).withDetail("UploadId", "");
        }
        return new UploadAddress(ReadParameters.address(request), uploadId);
    }
}
