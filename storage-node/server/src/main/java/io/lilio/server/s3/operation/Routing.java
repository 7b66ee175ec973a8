package io.lilio.server.s3.operation;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.QueryParameters.Parameter;
import io.lilio.server.s3.http.S3Request;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which operation a request means, from its method, what it addresses (service, bucket or object),
 * its subresource (a query parameter such as {@code ?versioning}) and {@code x-amz-copy-source}.
 *
 * <p>What S3 has and Lilio has not answers NotImplemented and never falls through to another
 * operation: a {@code PUT /b/k?tagging} must not overwrite the object. To keep that so for
 * subresources that do not exist yet, a request that writes is refused when it has any unknown
 * parameter without a value; all other unknown parameters are ignored, as S3 does.
 */
final class Routing {

    /** Subresources that Lilio has, on buckets or objects. */
    private static final Set<String> IMPLEMENTED =
            Set.of("delete", "location", "uploadId", "uploads", "versioning", "versions");

    /** The others of the Amazon S3 API Reference; of "tagging" there is GetObjectTagging alone. */
    private static final Set<String> NOT_IMPLEMENTED =
            Set.of(
                    "abac",
                    "accelerate",
                    "acl",
                    "analytics",
                    "annotation",
                    "append",
                    "attributes",
                    "cors",
                    "encryption",
                    "intelligent-tiering",
                    "inventory",
                    "legal-hold",
                    "lifecycle",
                    "logging",
                    "metadataConfiguration",
                    "metadataInventoryTable",
                    "metadataJournalTable",
                    "metadataTable",
                    "metrics",
                    "notification",
                    "object-lock",
                    "ownershipControls",
                    "policy",
                    "policyStatus",
                    "publicAccessBlock",
                    "renameObject",
                    "replication",
                    "requestPayment",
                    "restore",
                    "retention",
                    "select",
                    "session",
                    "tagging",
                    "torrent",
                    "website");

    /** Parameters of implemented operations that may come without a value. */
    private static final Set<String> PARAMETERS =
            Set.of(
                    "continuation-token",
                    "delimiter",
                    "encoding-type",
                    "fetch-owner",
                    "key-marker",
                    "list-type",
                    "marker",
                    "max-keys",
                    "max-parts",
                    "max-uploads",
                    "part-number-marker",
                    "partNumber",
                    "prefix",
                    "start-after",
                    "upload-id-marker",
                    "version-id-marker",
                    "versionId",
                    "x-id");

    private Routing() {}

    /**
     * @throws S3Exception NotImplemented, MethodNotAllowed, InvalidArgument
     */
    static OperationName route(S3Request request) {
        if (request.method().equals("OPTIONS")) {
            throw notImplemented(); // browsers ask so before requests across origins
        }
        String subresource = subresource(request);
        if (request.bucket().isEmpty()) {
            return service(request, subresource);
        }
        return request.key().isEmpty()
                ? bucket(request, subresource)
                : object(request, subresource);
    }

    private static OperationName service(S3Request request, String subresource) {
        if (!subresource.isEmpty() || !request.key().isEmpty()) {
            throw notImplemented();
        }
        if (!request.method().equals("GET")) {
            throw methodNotAllowed();
        }
        return OperationName.LIST_BUCKETS;
    }

    private static OperationName bucket(S3Request request, String subresource) {
        return switch (request.method() + " " + subresource) {
            case "GET " ->
                    switch (request.query().first("list-type").orElse("1")) {
                        case "2" -> OperationName.LIST_OBJECTS_V2;
                        case "1" -> OperationName.LIST_OBJECTS;
                        default -> throw new S3Exception(S3Error.INVALID_ARGUMENT);
                    };
            case "HEAD " -> OperationName.HEAD_BUCKET;
            case "PUT " -> OperationName.CREATE_BUCKET;
            case "DELETE " -> OperationName.DELETE_BUCKET;
            // A form upload from a browser (POST Object).
            case "POST " -> throw notImplemented();
            case "GET location" -> OperationName.GET_BUCKET_LOCATION;
            case "GET versioning" -> OperationName.GET_BUCKET_VERSIONING;
            case "PUT versioning" -> OperationName.PUT_BUCKET_VERSIONING;
            case "GET versions" -> OperationName.LIST_OBJECT_VERSIONS;
            case "GET uploads" -> OperationName.LIST_MULTIPART_UPLOADS;
            case "POST delete" -> OperationName.DELETE_OBJECTS;
            default -> throw methodNotAllowed();
        };
    }

    private static OperationName object(S3Request request, String subresource) {
        boolean copies = request.headers().has("x-amz-copy-source");
        return switch (request.method() + " " + subresource) {
            case "GET " -> OperationName.GET_OBJECT;
            case "HEAD " -> OperationName.HEAD_OBJECT;
            case "PUT " -> {
                // Both would be a write to another place than the client means.
                if (request.query().has("partNumber") || request.query().has("versionId")) {
                    throw new S3Exception(
                            S3Error.INVALID_ARGUMENT,
                            "A PUT of an object takes no version id, and no part number without an"
                                    + " upload id.");
                }
                yield copies ? OperationName.COPY_OBJECT : OperationName.PUT_OBJECT;
            }
            case "DELETE " -> OperationName.DELETE_OBJECT;
            case "GET tagging" -> OperationName.GET_OBJECT_TAGGING;
            case "POST uploads" -> OperationName.CREATE_MULTIPART_UPLOAD;
            case "PUT uploadId" ->
                    copies ? OperationName.UPLOAD_PART_COPY : OperationName.UPLOAD_PART;
            case "POST uploadId" -> OperationName.COMPLETE_MULTIPART_UPLOAD;
            case "DELETE uploadId" -> OperationName.ABORT_MULTIPART_UPLOAD;
            case "GET uploadId" -> OperationName.LIST_PARTS;
            default -> throw methodNotAllowed();
        };
    }

    /** The one subresource that a request names; empty when it names none. */
    private static String subresource(S3Request request) {
        boolean writes = !request.method().equals("GET") && !request.method().equals("HEAD");
        Set<String> found = new TreeSet<>();
        for (Parameter parameter : request.query().all()) {
            String name = parameter.name();
            if (IMPLEMENTED.contains(name) || readsTags(request, name)) {
                found.add(name);
            } else if (NOT_IMPLEMENTED.contains(name)
                    || (writes && parameter.value().isEmpty() && !isParameter(name))) {
                throw notImplemented();
            }
        }
        if (found.size() > 1) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT,
                            "Conflicting query string parameters: " + String.join(", ", found))
                    .withDetail("ArgumentName", "ResourceType")
                    .withDetail("ArgumentValue", found.iterator().next());
        }
        return found.isEmpty() ? "" : found.iterator().next();
    }

    /** The only thing that can be done with tags: no object has any, and that can be told. */
    private static boolean readsTags(S3Request request, String subresource) {
        return subresource.equals("tagging")
                && request.method().equals("GET")
                && !request.key().isEmpty();
    }

    private static boolean isParameter(String name) {
        return PARAMETERS.contains(name)
                || name.startsWith("response-")
                || name.toLowerCase(Locale.ROOT).startsWith("x-amz-");
    }

    private static S3Exception notImplemented() {
        return new S3Exception(S3Error.NOT_IMPLEMENTED);
    }

    private static S3Exception methodNotAllowed() {
        return new S3Exception(S3Error.METHOD_NOT_ALLOWED);
    }
}
