package io.lilio.server.s3.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.http.Caller;
import io.lilio.server.s3.http.Caller.Role;
import io.lilio.server.s3.request.Refusals;
import io.lilio.server.s3.request.Requests;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingTest {

    private static OperationName route(String method, String target, String... headers) {
        return Routing.route(Requests.of(method, target, headers));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, LIST_BUCKETS",
        "GET, /?x-id=ListBuckets&max-buckets=5, LIST_BUCKETS",
        "PUT, /b, CREATE_BUCKET",
        "HEAD, /b, HEAD_BUCKET",
        "DELETE, /b, DELETE_BUCKET",
        "GET, /b?location, GET_BUCKET_LOCATION",
        "GET, /b?location=, GET_BUCKET_LOCATION",
        "GET, /b?versioning, GET_BUCKET_VERSIONING",
        "PUT, /b?versioning, PUT_BUCKET_VERSIONING",
        "GET, /b, LIST_OBJECTS",
        "GET, /b?prefix=&delimiter=, LIST_OBJECTS",
        "GET, /b?list-type=2&prefix=acl, LIST_OBJECTS_V2",
        "GET, /b?versions, LIST_OBJECT_VERSIONS",
        "GET, /b?uploads, LIST_MULTIPART_UPLOADS",
        "POST, /b?delete, DELETE_OBJECTS",
        "PUT, /b/k, PUT_OBJECT",
        "PUT, /b/k?x-id=PutObject, PUT_OBJECT",
        "PUT, /b/k?X-Amz-Security-Token=, PUT_OBJECT",
        "PUT, /b/k?unknown=1, PUT_OBJECT",
        "PUT, /b/tagging, PUT_OBJECT",
        "GET, /b/k, GET_OBJECT",
        "GET, /b/k?versionId=v&partNumber=1, GET_OBJECT",
        "GET, /b/k?unknown, GET_OBJECT",
        "GET, /b/k?tagging, GET_OBJECT_TAGGING",
        "GET, /b/k?tagging&versionId=v, GET_OBJECT_TAGGING",
        "HEAD, /b/k, HEAD_OBJECT",
        "DELETE, /b/k?versionId=v, DELETE_OBJECT",
        "POST, /b/k?uploads, CREATE_MULTIPART_UPLOAD",
        "PUT, /b/k?uploadId=u&partNumber=1, UPLOAD_PART",
        "POST, /b/k?uploadId=u, COMPLETE_MULTIPART_UPLOAD",
        "DELETE, /b/k?uploadId=u, ABORT_MULTIPART_UPLOAD",
        "GET, /b/k?uploadId=u&max-parts=, LIST_PARTS"
    })
    void everyOperationIsFound(String method, String target, OperationName name) {
        assertThat(route(method, target)).isEqualTo(name);
    }

    @Test
    void copiesAreToldByTheirHeader() {
        assertThat(route("PUT", "/b/k", "x-amz-copy-source", "b/x"))
                .isEqualTo(OperationName.COPY_OBJECT);
        assertThat(route("PUT", "/b/k?uploadId=u&partNumber=1", "X-Amz-Copy-Source", "b/x"))
                .isEqualTo(OperationName.UPLOAD_PART_COPY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "abac",
                "accelerate",
                "acl",
                "analytics",
                "cors",
                "encryption",
                "intelligent-tiering",
                "inventory",
                "lifecycle",
                "logging",
                "metadataTable",
                "metrics",
                "notification",
                "object-lock",
                "ownershipControls",
                "policy",
                "policyStatus",
                "publicAccessBlock",
                "replication",
                "requestPayment",
                "website",
                "attributes",
                "legal-hold",
                "restore",
                "retention",
                "select&select-type=2",
                "torrent",
                "renameObject",
                "session"
            })
    void everythingElseOfS3IsNotImplementedForEveryMethod(String subresource) {
        for (String method : Set.of("GET", "PUT", "POST", "DELETE", "HEAD")) {
            for (String path : Set.of("/b?", "/b/k?", "/b/k?x-id=X&")) {
                Refusals.refuses(S3Error.NOT_IMPLEMENTED, () -> route(method, path + subresource));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /b, NOT_IMPLEMENTED",
        "GET, /?tagging, NOT_IMPLEMENTED",
        "GET, /b?tagging, NOT_IMPLEMENTED",
        "HEAD, /b/k?tagging, NOT_IMPLEMENTED",
        "PUT, /b/k?tagging, NOT_IMPLEMENTED",
        "DELETE, /b/k?tagging, NOT_IMPLEMENTED",
        "GET, /b/k?tagging&acl, NOT_IMPLEMENTED",
        "GET, /b/k?tagging&uploadId=u, INVALID_ARGUMENT",
        "PUT, /b/k?newSubresource, NOT_IMPLEMENTED",
        "DELETE, /b?newSubresource=, NOT_IMPLEMENTED",
        "POST, /, METHOD_NOT_ALLOWED",
        "POST, /b/k, METHOD_NOT_ALLOWED",
        "PATCH, /b/k, METHOD_NOT_ALLOWED",
        "OPTIONS, /b/k, NOT_IMPLEMENTED",
        "POST, /b?versioning, METHOD_NOT_ALLOWED",
        "DELETE, /b/k?uploads, METHOD_NOT_ALLOWED",
        "PUT, /b/k?partNumber=1, INVALID_ARGUMENT",
        "PUT, /b/k?versionId=v, INVALID_ARGUMENT",
        "GET, /b?list-type=3, INVALID_ARGUMENT",
        "GET, /b?versions&uploads, INVALID_ARGUMENT"
    })
    void whatIsNoOperationIsRefused(String method, String target, S3Error error) {
        Refusals.refuses(error, () -> route(method, target));
    }

    @ParameterizedTest
    @EnumSource(OperationName.class)
    void nobodyAndOtherBucketsAreRefused(OperationName name) {
        assertThat(name.allows(Caller.ANONYMOUS, "b")).isFalse();
        boolean elsewhere = name.allows(new Caller("k", Role.ADMIN, Set.of("other")), "b");
        assertThat(elsewhere).isEqualTo(name == OperationName.LIST_BUCKETS);
        assertThat(name.allows(new Caller("k", Role.ADMIN, Set.of()), "b")).isTrue();
        assertThat(name.allows(new Caller("k", Role.ADMIN, Set.of("b")), "b")).isTrue();
    }

    @Test
    void rolesAllowWhatTheirNamesSay() {
        EnumSet<OperationName> readers = EnumSet.noneOf(OperationName.class);
        EnumSet<OperationName> writers = EnumSet.noneOf(OperationName.class);
        for (OperationName name : OperationName.values()) {
            if (name.allows(new Caller("k", Role.READ_ONLY, Set.of()), "b")) {
                readers.add(name);
            }
            if (name.allows(new Caller("k", Role.READ_WRITE, Set.of()), "b")) {
                writers.add(name);
            }
        }
        assertThat(readers).allMatch(n -> n.s3Name().matches("(Get|Head|List).*")).hasSize(12);
        assertThat(EnumSet.complementOf(writers))
                .containsExactlyInAnyOrder(
                        OperationName.CREATE_BUCKET,
                        OperationName.DELETE_BUCKET,
                        OperationName.PUT_BUCKET_VERSIONING);
    }
}
