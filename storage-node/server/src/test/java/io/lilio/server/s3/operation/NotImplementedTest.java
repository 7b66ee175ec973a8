package io.lilio.server.s3.operation;

import static io.lilio.server.s3.operation.S3Fixture.body;
import static io.lilio.server.s3.operation.S3Fixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.http.RawClient;
import io.lilio.server.s3.http.RawClient.Reply;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;

/** What S3 has and Lilio has not, through the server: refused, and everything as it was before. */
class NotImplementedTest {

    private static final String BUCKET = "as-it-was";

    private static S3Fixture lilio;
    private static S3Client s3;
    private static RawClient connection;
    private static List<Object> before;

    @BeforeAll
    static void start() throws IOException {
        lilio = new S3Fixture();
        s3 = lilio.client();
        connection = lilio.connect();
        s3.createBucket(b -> b.bucket(BUCKET));
        s3.putObject(
                o -> o.bucket(BUCKET).key("k").metadata(Map.of("a", "b")), body(bytes(300_000)));
        s3.createMultipartUpload(c -> c.bucket(BUCKET).key("upload"));
        before = everything();
    }

    @AfterAll
    static void stop() throws IOException {
        connection.close();
        s3.close();
        lilio.close();
    }

    /** All that a client can see. */
    private static List<Object> everything() {
        return List.of(
                s3.listBuckets().buckets(),
                s3.listObjectVersions(l -> l.bucket(BUCKET)).versions(),
                s3.listMultipartUploads(l -> l.bucket(BUCKET)).uploads(),
                String.valueOf(s3.getBucketVersioning(v -> v.bucket(BUCKET)).statusAsString()),
                s3.headObject(o -> o.bucket(BUCKET).key("k")).metadata(),
                s3.headObject(o -> o.bucket(BUCKET).key("k")).eTag());
    }

    private static void assertRefused(S3Error error, SignedRequest request, String what)
            throws IOException {
        Reply reply = request.exchange(connection);
        assertThat(reply.status()).as("%s: %s", what, reply.text()).isEqualTo(error.status());
        if (!what.startsWith("HEAD")) {
            assertThat(reply.text()).as(what).contains("<Code>" + error.code() + "</Code>");
            assertThat(reply.headers().get("content-type")).isEqualTo("application/xml");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "abac",
                "accelerate",
                "acl",
                "analytics",
                "analytics&id=1",
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
                "torrent",
                "website"
            })
    void subresources(String subresource) throws Exception {
        for (String method : List.of("GET", "HEAD", "PUT", "POST", "DELETE")) {
            for (String path : List.of("/" + BUCKET, "/" + BUCKET + "/k")) {
                assertNotImplemented(method, path + "?" + subresource);
            }
        }
        assertThat(everything()).isEqualTo(before);
    }

    private static void assertNotImplemented(String method, String target) throws IOException {
        SignedRequest request = SignedRequest.of(method, target);
        if (method.startsWith("P")) {
            request.body("<Any/>");
        }
        assertRefused(S3Error.NOT_IMPLEMENTED, request, method + " " + target);
    }

    /** All but GetObjectTagging: no object has any. */
    @Test
    void tags() throws Exception {
        assertNotImplemented("GET", "/" + BUCKET + "?tagging");
        for (String method : List.of("HEAD", "PUT", "POST", "DELETE")) {
            assertNotImplemented(method, "/" + BUCKET + "?tagging");
            assertNotImplemented(method, "/" + BUCKET + "/k?tagging");
        }
        assertThat(everything()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-server-side-encryption, AES256, NOT_IMPLEMENTED",
        "x-amz-server-side-encryption, aws:kms, NOT_IMPLEMENTED",
        "x-amz-server-side-encryption-aws-kms-key-id, x, NOT_IMPLEMENTED",
        "x-amz-server-side-encryption-bucket-key-enabled, true, NOT_IMPLEMENTED",
        "x-amz-server-side-encryption-context, x, NOT_IMPLEMENTED",
        "x-amz-server-side-encryption-customer-algorithm, AES256, NOT_IMPLEMENTED",
        "x-amz-copy-source-server-side-encryption-customer-key, x, NOT_IMPLEMENTED",
        "x-amz-object-lock-mode, COMPLIANCE, NOT_IMPLEMENTED",
        "x-amz-object-lock-retain-until-date, 2040-01-01T00:00:00Z, NOT_IMPLEMENTED",
        "x-amz-object-lock-legal-hold, ON, NOT_IMPLEMENTED",
        "x-amz-bucket-object-lock-enabled, true, NOT_IMPLEMENTED",
        "x-amz-object-ownership, ObjectWriter, NOT_IMPLEMENTED",
        "x-amz-tagging, a=b, NOT_IMPLEMENTED",
        "x-amz-tagging-directive, MERGE, NOT_IMPLEMENTED",
        "x-amz-website-redirect-location, /x, NOT_IMPLEMENTED",
        "x-amz-write-offset-bytes, 300000, NOT_IMPLEMENTED",
        "x-amz-if-match-size, 1, NOT_IMPLEMENTED",
        "x-amz-if-match-last-modified-time, x, NOT_IMPLEMENTED",
        "x-amz-if-match-initiated-time, x, NOT_IMPLEMENTED",
        "x-amz-rename-source, /as-it-was/k, NOT_IMPLEMENTED",
        "x-amz-create-session-mode, ReadOnly, NOT_IMPLEMENTED",
        "x-amz-object-annotations, x, NOT_IMPLEMENTED",
        "x-amz-not-invented-yet, x, NOT_IMPLEMENTED",
        "x-amz-acl, public-read, ACCESS_CONTROL_LIST_NOT_SUPPORTED",
        "x-amz-grant-full-control, id=1, ACCESS_CONTROL_LIST_NOT_SUPPORTED",
        "x-amz-expected-bucket-owner, 111122223333, ACCESS_DENIED",
        "x-amz-source-expected-bucket-owner, 111122223333, ACCESS_DENIED"
    })
    void headersOfWrites(String name, String value, S3Error error) throws Exception {
        String object = "/" + BUCKET + "/k";
        for (SignedRequest write :
                List.of(
                        SignedRequest.of("PUT", object).body("other"),
                        SignedRequest.of("PUT", object)
                                .header("x-amz-copy-source", object)
                                .header("x-amz-metadata-directive", "REPLACE"),
                        SignedRequest.of("POST", object + "?uploads"),
                        SignedRequest.of("DELETE", object),
                        SignedRequest.of("PUT", "/another-bucket"))) {
            assertRefused(error, write.header(name, value), "a write");
        }
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void subresourcesOfALaterYear() throws Exception {
        for (String method : List.of("PUT", "POST", "DELETE")) {
            for (String target : List.of("?newThing", "/k?newThing", "/k?newThing=")) {
                assertRefused(
                        S3Error.NOT_IMPLEMENTED,
                        SignedRequest.of(method, "/" + BUCKET + target),
                        method + target);
            }
        }
        assertRefused(
                S3Error.NOT_IMPLEMENTED,
                SignedRequest.of("POST", "/" + BUCKET).body("a form of a browser"),
                "POST Object");
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void mfaDelete() throws Exception {
        for (String status : List.of("Enabled", "Suspended")) {
            assertRefused(
                    S3Error.NOT_IMPLEMENTED,
                    SignedRequest.of("PUT", "/" + BUCKET + "?versioning")
                            .body(
                                    "<VersioningConfiguration><Status>"
                                            + status
                                            + "</Status><MfaDelete>Enabled</MfaDelete>"
                                            + "</VersioningConfiguration>"),
                    "MFA delete");
        }
        assertThat(everything()).isEqualTo(before);
    }

    /** As S3 answers algorithms that it does not know; a payload signed so is one of its forms. */
    @Test
    void signatureVersion4A() throws Exception {
        String algorithm = "AWS4-ECDSA-P256-SHA256";
        String object = "/" + BUCKET + "/k";
        String claim =
                " Credential=ROOTKEY/20260101/s3/aws4_request,SignedHeaders=host,Signature=00";
        assertRefused(
                S3Error.INVALID_REQUEST,
                SignedRequest.of("PUT", object)
                        .header("x-amz-region-set", "*")
                        .unsigned("authorization", algorithm + claim)
                        .body("other"),
                "in a header");
        Reply presigned =
                connection
                        .send(
                                "DELETE %s?X-Amz-Algorithm=%s HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"
                                        .formatted(object, algorithm))
                        .reply(true);
        assertThat(presigned.status()).isEqualTo(400);
        assertThat(presigned.text())
                .contains("<Code>" + S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR.code());
        for (String trailer : List.of("", "-TRAILER")) {
            assertRefused(
                    S3Error.NOT_IMPLEMENTED,
                    SignedRequest.of("PUT", object)
                            .payloadHash("STREAMING-" + algorithm + "-PAYLOAD" + trailer)
                            .body("other"),
                    "a payload");
        }
        assertThat(everything()).isEqualTo(before);
    }

    /** As in S3: clients tell each other things in them. */
    @Test
    void parametersThatAreNoneOfS3AreIgnored() throws Exception {
        String object = "/" + BUCKET + "/k";
        for (String target :
                List.of("?unknownThing", "?unknownThing=1", "?x-id=GetObject", "?x-mine=1")) {
            Reply reply = SignedRequest.of("GET", object + target).exchange(connection);
            assertThat(reply.status()).as(target).isEqualTo(200);
            assertThat(reply.body()).as(target).isEqualTo(bytes(300_000));
        }
        assertThat(
                        SignedRequest.of(
                                        "DELETE", "/" + BUCKET + "/never-was?x-id=DeleteObject&y=1")
                                .exchange(connection)
                                .status())
                .isEqualTo(204);
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void whatChangesNothingIsAccepted() throws Exception {
        for (Map.Entry<String, String> header :
                Map.of(
                                "x-amz-acl", "private",
                                "x-amz-request-payer", "requester",
                                "x-amz-bypass-governance-retention", "true",
                                "x-amz-mfa", "serial 123456",
                                "x-amz-user-agent", "sdk",
                                "x-amz-sdk-anything", "x",
                                "x-amz-security-token", "x",
                                "x-amz-tagging-directive", "COPY")
                        .entrySet()) {
            SignedRequest delete =
                    SignedRequest.of("DELETE", "/" + BUCKET + "/never-was")
                            .header(header.getKey(), header.getValue());
            assertThat(delete.exchange(connection).status()).as("%s", header).isEqualTo(204);
        }
        assertThat(everything()).isEqualTo(before);
    }
}
