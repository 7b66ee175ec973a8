package io.lilio.server.s3.operation;

import io.lilio.catalog.bucket.Buckets;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.xml.XmlDocument;

/** GetBucketLocation. The region us-east-1 has an empty location, for historical reasons. */
final class GetBucketLocationOperation implements Operation {

    private final Buckets buckets;
    private final String region;

    GetBucketLocationOperation(Buckets buckets, String region) {
        this.buckets = buckets;
        this.region = region;
    }

    @Override
    public void answer(S3Request request, S3Response response) {
        buckets.get(request.bucket());
        String location = region.equals("us-east-1") ? "" : region;
        XmlAnswer.send(response, XmlDocument.ofRoot("LocationConstraint").text(location));
    }
}
