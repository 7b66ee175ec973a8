package io.lilio.server.s3.operation;

import static io.lilio.server.s3.operation.S3Fixture.assertFails;
import static io.lilio.server.s3.operation.S3Fixture.body;
import static io.lilio.server.s3.operation.S3Fixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.http.Caller;
import io.lilio.server.s3.http.RawClient;
import io.lilio.server.s3.http.RawClient.Reply;
import io.lilio.server.s3.xml.XmlDocument;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.GetObjectTaggingResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** No object has tags. Clients that ask before they copy are told so. */
class GetObjectTaggingTest {

    private static final String BUCKET = "tagged";

    private static S3Fixture lilio;
    private static S3Client s3;

    @BeforeAll
    static void start() {
        lilio = new S3Fixture();
        s3 = lilio.client();
        s3.createBucket(b -> b.bucket(BUCKET));
        s3.putObject(o -> o.bucket(BUCKET).key("k"), body(bytes(300_000)));
    }

    @AfterAll
    static void stop() {
        s3.close();
        lilio.close();
    }

    private static GetObjectTaggingResponse tags(
            S3Client client, String bucket, String key, @Nullable String version) {
        return client.getObjectTagging(t -> t.bucket(bucket).key(key).versionId(version));
    }

    @Test
    void anObjectHasNone() throws Exception {
        GetObjectTaggingResponse answer = tags(s3, BUCKET, "k", null);
        assertThat(answer.hasTagSet()).isTrue();
        assertThat(answer.tagSet()).isEmpty();
        assertThat(answer.versionId()).isNull();
        try (RawClient client = lilio.connect()) {
            Reply reply = SignedRequest.of("GET", "/" + BUCKET + "/k?tagging").exchange(client);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.headers()).containsEntry("content-type", "application/xml");
            assertThat(reply.text())
                    .isEqualTo(
                            XmlDocument.DECLARATION
                                    + "<Tagging xmlns=\""
                                    + XmlDocument.NAMESPACE
                                    + "\"><TagSet></TagSet></Tagging>");
        }
    }

    @Test
    void norHasAnyOfItsVersions() {
        s3.createBucket(b -> b.bucket("versions"));
        s3.putBucketVersioning(
                b ->
                        b.bucket("versions")
                                .versioningConfiguration(
                                        v -> v.status(BucketVersioningStatus.ENABLED)));
        String first = s3.putObject(o -> o.bucket("versions").key("k"), body(bytes(1))).versionId();
        String second =
                s3.putObject(o -> o.bucket("versions").key("k"), body(bytes(2))).versionId();
        assertThat(tags(s3, "versions", "k", null).versionId()).isEqualTo(second);
        assertThat(tags(s3, "versions", "k", first).versionId()).isEqualTo(first);
        assertThat(tags(s3, "versions", "k", first).tagSet()).isEmpty();

        String marker = s3.deleteObject(o -> o.bucket("versions").key("k")).versionId();
        S3Exception hidden =
                assertFails(S3Error.NO_SUCH_KEY, () -> tags(s3, "versions", "k", null));
        assertThat(
                        hidden.awsErrorDetails()
                                .sdkHttpResponse()
                                .firstMatchingHeader("x-amz-delete-marker"))
                .contains("true");
        assertFails(S3Error.METHOD_NOT_ALLOWED, () -> tags(s3, "versions", "k", marker));
        assertThat(tags(s3, "versions", "k", second).tagSet()).isEmpty();
    }

    @Test
    void whatIsNotThereIsNamed() {
        assertFails(S3Error.NO_SUCH_BUCKET, () -> tags(s3, "not-there", "k", null));
        assertFails(S3Error.NO_SUCH_KEY, () -> tags(s3, BUCKET, "other", null));
        assertFails(S3Error.NO_SUCH_VERSION, () -> tags(s3, BUCKET, "k", "0".repeat(32)));
        assertFails(S3Error.INVALID_ARGUMENT, () -> tags(s3, BUCKET, "k", "nonsense"));
    }

    @Test
    void whoMayReadMayAsk() {
        lilio.addKey("READER", "reader-secret", Caller.Role.READ_ONLY, BUCKET);
        lilio.addKey("STRANGER", "stranger-secret", Caller.Role.ADMIN, "elsewhere");
        try (S3Client reader = lilio.client("READER", "reader-secret");
                S3Client stranger = lilio.client("STRANGER", "stranger-secret")) {
            assertThat(tags(reader, BUCKET, "k", null).tagSet()).isEmpty();
            assertFails(S3Error.ACCESS_DENIED, () -> tags(stranger, BUCKET, "k", null));
            assertFails(S3Error.ACCESS_DENIED, () -> tags(stranger, BUCKET, "other", null));
        }
    }
}
