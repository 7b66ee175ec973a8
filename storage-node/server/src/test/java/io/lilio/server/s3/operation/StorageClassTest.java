package io.lilio.server.s3.operation;

import static io.lilio.server.s3.operation.S3Fixture.assertFails;
import static io.lilio.server.s3.operation.S3Fixture.body;
import static io.lilio.server.s3.operation.S3Fixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.s3.error.S3Error;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Storage classes are names: kept, given back, and never in the way of a read. */
class StorageClassTest {

    private static final String BUCKET = "classes";
    private static final byte[] BYTES = bytes(300_000);

    private static S3Fixture lilio;
    private static S3Client s3;

    @BeforeAll
    static void start() {
        lilio = new S3Fixture();
        s3 = lilio.client();
        s3.createBucket(b -> b.bucket(BUCKET));
    }

    @AfterAll
    static void stop() {
        s3.close();
        lilio.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "REDUCED_REDUNDANCY",
                "STANDARD_IA",
                "ONEZONE_IA",
                "INTELLIGENT_TIERING",
                "GLACIER",
                "DEEP_ARCHIVE",
                "OUTPOSTS",
                "GLACIER_IR",
                "SNOW",
                "EXPRESS_ONEZONE",
                "FSX_OPENZFS",
                "FSX_ONTAP"
            })
    void everyClassIsKeptAndItsObjectsAreReadAtOnce(String name) {
        s3.putObject(o -> o.bucket(BUCKET).key(name).storageClass(name), body(BYTES));
        ResponseBytes<GetObjectResponse> got = s3.getObjectAsBytes(o -> o.bucket(BUCKET).key(name));
        assertThat(got.asByteArray()).isEqualTo(BYTES);
        assertThat(got.response().storageClassAsString()).isEqualTo(name);
        HeadObjectResponse head = s3.headObject(o -> o.bucket(BUCKET).key(name));
        assertThat(head.storageClassAsString()).isEqualTo(name);
        assertThat(s3.listObjectsV2(l -> l.bucket(BUCKET).prefix(name)).contents())
                .filteredOn(listed -> listed.key().equals(name))
                .extracting(S3Object::storageClassAsString)
                .containsExactly(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"STANDARD", "DEEP_ARCHIVE"})
    void copiesAndUploadsHaveTheOneThatTheyAskFor(String name) {
        s3.putObject(o -> o.bucket(BUCKET).key("source").storageClass("GLACIER"), body(BYTES));
        s3.copyObject(
                c ->
                        c.sourceBucket(BUCKET)
                                .sourceKey("source")
                                .destinationBucket(BUCKET)
                                .destinationKey("copy")
                                .storageClass(name));
        // STANDARD goes without saying.
        String told = name.equals("STANDARD") ? null : name;
        assertThat(s3.headObject(o -> o.bucket(BUCKET).key("copy")).storageClassAsString())
                .isEqualTo(told);
        String id =
                s3.createMultipartUpload(c -> c.bucket(BUCKET).key("parts").storageClass(name))
                        .uploadId();
        assertThat(
                        s3.listParts(l -> l.bucket(BUCKET).key("parts").uploadId(id))
                                .storageClassAsString())
                .isEqualTo(name);
        String etag =
                s3.uploadPart(
                                p -> p.bucket(BUCKET).key("parts").uploadId(id).partNumber(1),
                                body(BYTES))
                        .eTag();
        CompletedPart part = CompletedPart.builder().partNumber(1).eTag(etag).build();
        s3.completeMultipartUpload(
                c ->
                        c.bucket(BUCKET)
                                .key("parts")
                                .uploadId(id)
                                .multipartUpload(u -> u.parts(part)));
        assertThat(s3.headObject(o -> o.bucket(BUCKET).key("parts")).storageClassAsString())
                .isEqualTo(told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ICE", "glacier"})
    void namesThatS3DoesNotKnowAreRefused(String name) {
        assertFails(
                S3Error.INVALID_STORAGE_CLASS,
                () -> s3.putObject(o -> o.bucket(BUCKET).key("k").storageClass(name), body(BYTES)));
        assertFails(
                S3Error.INVALID_STORAGE_CLASS,
                () -> s3.createMultipartUpload(c -> c.bucket(BUCKET).key("k").storageClass(name)));
    }
}
