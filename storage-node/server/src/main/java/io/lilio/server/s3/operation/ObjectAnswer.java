package io.lilio.server.s3.operation;

import io.lilio.catalog.object.Attributes;
import io.lilio.digest.Checksum;
import io.lilio.object.ContentRange;
import io.lilio.object.ObjectInfo;
import io.lilio.object.PutResult;
import io.lilio.server.s3.HttpTime;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.request.ChecksumClaims;
import io.lilio.server.s3.request.HeaderText;
import io.lilio.server.s3.request.ObjectHeaders;
import io.lilio.server.s3.request.ResponseOverrides;
import io.lilio.server.s3.request.StorageClass;
import io.lilio.server.s3.request.UserMetadata;
import io.lilio.server.s3.xml.XmlDocument;
import java.util.Optional;

/** The headers and elements in which answers tell about an object. */
final class ObjectAnswer {

    private ObjectAnswer() {}

    /** Status and headers of GetObject and HeadObject. */
    static void describe(
            S3Request request, S3Response response, ObjectInfo info, ContentRange range) {
        response.status(range.partial() ? 206 : 200);
        range.contentRange().ifPresent(value -> response.header("Content-Range", value));
        response.header("ETag", quote(info.etag()))
                .header("Last-Modified", HttpTime.format(info.modified()))
                .header("Accept-Ranges", "bytes");
        attributes(request, response, info.attributes());
        version(response, info.versionId());
        boolean wantsChecksum =
                request.headers()
                        .first("x-amz-checksum-mode")
                        .map(mode -> mode.equalsIgnoreCase("ENABLED"))
                        .orElse(false);
        // The checksum is that of the whole object: a client would hold a range against it.
        if (wantsChecksum && !range.partial()) {
            checksum(response, info.checksum());
        }
        if (request.query().has("partNumber") && info.parts() > 0) {
            response.header("x-amz-mp-parts-count", Integer.toString(info.parts()));
        }
    }

    /** The headers of PutObject and UploadPart. */
    static void stored(S3Response response, PutResult result) {
        response.header("ETag", quote(result.etag()));
        checksum(response, result.checksum());
        version(response, result.versionId());
    }

    /** {@code x-amz-version-id}, where the bucket has or had versions. */
    static void version(S3Response response, Optional<String> versionId) {
        versionId.ifPresent(id -> response.header("x-amz-version-id", id));
    }

    /** The elements of a checksum in the XML answers. */
    static void checksum(XmlDocument document, Optional<Checksum> checksum) {
        checksum.ifPresent(
                c ->
                        document.element("Checksum" + c.algorithm().name(), c.value())
                                .element("ChecksumType", c.type().name()));
    }

    static String quote(String etag) {
        return '"' + etag + '"';
    }

    private static void checksum(S3Response response, Optional<Checksum> checksum) {
        checksum.ifPresent(
                c ->
                        response.header(ChecksumClaims.headerName(c.algorithm()), c.value())
                                .header("x-amz-checksum-type", c.type().name()));
    }

    private static void attributes(S3Request request, S3Response response, Attributes stored) {
        ResponseOverrides overrides = ResponseOverrides.of(request);
        Attributes shown = overrides.applyTo(stored);
        response.header(
                "Content-Type", shown.contentType().orElse(ObjectHeaders.DEFAULT_CONTENT_TYPE));
        shown.cacheControl().ifPresent(value -> response.header("Cache-Control", value));
        shown.contentDisposition()
                .ifPresent(value -> response.header("Content-Disposition", value));
        shown.contentEncoding().ifPresent(value -> response.header("Content-Encoding", value));
        shown.contentLanguage().ifPresent(value -> response.header("Content-Language", value));
        shown.expires().ifPresent(value -> response.header("Expires", value));
        shown.storageClass()
                .filter(name -> !name.equals(StorageClass.STANDARD))
                .ifPresent(name -> response.header("x-amz-storage-class", name));
        shown.userMetadata()
                .forEach(
                        (name, value) ->
                                response.header(
                                        UserMetadata.PREFIX + name, HeaderText.encode(value)));
    }
}
