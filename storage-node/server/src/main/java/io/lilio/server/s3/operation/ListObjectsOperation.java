package io.lilio.server.s3.operation;

import io.lilio.catalog.listing.Listings;
import io.lilio.catalog.listing.ObjectPage;
import io.lilio.catalog.listing.ObjectQuery;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.request.QueryNumbers;

/** ListObjects, the first version. NextMarker is given with a delimiter only, as S3 does. */
final class ListObjectsOperation implements Operation {

    private final Listings listings;

    ListObjectsOperation(Listings listings) {
        this.listings = listings;
    }

    @Override
    public void answer(S3Request request, S3Response response) {
        int maxKeys = QueryNumbers.pageSize(request, "max-keys");
        String prefix = request.query().first("prefix").orElse("");
        String delimiter = request.query().first("delimiter").orElse("");
        String marker = request.query().first("marker").orElse("");
        ListingDocument document = new ListingDocument("ListBucketResult", request);
        ObjectPage page =
                listings.objects(
                                request.bucket(),
                                new ObjectQuery(prefix, delimiter, marker, maxKeys))
                        .page();

        boolean truncated = page.truncated() && maxKeys > 0;
        document.xml().element("Name", request.bucket());
        document.key("Prefix", prefix).key("Marker", marker).keyIfAny("Delimiter", delimiter);
        document.xml().element("MaxKeys", maxKeys).element("IsTruncated", truncated);
        if (truncated && !delimiter.isEmpty()) {
            document.key("NextMarker", page.last());
        }
        for (ObjectPage.Entry entry : page.objects()) {
            document.xml().open("Contents");
            document.key("Key", entry.key()).version(entry.version());
            Owner.write(document.xml(), "Owner");
            document.xml().close();
        }
        document.commonPrefixes(page.commonPrefixes()).send(response);
    }
}
