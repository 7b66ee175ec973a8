package io.lilio.server.s3.operation;

import io.lilio.catalog.object.VersionSummary;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.request.QueryNumbers;
import io.lilio.server.s3.request.StorageClass;
import io.lilio.server.s3.request.UrlEncoding;
import io.lilio.server.s3.xml.XmlDocument;
import java.util.List;
import java.util.Optional;

/**
 * The answer of a listing: an XML document whose keys, prefixes, markers and delimiter are
 * URL-encoded when the client asked for {@code encoding-type=url}.
 */
final class ListingDocument {

    private final XmlDocument xml;
    private final boolean urlEncoded;

    /**
     * @throws S3Exception InvalidArgument for another encoding type than {@code url}
     */
    ListingDocument(String root, S3Request request) {
        Optional<String> encoding =
                request.query().first("encoding-type").filter(type -> !type.isEmpty());
        if (encoding.isPresent() && !encoding.get().equals("url")) {
            throw QueryNumbers.invalid(
                    "encoding-type",
                    encoding.get(),
                    "Invalid Encoding Method specified in Request");
        }
        this.xml = XmlDocument.ofRoot(root);
        this.urlEncoded = encoding.isPresent();
    }

    /** The document itself, for what needs no encoding. */
    XmlDocument xml() {
        return xml;
    }

    /** Writes a key or a part of one. */
    ListingDocument key(String element, String value) {
        xml.element(element, urlEncoded ? UrlEncoding.encode(value) : value);
        return this;
    }

    /** Writes a key or a part of one, unless it is empty. */
    ListingDocument keyIfAny(String element, String value) {
        return value.isEmpty() ? this : key(element, value);
    }

    ListingDocument commonPrefixes(List<String> prefixes) {
        for (String prefix : prefixes) {
            xml.open("CommonPrefixes");
            key("Prefix", prefix);
            xml.close();
        }
        return this;
    }

    /** Writes what a listing shows of a version beside its key and ids. */
    ListingDocument version(VersionSummary version) {
        xml.element("LastModified", version.lastModified())
                .element("ETag", "\"" + version.etag() + "\"");
        version.checksum()
                .ifPresent(
                        checksum ->
                                xml.element("ChecksumAlgorithm", checksum.algorithm().name())
                                        .element("ChecksumType", checksum.type().name()));
        xml.element("Size", version.size())
                .element("StorageClass", version.storageClass().orElse(StorageClass.STANDARD));
        return this;
    }

    void send(S3Response response) {
        if (urlEncoded) {
            xml.element("EncodingType", "url");
        }
        XmlAnswer.send(response, xml);
    }
}
