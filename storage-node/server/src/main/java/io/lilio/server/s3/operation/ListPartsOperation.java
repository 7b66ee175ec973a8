package io.lilio.server.s3.operation;

import io.lilio.catalog.content.Part;
import io.lilio.catalog.upload.PartPage;
import io.lilio.object.ListParts;
import io.lilio.object.UploadAddress;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.request.QueryNumbers;
import io.lilio.server.s3.request.StorageClass;
import io.lilio.server.s3.request.UploadParameters;
import java.util.List;

/** ListParts, of an upload that is neither completed nor aborted. */
final class ListPartsOperation implements Operation {

    private static final int LAST_PART_NUMBER = 10_000;

    private final ListParts list;

    ListPartsOperation(ListParts list) {
        this.list = list;
    }

    @Override
    public void answer(S3Request request, S3Response response) {
        UploadAddress upload = UploadParameters.address(request);
        int maxParts = QueryNumbers.pageSize(request, "max-parts");
        int after = QueryNumbers.number(request, "part-number-marker", 0);
        ListingDocument document = new ListingDocument("ListPartsResult", request);
        PartPage page = list.list(upload, Math.min(after, LAST_PART_NUMBER), Math.max(1, maxParts));

        List<Part> parts = maxParts == 0 ? List.of() : page.parts();
        document.xml().element("Bucket", request.bucket());
        document.key("Key", request.key());
        document.xml().element("UploadId", upload.uploadId());
        Owner.write(document.xml(), "Initiator");
        Owner.write(document.xml(), "Owner");
        document.xml()
                .element(
                        "StorageClass",
                        page.upload().attributes().storageClass().orElse(StorageClass.STANDARD))
                .element("PartNumberMarker", after)
                .element("NextPartNumberMarker", parts.isEmpty() ? 0 : parts.getLast().number())
                .element("MaxParts", maxParts)
                .element("IsTruncated", page.truncated() && maxParts > 0);
        page.upload()
                .checksum()
                .ifPresent(
                        plan ->
                                document.xml()
                                        .element("ChecksumAlgorithm", plan.algorithm().name())
                                        .element("ChecksumType", plan.type().name()));
        for (Part part : parts) {
            write(document, part);
        }
        document.send(response);
    }

    private static void write(ListingDocument document, Part part) {
        document.xml()
                .open("Part")
                .element("PartNumber", part.number())
                .element("LastModified", part.lastModified())
                .element("ETag", ObjectAnswer.quote(part.etag()))
                .element("Size", part.size());
        part.checksum()
                .ifPresent(
                        c -> document.xml().element("Checksum" + c.algorithm().name(), c.value()));
        document.xml().close();
    }
}
