package io.lilio.server.s3.operation;

import io.lilio.object.PartRequest;
import io.lilio.object.UploadPart;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.request.BodySource;
import io.lilio.server.s3.request.ChecksumClaims;
import io.lilio.server.s3.request.QueryNumbers;
import io.lilio.server.s3.request.UploadParameters;

/** UploadPart. */
final class UploadPartOperation implements Operation {

    private final UploadPart upload;

    UploadPartOperation(UploadPart upload) {
        this.upload = upload;
    }

    @Override
    public void answer(S3Request request, S3Response response) {
        ChecksumClaims claims = ChecksumClaims.of(request);
        PartRequest part =
                new PartRequest(
                        UploadParameters.address(request),
                        QueryNumbers.partNumber(request),
                        claims.checksum());
        ObjectAnswer.stored(response, upload.upload(part, BodySource.of(request, claims)));
        response.end();
    }
}
