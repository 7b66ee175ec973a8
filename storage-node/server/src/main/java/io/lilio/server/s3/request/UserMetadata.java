package io.lilio.server.s3.request;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.RequestHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * The headers {@code x-amz-meta-*}: names in lower case, values as {@link HeaderText} decodes them,
 * together at most {@value #MAX_BYTES} bytes of UTF-8 without the prefix. Repeated headers become
 * one, joined by commas.
 */
public final class UserMetadata {

    /** "Working with object metadata" in the Amazon S3 user guide: 2 KB. */
    public static final int MAX_BYTES = 2_048;

    public static final String PREFIX = "x-amz-meta-";

    private UserMetadata() {}

    /**
     * @throws S3Exception MetadataTooLarge; InvalidArgument for a name that cannot be given back,
     *     which a presigned URL may carry as a parameter
     */
    public static SequencedMap<String, String> of(RequestHeaders headers) {
        TreeMap<String, String> metadata = new TreeMap<>();
        headers.forEach(
                (name, value) -> {
                    if (name.startsWith(PREFIX) && name.length() > PREFIX.length()) {
                        requireToken(name);
                        metadata.merge(
                                name.substring(PREFIX.length()),
                                HeaderText.decode(value),
                                (first, second) -> first + "," + second);
                    }
                });
        requireSize(metadata);
        return metadata;
    }

    /** Only a token (RFC 9110 §5.6.2) can be the name of a header. */
    private static void requireToken(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean alphanumeric = c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
            if (!alphanumeric && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
                throw new S3Exception(
                                S3Error.INVALID_ARGUMENT,
                                "The name of a metadata header has a character that no header can"
                                        + " have.")
                        .withDetail("ArgumentName", name);
            }
        }
    }

    /** Refuses names and values that together are longer than S3 allows. */
    static void requireSize(Map<String, String> metadata) {
        long size = 0;
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
            size += entry.getKey().getBytes(StandardCharsets.UTF_8).length;
            size += entry.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        if (size > MAX_BYTES) {
            throw new S3Exception(S3Error.METADATA_TOO_LARGE)
                    .withDetail("Size", Long.toString(size))
                    .withDetail("MaxSizeAllowed", Integer.toString(MAX_BYTES));
        }
    }
}
