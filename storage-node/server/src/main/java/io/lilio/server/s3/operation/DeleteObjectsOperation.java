package io.lilio.server.s3.operation;

import io.lilio.ObjectStoreException;
import io.lilio.catalog.object.Conditions;
import io.lilio.object.DeleteObjects;
import io.lilio.object.DeleteRequest;
import io.lilio.object.ObjectAddress;
import io.lilio.server.s3.error.EngineErrors;
import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.request.ChecksumClaims;
import io.lilio.server.s3.request.ConditionHeaders;
import io.lilio.server.s3.request.DeleteDocument;
import io.lilio.server.s3.request.XmlBody;
import io.lilio.server.s3.xml.XmlDocument;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * DeleteObjects: up to 1,000, each deleted or failed by itself. The list has to come with a digest,
 * as S3 demands, since a damaged list deletes the wrong objects.
 */
final class DeleteObjectsOperation implements Operation {

    private final DeleteObjects delete;

    DeleteObjectsOperation(DeleteObjects delete) {
        this.delete = delete;
    }

    @Override
    public void answer(S3Request request, S3Response response) {
        ChecksumClaims claims = ChecksumClaims.of(request);
        if (claims.isEmpty()) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
        }
        DeleteDocument list =
                XmlBody.parse(
                        request,
                        claims,
                        DeleteDocument.MAX_BYTES,
                        DeleteDocument.ROOT,
                        DeleteDocument::parse);
        XmlDocument document = XmlDocument.ofRoot("DeleteResult");
        List<DeleteRequest> deletes = new ArrayList<>();
        for (DeleteDocument.Target target : list.objects()) {
            try {
                deletes.add(deleteRequest(request.bucket(), target));
            } catch (ObjectStoreException refused) {
                error(document, target.key(), target.versionId().orElse(null), refused);
            }
        }
        for (DeleteObjects.Outcome outcome : delete.delete(request.bucket(), deletes)) {
            write(document, outcome, list.quiet());
        }
        XmlAnswer.send(response, document);
    }

    private static DeleteRequest deleteRequest(String bucket, DeleteDocument.Target target) {
        return new DeleteRequest(
                new ObjectAddress(bucket, target.key()),
                target.versionId(),
                target.etag().map(ConditionHeaders::ifMatch).orElse(Conditions.none()));
    }

    private static void write(XmlDocument document, DeleteObjects.Outcome outcome, boolean quiet) {
        String key = outcome.request().address().key();
        String asked = outcome.request().versionId().orElse(null);
        switch (outcome) {
            case DeleteObjects.Failed failed -> error(document, key, asked, failed.cause());
            case DeleteObjects.Deleted deleted -> {
                if (quiet) {
                    return;
                }
                document.open("Deleted").element("Key", key).optional("VersionId", asked);
                if (deleted.result().deleteMarker()) {
                    document.element("DeleteMarker", true)
                            .optional(
                                    "DeleteMarkerVersionId",
                                    deleted.result().versionId().orElse(null));
                }
                document.close();
            }
        }
    }

    private static void error(
            XmlDocument document,
            String key,
            @Nullable String versionId,
            ObjectStoreException cause) {
        S3Exception failure = EngineErrors.translate(cause);
        document.open("Error")
                .element("Key", key)
                .optional("VersionId", versionId)
                .element("Code", failure.error().code())
                .element("Message", failure.message())
                .close();
    }
}
