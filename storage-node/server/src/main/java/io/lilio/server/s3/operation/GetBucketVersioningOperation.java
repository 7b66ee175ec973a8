package io.lilio.server.s3.operation;

import io.lilio.catalog.bucket.Buckets;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.xml.XmlDocument;

/** GetBucketVersioning. */
final class GetBucketVersioningOperation implements Operation {

    private final Buckets buckets;

    GetBucketVersioningOperation(Buckets buckets) {
        this.buckets = buckets;
    }

    @Override
    public void answer(S3Request request, S3Response response) {
        XmlDocument document = XmlDocument.ofRoot("VersioningConfiguration");
        switch (buckets.get(request.bucket()).versioning()) {
            case OFF -> {}
            case ENABLED -> document.element("Status", "Enabled");
            case SUSPENDED -> document.element("Status", "Suspended");
        }
        XmlAnswer.send(response, document);
    }
}
