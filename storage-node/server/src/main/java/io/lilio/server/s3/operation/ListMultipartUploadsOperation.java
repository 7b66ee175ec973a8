package io.lilio.server.s3.operation;

import io.lilio.catalog.listing.Listings;
import io.lilio.catalog.listing.UploadPage;
import io.lilio.catalog.listing.UploadQuery;
import io.lilio.catalog.upload.Upload;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.request.QueryNumbers;
import java.util.Optional;
import java.util.UUID;

/** ListMultipartUploads: those that are neither completed nor aborted. */
final class ListMultipartUploadsOperation implements Operation {

    private final Listings listings;

    ListMultipartUploadsOperation(Listings listings) {
        this.listings = listings;
    }

    @Override
    public void answer(S3Request request, S3Response response) {
        int maxUploads = QueryNumbers.pageSize(request, "max-uploads");
        String prefix = request.query().first("prefix").orElse("");
        String delimiter = request.query().first("delimiter").orElse("");
        String keyMarker = request.query().first("key-marker").orElse("");
        Optional<UUID> uploadMarker =
                keyMarker.isEmpty() ? Optional.empty() : uploadMarker(request);
        ListingDocument document = new ListingDocument("ListMultipartUploadsResult", request);
        UploadPage page =
                listings.uploads(
                                request.bucket(),
                                new UploadQuery(
                                        prefix, delimiter, keyMarker, uploadMarker, maxUploads))
                        .page();

        boolean truncated = page.truncated() && maxUploads > 0;
        document.xml().element("Bucket", request.bucket());
        document.key("KeyMarker", keyMarker);
        document.xml().element("UploadIdMarker", uploadMarker.map(UUID::toString).orElse(""));
        document.key("Prefix", prefix).keyIfAny("Delimiter", delimiter);
        document.xml().element("MaxUploads", maxUploads).element("IsTruncated", truncated);
        if (truncated) {
            document.key("NextKeyMarker", page.nextKey());
            document.xml()
                    .element(
                            "NextUploadIdMarker", page.nextUpload().map(UUID::toString).orElse(""));
        }
        for (Upload upload : page.uploads()) {
            write(document, upload);
        }
        document.commonPrefixes(page.commonPrefixes()).send(response);
    }

    private static void write(ListingDocument document, Upload upload) {
        document.xml().open("Upload");
        document.key("Key", upload.key());
        document.xml().element("UploadId", upload.id().toString());
        Owner.write(document.xml(), "Initiator");
        Owner.write(document.xml(), "Owner");
        document.xml()
                .element("StorageClass", upload.attributes().storageClass().orElse("STANDARD"))
                .element("Initiated", upload.initiated());
        upload.checksum()
                .ifPresent(
                        plan ->
                                document.xml()
                                        .element("ChecksumAlgorithm", plan.algorithm().name())
                                        .element("ChecksumType", plan.type().name()));
        document.xml().close();
    }

    private static Optional<UUID> uploadMarker(S3Request request) {
        String marker = request.query().first("upload-id-marker").orElse("");
        if (marker.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(UUID.fromString(marker));
        } catch (IllegalArgumentException notOurs) {
            throw QueryNumbers.invalid("upload-id-marker", marker, "Invalid uploadId marker");
        }
    }
}
