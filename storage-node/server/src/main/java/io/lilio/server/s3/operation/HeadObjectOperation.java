package io.lilio.server.s3.operation;

import io.lilio.ObjectStoreException;
import io.lilio.object.HeadObject;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.request.ReadParameters;

/** HeadObject: what GetObject would answer, without the bytes. */
final class HeadObjectOperation implements Operation {

    private final HeadObject head;

    HeadObjectOperation(HeadObject head) {
        this.head = head;
    }

    @Override
    public void answer(S3Request request, S3Response response) {
        HeadObject.Head found = find(request);
        ObjectAnswer.describe(request, response, found.info(), found.range());
        response.endHead(found.range().length());
    }

    private HeadObject.Head find(S3Request request) {
        try {
            return head.head(ReadParameters.parse(request));
        } catch (ObjectStoreException e) {
            throw ReadFailure.of(request, e);
        }
    }
}
