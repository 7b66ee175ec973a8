package io.lilio.server.s3.operation;

import io.lilio.object.CompleteUpload;
import io.lilio.object.CompleteUploadRequest;
import io.lilio.object.CompleteUploadRequest.CompletedPart;
import io.lilio.object.PutResult;
import io.lilio.object.UploadAddress;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.request.ChecksumClaims;
import io.lilio.server.s3.request.CompleteDocument;
import io.lilio.server.s3.request.ConditionHeaders;
import io.lilio.server.s3.request.QueryNumbers;
import io.lilio.server.s3.request.UploadChecksumHeaders;
import io.lilio.server.s3.request.UploadParameters;
import io.lilio.server.s3.request.XmlBody;
import io.lilio.server.s3.xml.XmlDocument;
import java.util.List;
import java.util.OptionalLong;

/** CompleteMultipartUpload. Again after a lost answer, it answers the same. */
final class CompleteMultipartUploadOperation implements Operation {

    private final CompleteUpload complete;
    private final PatientAnswer patience;

    CompleteMultipartUploadOperation(CompleteUpload complete, PatientAnswer patience) {
        this.complete = complete;
        this.patience = patience;
    }

    @Override
    public void answer(S3Request request, S3Response response) {
        UploadAddress upload = UploadParameters.address(request);
        List<CompletedPart> parts =
                XmlBody.parse(
                        request,
                        ChecksumClaims.md5Only(request),
                        CompleteDocument.MAX_BYTES,
                        CompleteDocument.ROOT,
                        CompleteDocument::parse);
        CompleteUploadRequest completion =
                new CompleteUploadRequest(
                        upload,
                        parts,
                        UploadChecksumHeaders.ofComplete(request),
                        size(request),
                        ConditionHeaders.ofWrite(request.headers()));
        patience.answer(
                request,
                response,
                () -> {
                    PutResult result = complete.complete(completion);
                    return answer -> describe(request, answer, result);
                });
    }

    private static XmlDocument describe(S3Request request, S3Response response, PutResult result) {
        ObjectAnswer.version(response, result.versionId());
        String scheme = request.head().peer().secure() ? "https://" : "http://";
        XmlDocument document =
                XmlDocument.ofRoot("CompleteMultipartUploadResult")
                        .element(
                                "Location",
                                scheme
                                        + request.headers().first("host").orElse("")
                                        + request.head().target().rawPath())
                        .element("Bucket", request.bucket())
                        .element("Key", request.key())
                        .element("ETag", ObjectAnswer.quote(result.etag()));
        ObjectAnswer.checksum(document, result.checksum());
        return document;
    }

    private static OptionalLong size(S3Request request) {
        String text = request.headers().first("x-amz-mp-object-size").orElse("");
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            long size = Long.parseLong(text);
            if (size >= 0) {
                return OptionalLong.of(size);
            }
        } catch (NumberFormatException notANumber) {
            // Answered like a negative one.
        }
        throw QueryNumbers.invalid(
                "x-amz-mp-object-size", text, "The object size has to be a number of bytes.");
    }
}
