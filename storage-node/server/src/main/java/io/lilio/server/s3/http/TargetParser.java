package io.lilio.server.s3.http;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.QueryParameters.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Finds bucket, key and parameters in a request line and a Host header, path-style and virtual-host
 * style ("Virtual hosting of buckets" in the S3 user guide). Works on the raw path: it is cut at
 * slashes first and decoded afterwards, and nothing is ever normalised, so that {@code a//b},
 * {@code ../x} and {@code %2F} reach the key and never another bucket. Immutable.
 */
public final class TargetParser {

    /** More parameters than any S3 operation has. */
    private static final int MAX_PARAMETERS = 256;

    /** A name in the DNS has 255 bytes at most; answers repeat it. */
    private static final int MAX_AUTHORITY = 300;

    private final List<String> domainSuffixes;

    /**
     * @param domains host names under which buckets are sub-domains, such as {@code s3.example.org}
     */
    public TargetParser(List<String> domains) {
        this.domainSuffixes =
                domains.stream().map(domain -> "." + domain.toLowerCase(Locale.ROOT)).toList();
    }

    /**
     * @param uri the request target as it stood in the request line
     * @param host the Host header; empty when there was none
     * @throws S3Exception when it cannot be understood
     */
    public RequestTarget parse(String method, String uri, String host) {
        String authority = host;
        String target = uri;
        int scheme = target.startsWith("/") ? -1 : target.indexOf("://");
        if (scheme > 0) {
            // Absolute form (RFC 9112 §3.2.2), as sent to proxies. It outranks the Host header; but
            // that one is signed, so that they have to name the same.
            int path = target.indexOf('/', scheme + 3);
            authority = target.substring(scheme + 3, path < 0 ? target.length() : path);
            target = path < 0 ? "/" : target.substring(path);
            if (!authority.equalsIgnoreCase(host)) {
                throw new S3Exception(
                        S3Error.BAD_REQUEST, "The request's target and its Host header differ.");
            }
        }
        if (!target.startsWith("/")) {
            throw new S3Exception(S3Error.INVALID_URI);
        }
        if (authority.length() > MAX_AUTHORITY) {
            throw new S3Exception(S3Error.BAD_REQUEST);
        }
        int question = target.indexOf('?');
        String rawPath = question < 0 ? target : target.substring(0, question);
        String rawQuery = question < 0 ? "" : target.substring(question + 1);
        String bucket = bucketOf(authority);
        String key;
        if (bucket.isEmpty()) {
            int slash = rawPath.indexOf('/', 1);
            bucket =
                    PercentDecoder.path(rawPath.substring(1, slash < 0 ? rawPath.length() : slash));
            key = slash < 0 ? "" : PercentDecoder.path(rawPath.substring(slash + 1));
            if (bucket.isEmpty() && !key.isEmpty()) {
                throw new S3Exception(S3Error.INVALID_BUCKET_NAME);
            }
        } else {
            key = PercentDecoder.path(rawPath.substring(1));
        }
        return new RequestTarget(method, rawPath, bucket, key, parameters(rawQuery));
    }

    private String bucketOf(String authority) {
        if (domainSuffixes.isEmpty() || authority.isEmpty()) {
            return "";
        }
        int colon = authority.lastIndexOf(':');
        String name = colon < 0 ? authority : authority.substring(0, colon);
        for (String suffix : domainSuffixes) {
            int length = name.length() - suffix.length();
            if (length > 0 && name.regionMatches(true, length, suffix, 0, suffix.length())) {
                return name.substring(0, length).toLowerCase(Locale.ROOT);
            }
        }
        return "";
    }

    private static QueryParameters parameters(String raw) {
        if (raw.isEmpty()) {
            return QueryParameters.NONE;
        }
        List<Parameter> parameters = new ArrayList<>(4);
        int from = 0;
        while (from <= raw.length()) {
            int ampersand = raw.indexOf('&', from);
            int to = ampersand < 0 ? raw.length() : ampersand;
            if (to > from) {
                if (parameters.size() == MAX_PARAMETERS) {
                    throw new S3Exception(S3Error.INVALID_URI, "Too many query parameters.");
                }
                parameters.add(parameter(raw, from, to));
            }
            from = to + 1;
        }
        return new QueryParameters(raw, parameters);
    }

    private static Parameter parameter(String raw, int from, int to) {
        int equals = raw.indexOf('=', from);
        if (equals < 0 || equals >= to) {
            return new Parameter(PercentDecoder.query(raw.substring(from, to)), "");
        }
        return new Parameter(
                PercentDecoder.query(raw.substring(from, equals)),
                PercentDecoder.query(raw.substring(equals + 1, to)));
    }
}
