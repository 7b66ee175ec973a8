package io.lilio.server.s3.request;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.S3Request;
import java.util.List;
import java.util.Set;

/**
 * Headers that ask for something that Lilio does not do. To ignore one would be a false success (an
 * object that its client believes encrypted, locked or public), so the request is refused. A
 * request that writes may only have those {@code x-amz-} headers that are known here: what S3
 * learns later is refused until it is.
 *
 * <p>Access control lists: Lilio behaves like a bucket whose object ownership is "bucket owner
 * enforced". A canned list that grants nothing beyond the owner is accepted, since that is how
 * things are; everything else is AccessControlListNotSupported.
 */
public final class RefusedHeaders {

    /** What writes may say, because some operation acts on it or because it changes nothing. */
    private static final Set<String> KNOWN_TO_WRITES =
            Set.of(
                    // How the request is signed and its payload framed.
                    "x-amz-content-sha256",
                    "x-amz-date",
                    "x-amz-decoded-content-length",
                    "x-amz-security-token",
                    "x-amz-te",
                    "x-amz-trailer",
                    "x-amz-user-agent",
                    // What operations read.
                    "x-amz-copy-source",
                    "x-amz-copy-source-if-match",
                    "x-amz-copy-source-if-modified-since",
                    "x-amz-copy-source-if-none-match",
                    "x-amz-copy-source-if-unmodified-since",
                    "x-amz-copy-source-range",
                    "x-amz-metadata-directive",
                    "x-amz-mp-object-size",
                    "x-amz-storage-class",
                    // Leave to do what nothing here prevents, or a promise to pay for it.
                    "x-amz-bypass-governance-retention",
                    "x-amz-mfa",
                    "x-amz-request-payer");

    private static final List<String> FAMILIES_KNOWN_TO_WRITES =
            List.of(UserMetadata.PREFIX, "x-amz-checksum-", "x-amz-sdk-");

    private static final Set<String> HARMLESS_ACLS =
            Set.of("private", "bucket-owner-full-control", "bucket-owner-read");

    private RefusedHeaders() {}

    /**
     * @throws S3Exception NotImplemented, AccessControlListNotSupported; AccessDenied for an owner
     *     that nobody here is
     */
    public static void check(S3Request request) {
        boolean writes = !request.method().equals("GET") && !request.method().equals("HEAD");
        request.headers().forEach((name, value) -> check(name, value, writes));
    }

    private static void check(String name, String value, boolean writes) {
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
            // No object has tags, so those of the source and those that are not named are alike:
            // none.
            // Tags that are named are refused by their own header.
            case "x-amz-tagging-directive" -> {
                if (!value.equals("COPY") && !value.equals("REPLACE")) {
                    throw notImplemented(name);
                }
            }
            // There are no account numbers here, so none that is expected can be the right one.
            case "x-amz-expected-bucket-owner", "x-amz-source-expected-bucket-owner" ->
                    throw new S3Exception(S3Error.ACCESS_DENIED);
            default -> checkFamilies(name, writes);
        }
    }

    private static void checkFamilies(String name, boolean writes) {
        if (name.startsWith("x-amz-grant-")) {
            throw new S3Exception(S3Error.ACCESS_CONTROL_LIST_NOT_SUPPORTED);
        }
        // Reads too: a client that names a key has reason to believe the object encrypted with it.
        if (name.startsWith("x-amz-server-side-encryption")
                || (writes
                        && !KNOWN_TO_WRITES.contains(name)
                        && FAMILIES_KNOWN_TO_WRITES.stream().noneMatch(name::startsWith))) {
            throw notImplemented(name);
        }
    }

    private static S3Exception notImplemented(String header) {
        return new S3Exception(
                        S3Error.NOT_IMPLEMENTED,
                        "A header you provided implies functionality that is not implemented.")
                .withDetail("Header", header);
    }
}
