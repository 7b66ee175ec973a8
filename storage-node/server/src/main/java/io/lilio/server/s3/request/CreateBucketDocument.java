package io.lilio.server.s3.request;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.xml.XmlReader;
import java.util.Optional;

/** {@code CreateBucketConfiguration}, the optional payload of CreateBucket. */
public final class CreateBucketDocument {

    public static final String ROOT = "CreateBucketConfiguration";
    public static final long MAX_BYTES = 16 * 1024;

    private CreateBucketDocument() {}

    /**
     * @return the location constraint, if there is one
     * @throws S3Exception MalformedXML; NotImplemented for directory buckets and tags
     */
    public static Optional<String> parse(XmlReader document) {
        Optional<String> location = Optional.empty();
        for (String child = document.nextChild(); child != null; child = document.nextChild()) {
            switch (child) {
                case "LocationConstraint" -> {
                    if (location.isPresent()) {
                        throw new S3Exception(S3Error.MALFORMED_XML);
                    }
                    location = Optional.of(document.text().strip());
                }
                case "Location", "Bucket", "Tags" ->
                        throw new S3Exception(
                                S3Error.NOT_IMPLEMENTED,
                                child + " in CreateBucketConfiguration is not implemented.");
                default -> throw new S3Exception(S3Error.MALFORMED_XML);
            }
        }
        return location.filter(name -> !name.isEmpty());
    }
}
