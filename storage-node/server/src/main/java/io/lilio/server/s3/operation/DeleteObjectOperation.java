package io.lilio.server.s3.operation;

import io.lilio.object.DeleteObject;
import io.lilio.object.DeleteRequest;
import io.lilio.object.DeleteResult;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.request.ConditionHeaders;
import io.lilio.server.s3.request.ReadParameters;

/** DeleteObject, of a version too. What is not there is deleted successfully. */
final class DeleteObjectOperation implements Operation {

    private final DeleteObject delete;

    DeleteObjectOperation(DeleteObject delete) {
        this.delete = delete;
    }

    @Override
    public void answer(S3Request request, S3Response response) {
        DeleteResult result =
                delete.delete(
                        new DeleteRequest(
                                ReadParameters.address(request),
                                ReadParameters.versionId(request),
                                ConditionHeaders.ofDelete(request.headers())));
        if (result.deleteMarker()) {
            response.header("x-amz-delete-marker", "true");
        }
        ObjectAnswer.version(response, result.versionId());
        response.status(204).end();
    }
}
