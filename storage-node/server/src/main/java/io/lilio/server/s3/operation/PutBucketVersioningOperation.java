package io.lilio.server.s3.operation;

import io.lilio.catalog.bucket.Buckets;
import io.lilio.catalog.bucket.Versioning;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.request.ChecksumClaims;
import io.lilio.server.s3.request.VersioningDocument;
import io.lilio.server.s3.request.XmlBody;

/** PutBucketVersioning. */
final class PutBucketVersioningOperation implements Operation {

    private final Buckets buckets;

    PutBucketVersioningOperation(Buckets buckets) {
        this.buckets = buckets;
    }

    @Override
    public void answer(S3Request request, S3Response response) {
        boolean enabled =
                XmlBody.parse(
                        request,
                        ChecksumClaims.of(request),
                        VersioningDocument.MAX_BYTES,
                        VersioningDocument.ROOT,
                        VersioningDocument::parse);
        buckets.setVersioning(
                request.bucket(), enabled ? Versioning.ENABLED : Versioning.SUSPENDED);
        response.end();
    }
}
