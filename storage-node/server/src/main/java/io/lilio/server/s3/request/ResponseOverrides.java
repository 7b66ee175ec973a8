package io.lilio.server.s3.request;

import io.lilio.catalog.object.Attributes;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.QueryParameters;
import io.lilio.server.s3.http.S3Request;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The query parameters {@code response-*} of GetObject and HeadObject, which replace headers of the
 * answer. S3 takes them from signed requests only; there are no others here.
 */
public final class ResponseOverrides {

    private static final String PREFIX = "response-";

    private final QueryParameters query;

    private ResponseOverrides(QueryParameters query) {
        this.query = query;
    }

    public static ResponseOverrides of(S3Request request) {
        return new ResponseOverrides(request.query());
    }

    /**
     * What is shown in place of what was stored.
     *
     * @throws S3Exception InvalidArgument for a value that no header can hold
     */
    public Attributes applyTo(Attributes stored) {
        if (query.all().stream().noneMatch(p -> p.name().startsWith(PREFIX))) {
            return stored;
        }
        return new Attributes(
                override("content-type").or(stored::contentType),
                override("cache-control").or(stored::cacheControl),
                override("content-disposition").or(stored::contentDisposition),
                override("content-encoding").or(stored::contentEncoding),
                override("content-language").or(stored::contentLanguage),
                override("expires").or(stored::expires),
                stored.storageClass(),
                stored.userMetadata());
    }

    private Optional<String> override(String header) {
        return query.first(PREFIX + header)
                .map(
                        value -> {
                            if (value.chars().anyMatch(c -> c < 0x20 && c != '\t' || c == 0x7f)) {
                                throw QueryNumbers.invalid(
                                        PREFIX + header, value, "Invalid header value.");
                            }
                            // Headers have one char per byte.
                            return new String(
                                    value.getBytes(StandardCharsets.UTF_8),
                                    StandardCharsets.ISO_8859_1);
                        });
    }
}
