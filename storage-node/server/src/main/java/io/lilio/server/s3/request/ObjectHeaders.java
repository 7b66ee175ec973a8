package io.lilio.server.s3.request;

import io.lilio.catalog.object.Attributes;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.RequestHeaders;
import io.lilio.server.s3.http.S3Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a client stores with an object: the standard headers, which are given back byte for byte,
 * the storage class and the user metadata. The standard headers together have at most {@value
 * UserMetadata#MAX_BYTES} bytes ("Working with object metadata", Amazon S3 user guide).
 */
public final class ObjectHeaders {

    /** What S3 gives an object that came without a content type. */
    public static final String DEFAULT_CONTENT_TYPE = "binary/octet-stream";

    private ObjectHeaders() {}

    /**
     * @throws S3Exception MetadataTooLarge, InvalidStorageClass
     */
    public static Attributes parse(S3Request request) {
        RequestHeaders headers = request.headers();
        Map<String, String> standard = new HashMap<>();
        for (String name :
                List.of(
                        "content-type",
                        "cache-control",
                        "content-disposition",
                        "content-language",
                        "expires")) {
            headers.first(name).ifPresent(value -> standard.put(name, value));
        }
        contentEncoding(headers).ifPresent(value -> standard.put("content-encoding", value));
        UserMetadata.requireSize(standard);
        return new Attributes(
                Optional.ofNullable(standard.get("content-type")).filter(type -> !type.isBlank()),
                Optional.ofNullable(standard.get("cache-control")),
                Optional.ofNullable(standard.get("content-disposition")),
                Optional.ofNullable(standard.get("content-encoding")),
                Optional.ofNullable(standard.get("content-language")),
                Optional.ofNullable(standard.get("expires")),
                Optional.of(StorageClass.of(request))
                        .filter(name -> !name.equals(StorageClass.STANDARD)),
                UserMetadata.of(headers));
    }

    /** Content-Encoding without {@code aws-chunked}, which is about the request and not stored. */
    private static Optional<String> contentEncoding(RequestHeaders headers) {
        List<String> codings = new ArrayList<>();
        for (String line : headers.all("content-encoding")) {
            for (String coding : line.split(",", -1)) {
                String name = coding.strip();
                if (!name.isEmpty() && !name.toLowerCase(Locale.ROOT).equals("aws-chunked")) {
                    codings.add(name);
                }
            }
        }
        return codings.isEmpty() ? Optional.empty() : Optional.of(String.join(",", codings));
    }
}
