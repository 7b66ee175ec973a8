package io.lilio.server.s3.operation;

import io.lilio.catalog.upload.Upload.ChecksumPlan;
import io.lilio.object.CreateUpload;
import io.lilio.object.CreateUploadRequest;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.request.ObjectHeaders;
import io.lilio.server.s3.request.ReadParameters;
import io.lilio.server.s3.request.UploadChecksumHeaders;
import io.lilio.server.s3.xml.XmlDocument;
import java.util.Optional;

/** CreateMultipartUpload. */
final class CreateMultipartUploadOperation implements Operation {

    private final CreateUpload create;

    CreateMultipartUploadOperation(CreateUpload create) {
        this.create = create;
    }

    @Override
    public void answer(S3Request request, S3Response response) {
        Optional<ChecksumPlan> checksum = UploadChecksumHeaders.ofCreate(request);
        String uploadId =
                create.create(
                        new CreateUploadRequest(
                                ReadParameters.address(request),
                                ObjectHeaders.parse(request),
                                request.caller().accessKeyId(),
                                checksum));
        checksum.ifPresent(
                chosen ->
                        response.header("x-amz-checksum-algorithm", chosen.algorithm().name())
                                .header("x-amz-checksum-type", chosen.type().name()));
        XmlAnswer.send(
                response,
                XmlDocument.ofRoot("InitiateMultipartUploadResult")
                        .element("Bucket", request.bucket())
                        .element("Key", request.key())
                        .element("UploadId", uploadId));
    }
}
