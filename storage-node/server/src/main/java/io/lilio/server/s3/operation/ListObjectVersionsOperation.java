package io.lilio.server.s3.operation;

import io.lilio.catalog.listing.Listings;
import io.lilio.catalog.listing.VersionPage;
import io.lilio.catalog.listing.VersionQuery;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.request.QueryNumbers;
import org.jspecify.annotations.Nullable;

/** ListObjectVersions. In a bucket without versioning every object is its null version. */
final class ListObjectVersionsOperation implements Operation {

    private final Listings listings;

    ListObjectVersionsOperation(Listings listings) {
        this.listings = listings;
    }

    @Override
    public void answer(S3Request request, S3Response response) {
        int maxKeys = QueryNumbers.pageSize(request, "max-keys");
        String prefix = request.query().first("prefix").orElse("");
        String delimiter = request.query().first("delimiter").orElse("");
        String keyMarker = request.query().first("key-marker").orElse("");
        String versionMarker = versionMarker(request, keyMarker);
        ListingDocument document = new ListingDocument("ListVersionsResult", request);
        VersionPage page =
                listings.versions(
                                request.bucket(),
                                new VersionQuery(
                                        prefix, delimiter, keyMarker, versionMarker, maxKeys))
                        .page();

        boolean truncated = page.truncated() && maxKeys > 0;
        document.xml().element("Name", request.bucket());
        document.key("Prefix", prefix).key("KeyMarker", keyMarker);
        document.xml().element("VersionIdMarker", versionMarker == null ? "" : versionMarker);
        document.keyIfAny("Delimiter", delimiter);
        document.xml().element("MaxKeys", maxKeys).element("IsTruncated", truncated);
        if (truncated) {
            document.key("NextKeyMarker", page.nextKey());
            document.xml().optional("NextVersionIdMarker", page.nextVersion().orElse(null));
        }
        for (VersionPage.Entry entry : page.versions()) {
            write(document, entry);
        }
        document.commonPrefixes(page.commonPrefixes()).send(response);
    }

    private static void write(ListingDocument document, VersionPage.Entry entry) {
        boolean marker = entry.version().deleteMarker();
        document.xml().open(marker ? "DeleteMarker" : "Version");
        document.key("Key", entry.key());
        document.xml()
                .element("VersionId", entry.version().id().toString())
                .element("IsLatest", entry.latest());
        if (marker) {
            document.xml().element("LastModified", entry.version().lastModified());
        } else {
            document.version(entry.version());
        }
        Owner.write(document.xml(), "Owner");
        document.xml().close();
    }

    private static @Nullable String versionMarker(S3Request request, String keyMarker) {
        String marker = request.query().first("version-id-marker").orElse("");
        if (marker.isEmpty()) {
            return null;
        }
        if (keyMarker.isEmpty()) {
            throw QueryNumbers.invalid(
                    "version-id-marker",
                    marker,
                    "A version-id marker cannot be specified without a key marker.");
        }
        return marker;
    }
}
