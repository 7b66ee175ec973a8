package io.lilio.server.s3.operation;

import io.lilio.catalog.bucket.Buckets;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;

/** HeadBucket. */
final class HeadBucketOperation implements Operation {

    private final Buckets buckets;
    private final String region;

    HeadBucketOperation(Buckets buckets, String region) {
        this.buckets = buckets;
        this.region = region;
    }

    @Override
    public void answer(S3Request request, S3Response response) {
        buckets.get(request.bucket());
        response.header("x-amz-bucket-region", region)
                .header("Content-Type", "application/xml")
                .endHead(0);
    }
}
