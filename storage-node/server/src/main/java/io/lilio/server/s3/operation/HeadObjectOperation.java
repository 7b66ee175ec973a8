package io.lilio.server.s3.operation;

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
        HeadObject.Head found = head.head(ReadParameters.parse(request));
        ObjectAnswer.describe(request, response, found.info(), found.range());
        response.endHead(found.range().length());
    }
}
