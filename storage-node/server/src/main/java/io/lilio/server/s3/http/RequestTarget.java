package io.lilio.server.s3.http;

/**
 * What a request addresses.
 *
 * @param method the HTTP method
 * @param rawPath the path exactly as it stood in the request line, percent-encoded, with its
 *     leading slash: what signatures are made over
 * @param bucket from the host (virtual-host style) or else the path's first segment; may be empty
 * @param key the rest of the path, strictly percent-decoded as UTF-8; may be empty. Slashes, dots
 *     and empty segments stay as they are
 * @param query the query parameters
 */
public record RequestTarget(
        String method, String rawPath, String bucket, String key, QueryParameters query) {}
