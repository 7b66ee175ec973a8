package io.lilio.server.s3.operation;

import io.lilio.object.PutObject;
import io.lilio.object.PutRequest;
import io.lilio.object.PutResult;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.request.BodySource;
import io.lilio.server.s3.request.ChecksumClaims;
import io.lilio.server.s3.request.ConditionHeaders;
import io.lilio.server.s3.request.ObjectHeaders;
import io.lilio.server.s3.request.ReadParameters;

/** PutObject. Everything that can be refused is refused before the body is asked for. */
final class PutObjectOperation implements Operation {

    private final PutObject put;

    PutObjectOperation(PutObject put) {
        this.put = put;
    }

    @Override
    public void answer(S3Request request, S3Response response) {
        ChecksumClaims claims = ChecksumClaims.of(request);
        PutRequest object =
                new PutRequest(
                        ReadParameters.address(request),
                        ObjectHeaders.parse(request),
                        ConditionHeaders.ofWrite(request.headers()),
                        claims.checksum());
        PutResult stored = put.put(object, BodySource.of(request, claims));
        ObjectAnswer.stored(response, stored);
        response.end();
    }
}
