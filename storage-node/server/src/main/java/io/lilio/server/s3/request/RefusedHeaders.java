package io.lilio.server.s3.request;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.RequestHeaders;
import java.util.List;
import java.util.Set;

/**
 * Headers that ask for something that Lilio does not do. To ignore one would be a false success (an
 * object that its client believes encrypted, locked or public), so the request is refused.
 *
 * <p>Access control lists: Lilio behaves like a bucket whose object ownership is "bucket owner
 * enforced". A canned list that grants nothing beyond the owner is accepted, since that is how
 * things are; everything else is AccessControlListNotSupported.
 */
public final class RefusedHeaders {

    private static final List<String> NOT_IMPLEMENTED_PREFIXES =
            List.of(
                    "x-amz-server-side-encryption",
                    "x-amz-copy-source-server-side-encryption",
                    "x-amz-object-lock-");

    private static final Set<String> NOT_IMPLEMENTED =
            Set.of(
                    "x-amz-tagging",
                    "x-amz-website-redirect-location",
                    "x-amz-write-offset-bytes",
                    "x-amz-if-match-size",
                    "x-amz-if-match-last-modified-time",
                    "x-amz-if-match-initiated-time",
                    "x-amz-rename-source-if-match",
                    "x-amz-create-session-mode",
                    "x-amz-object-annotations");

    private static final Set<String> HARMLESS_ACLS =
            Set.of("private", "bucket-owner-full-control", "bucket-owner-read");

    private RefusedHeaders() {}

    /**
     * @throws S3Exception NotImplemented, AccessControlListNotSupported
     */
    public static void check(RequestHeaders headers) {
        headers.forEach(RefusedHeaders::check);
    }

    private static void check(String name, String value) {
        if (!name.startsWith("x-amz-")) {
            return;
        }
        switch (name) {
            case "x-amz-acl" -> {
                if (!HARMLESS_ACLS.contains(value)) {
                    throw new S3Exception(S3Error.ACCESS_CONTROL_LIST_NOT_SUPPORTED);
                }
            }
            case "x-amz-object-ownership" -> {
                if (!value.equals("BucketOwnerEnforced")) {
                    throw notImplemented(name);
                }
            }
            case "x-amz-bucket-object-lock-enabled" -> {
                if (!value.equalsIgnoreCase("false")) {
                    throw notImplemented(name);
                }
            }
            case "x-amz-tagging-directive" -> {
                if (!value.equals("COPY")) {
                    throw notImplemented(name);
                }
            }
            // There are no account numbers here, so none that is expected can be the right one.
            case "x-amz-expected-bucket-owner", "x-amz-source-expected-bucket-owner" ->
                    throw new S3Exception(S3Error.ACCESS_DENIED);
            default -> checkTables(name);
        }
    }

    private static void checkTables(String name) {
        if (name.startsWith("x-amz-grant-")) {
            throw new S3Exception(S3Error.ACCESS_CONTROL_LIST_NOT_SUPPORTED);
        }
        if (NOT_IMPLEMENTED.contains(name)) {
            throw notImplemented(name);
        }
        for (String prefix : NOT_IMPLEMENTED_PREFIXES) {
            if (name.startsWith(prefix)) {
                throw notImplemented(name);
            }
        }
    }

    private static S3Exception notImplemented(String header) {
        return new S3Exception(
                        S3Error.NOT_IMPLEMENTED,
                        "A header you provided implies functionality that is not implemented.")
                .withDetail("Header", header);
    }
}
