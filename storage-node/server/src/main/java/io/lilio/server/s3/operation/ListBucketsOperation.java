package io.lilio.server.s3.operation;

import io.lilio.catalog.bucket.Bucket;
import io.lilio.catalog.bucket.Buckets;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.request.ContinuationToken;
import io.lilio.server.s3.request.QueryNumbers;
import io.lilio.server.s3.xml.XmlDocument;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ListBuckets: those that the caller may read, a page of at most 10,000. */
final class ListBucketsOperation implements Operation {

    private static final int MAX_PAGE = 10_000;
    private static final int READ_AT_ONCE = 1_000;

    private final Buckets buckets;
    private final String region;

    ListBucketsOperation(Buckets buckets, String region) {
        this.buckets = buckets;
        this.region = region;
    }

    @Override
    public void answer(S3Request request, S3Response response) {
        int limit = QueryNumbers.number(request, "max-buckets", MAX_PAGE);
        if (limit < 1 || limit > MAX_PAGE) {
            throw QueryNumbers.invalid(
                    "max-buckets",
                    Integer.toString(limit),
                    "Argument max-buckets must be an integer between 1 and 10000");
        }
        String prefix = request.query().first("prefix").orElse("");
        String after =
                request.query()
                        .first("continuation-token")
                        .map(ContinuationToken::parse)
                        .orElse(null);
        List<Bucket> found = readable(request, prefix, after, limit + 1);
        boolean truncated = found.size() > limit;
        List<Bucket> page = truncated ? found.subList(0, limit) : found;

        XmlDocument document = XmlDocument.ofRoot("ListAllMyBucketsResult");
        Owner.write(document, "Owner");
        document.open("Buckets");
        for (Bucket bucket : page) {
            document.open("Bucket")
                    .element("Name", bucket.name())
                    .element("CreationDate", bucket.created())
                    .element("BucketRegion", region)
                    .close();
        }
        document.close();
        if (truncated) {
            document.element("ContinuationToken", ContinuationToken.of(page.getLast().name()));
        }
        if (!prefix.isEmpty()) {
            document.element("Prefix", prefix);
        }
        XmlAnswer.send(response, document);
    }

    private List<Bucket> readable(
            S3Request request, String prefix, @Nullable String after, int limit) {
        List<Bucket> found = new ArrayList<>();
        String last = after;
        while (true) {
            List<Bucket> page = buckets.list(last, READ_AT_ONCE);
            for (Bucket bucket : page) {
                if (bucket.name().startsWith(prefix) && request.caller().mayRead(bucket.name())) {
                    found.add(bucket);
                    if (found.size() == limit) {
                        return found;
                    }
                }
            }
            if (page.size() < READ_AT_ONCE) {
                return found;
            }
            last = page.getLast().name();
        }
    }
}
