package io.lilio.server.s3.operation;

import io.lilio.catalog.bucket.Buckets;
import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.request.ChecksumClaims;
import io.lilio.server.s3.request.CreateBucketDocument;
import io.lilio.server.s3.request.XmlBody;
import java.util.Optional;

/** CreateBucket. A location constraint has to be the region of this store. */
final class CreateBucketOperation implements Operation {

    private final Buckets buckets;
    private final EdgeSettings settings;

    CreateBucketOperation(Buckets buckets, EdgeSettings settings) {
        this.buckets = buckets;
        this.settings = settings;
    }

    @Override
    public void answer(S3Request request, S3Response response) {
        Optional<String> location = location(request);
        if (location.isPresent() && !location.get().equals(settings.region())) {
            throw new S3Exception(
                    S3Error.ILLEGAL_LOCATION_CONSTRAINT,
                    "The "
                            + location.get()
                            + " location constraint is incompatible for the region specific"
                            + " endpoint this request was sent to, which is "
                            + settings.region()
                            + ".");
        }
        buckets.create(request.bucket(), Owner.ID, settings.chunkSizeBytes());
        response.header("Location", "/" + request.bucket()).end();
    }

    private static Optional<String> location(S3Request request) {
        if (request.body().lengthKnown() && request.body().length() == 0) {
            return Optional.empty();
        }
        return XmlBody.parse(
                request,
                ChecksumClaims.of(request),
                CreateBucketDocument.MAX_BYTES,
                CreateBucketDocument.ROOT,
                CreateBucketDocument::parse);
    }
}
