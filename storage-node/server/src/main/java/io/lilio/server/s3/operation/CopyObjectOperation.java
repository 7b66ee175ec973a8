package io.lilio.server.s3.operation;

import io.lilio.object.CopyAttributes;
import io.lilio.object.CopyObject;
import io.lilio.object.CopyRequest;
import io.lilio.object.CopyResult;
import io.lilio.object.CopySource;
import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.request.ChecksumClaims;
import io.lilio.server.s3.request.ConditionHeaders;
import io.lilio.server.s3.request.CopySourceHeader;
import io.lilio.server.s3.request.ObjectHeaders;
import io.lilio.server.s3.request.QueryNumbers;
import io.lilio.server.s3.request.ReadParameters;
import io.lilio.server.s3.request.StorageClass;
import io.lilio.server.s3.xml.XmlDocument;

/** CopyObject, of a version too, with the source's attributes or with new ones. */
final class CopyObjectOperation implements Operation {

    private final CopyObject copy;
    private final PatientAnswer patience;

    CopyObjectOperation(CopyObject copy, PatientAnswer patience) {
        this.copy = copy;
        this.patience = patience;
    }

    @Override
    public void answer(S3Request request, S3Response response) {
        CopySource source = CopySourceHeader.parse(request);
        requireReadable(request, source);
        CopyRequest copyRequest =
                new CopyRequest(
                        source,
                        ReadParameters.address(request),
                        attributes(request),
                        request.headers()
                                .first("x-amz-checksum-algorithm")
                                .map(ChecksumClaims::algorithm),
                        ConditionHeaders.ofWrite(request.headers()));
        patience.answer(
                request,
                response,
                () -> {
                    CopyResult result = copy.copy(copyRequest);
                    return answer -> describe(answer, result, "CopyObjectResult");
                });
    }

    /** A caller bound to some buckets must not read others by copying from them. */
    static void requireReadable(S3Request request, CopySource source) {
        if (!request.caller().mayRead(source.address().bucket())) {
            throw new S3Exception(S3Error.ACCESS_DENIED);
        }
    }

    static XmlDocument describe(S3Response response, CopyResult result, String root) {
        ObjectAnswer.version(response, result.copy().versionId());
        result.sourceVersionId()
                .ifPresent(id -> response.header("x-amz-copy-source-version-id", id));
        XmlDocument document =
                XmlDocument.ofRoot(root)
                        .element("LastModified", result.copy().modified())
                        .element("ETag", ObjectAnswer.quote(result.copy().etag()));
        ObjectAnswer.checksum(document, result.copy().checksum());
        return document;
    }

    private static CopyAttributes attributes(S3Request request) {
        String directive = request.headers().first("x-amz-metadata-directive").orElse("COPY");
        return switch (directive) {
            case "COPY" ->
                    new CopyAttributes.Kept(
                            request.headers()
                                    .first("x-amz-storage-class")
                                    .map(asked -> StorageClass.of(request)));
            case "REPLACE" -> new CopyAttributes.Replaced(ObjectHeaders.parse(request));
            default ->
                    throw QueryNumbers.invalid(
                            "x-amz-metadata-directive", directive, "Unknown metadata directive.");
        };
    }
}
