package io.lilio.server.s3.operation;

import io.lilio.catalog.bucket.Buckets;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;

/** DeleteBucket, of an empty bucket. */
final class DeleteBucketOperation implements Operation {

    private final Buckets buckets;

    DeleteBucketOperation(Buckets buckets) {
        this.buckets = buckets;
    }

    @Override
    public void answer(S3Request request, S3Response response) {
        buckets.delete(request.bucket());
        response.status(204).end();
    }
}
