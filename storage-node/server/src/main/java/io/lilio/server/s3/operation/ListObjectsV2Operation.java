package io.lilio.server.s3.operation;

import io.lilio.catalog.listing.Listings;
import io.lilio.catalog.listing.ObjectPage;
import io.lilio.catalog.listing.ObjectQuery;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.request.ContinuationToken;
import io.lilio.server.s3.request.QueryNumbers;
import java.util.Optional;

/** ListObjectsV2. A continuation token takes precedence over start-after. */
final class ListObjectsV2Operation implements Operation {

    private final Listings listings;

    ListObjectsV2Operation(Listings listings) {
        this.listings = listings;
    }

    @Override
    public void answer(S3Request request, S3Response response) {
        int maxKeys = QueryNumbers.pageSize(request, "max-keys");
        String prefix = request.query().first("prefix").orElse("");
        String delimiter = request.query().first("delimiter").orElse("");
        String startAfter = request.query().first("start-after").orElse("");
        Optional<String> token = request.query().first("continuation-token");
        String after = token.map(ContinuationToken::parse).orElse(startAfter);
        boolean owners = request.query().first("fetch-owner").orElse("").equals("true");
        ListingDocument document = new ListingDocument("ListBucketResult", request);
        ObjectPage page =
                listings.objects(
                                request.bucket(),
                                new ObjectQuery(prefix, delimiter, after, maxKeys))
                        .page();

        boolean truncated = page.truncated() && maxKeys > 0;
        document.xml().element("Name", request.bucket());
        document.key("Prefix", prefix).keyIfAny("Delimiter", delimiter);
        document.xml()
                .element("MaxKeys", maxKeys)
                .element("KeyCount", page.objects().size() + page.commonPrefixes().size())
                .element("IsTruncated", truncated)
                .optional("ContinuationToken", token.orElse(null));
        if (truncated) {
            document.xml().element("NextContinuationToken", ContinuationToken.of(page.last()));
        }
        document.keyIfAny("StartAfter", startAfter);
        for (ObjectPage.Entry entry : page.objects()) {
            document.xml().open("Contents");
            document.key("Key", entry.key()).version(entry.version());
            if (owners) {
                Owner.write(document.xml(), "Owner");
            }
            document.xml().close();
        }
        document.commonPrefixes(page.commonPrefixes()).send(response);
    }
}
