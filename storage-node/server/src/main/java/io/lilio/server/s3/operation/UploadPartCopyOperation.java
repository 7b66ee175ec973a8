package io.lilio.server.s3.operation;

import io.lilio.object.CopyResult;
import io.lilio.object.CopySource;
import io.lilio.object.PartCopyRequest;
import io.lilio.object.PartRequest;
import io.lilio.object.UploadPartCopy;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.request.CopySourceHeader;
import io.lilio.server.s3.request.QueryNumbers;
import io.lilio.server.s3.request.RangeHeader;
import io.lilio.server.s3.request.UploadParameters;
import java.util.Optional;

/** UploadPartCopy: a part that is some bytes of an existing object. */
final class UploadPartCopyOperation implements Operation {

    private final UploadPartCopy copy;
    private final PatientAnswer patience;

    UploadPartCopyOperation(UploadPartCopy copy, PatientAnswer patience) {
        this.copy = copy;
        this.patience = patience;
    }

    @Override
    public void answer(S3Request request, S3Response response) {
        CopySource source = CopySourceHeader.parse(request);
        CopyObjectOperation.requireReadable(request, source);
        PartCopyRequest part =
                new PartCopyRequest(
                        new PartRequest(
                                UploadParameters.address(request),
                                QueryNumbers.partNumber(request),
                                Optional.empty()),
                        source,
                        request.headers()
                                .first("x-amz-copy-source-range")
                                .map(RangeHeader::ofCopySource));
        patience.answer(
                request,
                response,
                () -> {
                    CopyResult result = copy.copy(part);
                    return answer -> CopyObjectOperation.describe(answer, result, "CopyPartResult");
                });
    }
}
