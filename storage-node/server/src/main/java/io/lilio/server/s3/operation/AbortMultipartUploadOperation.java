package io.lilio.server.s3.operation;

import io.lilio.object.AbortUpload;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.request.UploadParameters;

/** AbortMultipartUpload. */
final class AbortMultipartUploadOperation implements Operation {

    private final AbortUpload abort;

    AbortMultipartUploadOperation(AbortUpload abort) {
        this.abort = abort;
    }

    @Override
    public void answer(S3Request request, S3Response response) {
        abort.abort(UploadParameters.address(request));
        response.status(204).end();
    }
}
