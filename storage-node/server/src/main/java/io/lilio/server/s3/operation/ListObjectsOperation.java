package io.lilio.server.s3.operation;

import io.lilio.catalog.listing.Listings;
import io.lilio.catalog.listing.ObjectPage;
import io.lilio.catalog.listing.ObjectQuery;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.request.QueryNumbers;

/**
 * ListObjects, the first version. NextMarker is given with a delimiter, as S3 does, and where the
 * page does not end with its last object. s3cmd takes a page without a key for the last one,
 * truncated or not, so that such pages are left out, up to a million deleted keys.
 */
final class ListObjectsOperation implements Operation {

    private static final int MAX_EMPTY_PAGES = 20;

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
                list(request.bucket(), new ObjectQuery(prefix, delimiter, marker, maxKeys));

        boolean truncated = page.truncated() && maxKeys > 0;
        document.xml().element("Name", request.bucket());
        document.key("Prefix", prefix).key("Marker", marker).keyIfAny("Delimiter", delimiter);
        document.xml().element("MaxKeys", maxKeys).element("IsTruncated", truncated);
        if (truncated && (!delimiter.isEmpty() || !page.endsWithAnObject())) {
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

    private ObjectPage list(String bucket, ObjectQuery query) {
        ObjectPage page = listings.objects(bucket, query).page();
        for (int i = 0; i < MAX_EMPTY_PAGES && page.isEmpty() && page.truncated(); i++) {
            ObjectQuery next =
                    new ObjectQuery(
                            query.prefix(), query.delimiter(), page.last(), query.maxKeys());
            page = listings.objects(bucket, next).page();
        }
        return page;
    }
}
