package io.lilio.server.s3.operation;

import static io.lilio.server.s3.operation.S3Fixture.assertFails;
import static io.lilio.server.s3.operation.S3Fixture.body;
import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.bucket.Buckets;
import io.lilio.catalog.bucket.Versioning;
import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.http.Caller.Role;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ListBucketsResponse;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;

class BucketOperationsTest {

    private static S3Fixture lilio;
    private static S3Client s3;

    @BeforeAll
    static void start() {
        lilio = new S3Fixture();
        s3 = lilio.client();
    }

    @AfterAll
    static void stop() {
        s3.close();
        lilio.close();
    }

    @Test
    void aBucketIsCreatedFoundListedAndDeleted() {
        assertThat(s3.createBucket(b -> b.bucket("made")).location()).isEqualTo("/made");
        assertThat(s3.headBucket(b -> b.bucket("made")).bucketRegion()).isEqualTo("us-east-1");
        assertThat(s3.getBucketLocation(b -> b.bucket("made")).locationConstraintAsString())
                .isNullOrEmpty();
        ListBucketsResponse listed = s3.listBuckets();
        assertThat(listed.buckets()).extracting(Bucket::name).contains("made");
        assertThat(listed.buckets().getFirst().creationDate()).isNotNull();
        assertThat(listed.owner().displayName()).isEqualTo("lilio");
        assertFails(
                S3Error.BUCKET_ALREADY_OWNED_BY_YOU, () -> s3.createBucket(b -> b.bucket("made")));
        s3.putObject(o -> o.bucket("made").key("k"), body(new byte[1]));
        assertThat(
                        assertFails(
                                S3Error.BUCKET_NOT_EMPTY,
                                () -> s3.deleteBucket(b -> b.bucket("made"))))
                .hasMessageContaining("objects, versions or delete markers");
        s3.deleteObject(o -> o.bucket("made").key("k"));
        s3.deleteBucket(b -> b.bucket("made"));
        assertFails(S3Error.NO_SUCH_BUCKET, () -> s3.headBucket(b -> b.bucket("made")));
        assertFails(S3Error.NO_SUCH_BUCKET, () -> s3.deleteBucket(b -> b.bucket("made")));
        assertFails(S3Error.NO_SUCH_BUCKET, () -> s3.getBucketLocation(b -> b.bucket("made")));
        assertFails(S3Error.NO_SUCH_BUCKET, () -> s3.getBucketVersioning(b -> b.bucket("made")));
        assertFails(S3Error.NO_SUCH_BUCKET, () -> s3.listObjectsV2(b -> b.bucket("made")));
    }

    @Test
    void aBucketThatBelongsToAnOwnerInTheAdminApiIsNotRemovedByClients() {
        var claim = new Buckets.Claim("owned", Versioning.OFF, "uid-1", false);
        lilio.engine().objects().buckets().claim(claim, Owner.ID, 1 << 20);
        s3.putObject(o -> o.bucket("owned").key("k"), body(new byte[1]));
        s3.deleteObject(o -> o.bucket("owned").key("k"));
        assertFails(S3Error.ACCESS_DENIED, () -> s3.deleteBucket(b -> b.bucket("owned")));
        s3.headBucket(b -> b.bucket("owned"));
        lilio.engine().objects().buckets().release("owned", "uid-1");
        s3.deleteBucket(b -> b.bucket("owned"));
    }

    /** The SDK lets only these through; the others are among the bad input. */
    @ParameterizedTest
    @ValueSource(strings = {"xn--a", "a-s3alias"})
    void reservedBucketNamesAreRefused(String name) {
        assertFails(S3Error.INVALID_BUCKET_NAME, () -> s3.createBucket(b -> b.bucket(name)));
    }

    @Test
    void aLocationConstraintHasToBeTheRegion() {
        assertFails(
                S3Error.ILLEGAL_LOCATION_CONSTRAINT,
                () ->
                        s3.createBucket(
                                b ->
                                        b.bucket("elsewhere")
                                                .createBucketConfiguration(
                                                        c -> c.locationConstraint("eu-west-1"))));
        s3.createBucket(
                b ->
                        b.bucket("right-here")
                                .createBucketConfiguration(c -> c.locationConstraint("us-east-1")));
    }

    @Test
    void versioningIsOffEnabledSuspended() {
        s3.createBucket(b -> b.bucket("versioned"));
        assertThat(s3.getBucketVersioning(b -> b.bucket("versioned")).status()).isNull();
        for (BucketVersioningStatus status :
                List.of(BucketVersioningStatus.ENABLED, BucketVersioningStatus.SUSPENDED)) {
            s3.putBucketVersioning(
                    b -> b.bucket("versioned").versioningConfiguration(v -> v.status(status)));
            assertThat(s3.getBucketVersioning(b -> b.bucket("versioned")).status())
                    .isEqualTo(status);
        }
    }

    @Test
    void bucketsAreListedInPages() {
        for (String name : List.of("page-a", "page-b", "page-c")) {
            s3.createBucket(b -> b.bucket(name));
        }
        ListBucketsResponse first = s3.listBuckets(b -> b.prefix("page-").maxBuckets(2));
        assertThat(first.buckets()).extracting(Bucket::name).containsExactly("page-a", "page-b");
        ListBucketsResponse second =
                s3.listBuckets(
                        b ->
                                b.prefix("page-")
                                        .maxBuckets(2)
                                        .continuationToken(first.continuationToken()));
        assertThat(second.buckets()).extracting(Bucket::name).containsExactly("page-c");
        assertThat(second.continuationToken()).isNull();
    }

    @Test
    void rolesAndBucketsBindAccessKeys() {
        s3.createBucket(b -> b.bucket("mine"));
        s3.createBucket(b -> b.bucket("theirs"));
        s3.putObject(o -> o.bucket("theirs").key("secret"), body(new byte[3]));
        lilio.addKey("READER", "reader-secret", Role.READ_ONLY, "mine");
        lilio.addKey("WRITER", "writer-secret", Role.READ_WRITE, "mine");
        try (S3Client reader = lilio.client("READER", "reader-secret");
                S3Client writer = lilio.client("WRITER", "writer-secret")) {
            assertThat(reader.listBuckets().buckets())
                    .extracting(Bucket::name)
                    .containsExactly("mine");
            writer.putObject(o -> o.bucket("mine").key("k"), body(new byte[3]));
            assertThat(reader.getObjectAsBytes(o -> o.bucket("mine").key("k")).asByteArray())
                    .hasSize(3);
            assertFails(
                    S3Error.ACCESS_DENIED,
                    () -> reader.putObject(o -> o.bucket("mine").key("k"), body(new byte[1])));
            assertFails(
                    S3Error.ACCESS_DENIED,
                    () -> reader.deleteObject(o -> o.bucket("mine").key("k")));
            assertFails(
                    S3Error.ACCESS_DENIED,
                    () -> writer.getObjectAsBytes(o -> o.bucket("theirs").key("secret")));
            assertFails(
                    S3Error.ACCESS_DENIED,
                    () ->
                            writer.copyObject(
                                    c ->
                                            c.sourceBucket("theirs")
                                                    .sourceKey("secret")
                                                    .destinationBucket("mine")
                                                    .destinationKey("stolen")));
            assertFails(S3Error.ACCESS_DENIED, () -> writer.createBucket(b -> b.bucket("new")));
            assertFails(S3Error.ACCESS_DENIED, () -> writer.deleteBucket(b -> b.bucket("mine")));
            assertFails(S3Error.ACCESS_DENIED, () -> writer.headBucket(b -> b.bucket("not-there")));
        }
    }

    @Test
    void whatIsNotImplementedSaysSo() {
        s3.createBucket(b -> b.bucket("plain"));
        s3.putObject(o -> o.bucket("plain").key("k"), body(new byte[3]));
        assertFails(S3Error.NOT_IMPLEMENTED, () -> s3.getBucketAcl(b -> b.bucket("plain")));
        assertFails(S3Error.NOT_IMPLEMENTED, () -> s3.getBucketPolicy(b -> b.bucket("plain")));
        assertFails(S3Error.NOT_IMPLEMENTED, () -> s3.getBucketTagging(b -> b.bucket("plain")));
        assertFails(S3Error.NOT_IMPLEMENTED, () -> s3.getBucketCors(b -> b.bucket("plain")));
        assertFails(
                S3Error.NOT_IMPLEMENTED,
                () ->
                        s3.putObjectTagging(
                                t -> t.bucket("plain").key("k").tagging(g -> g.tagSet(List.of()))));
        assertFails(
                S3Error.NOT_IMPLEMENTED,
                () ->
                        s3.getObjectAttributes(
                                a ->
                                        a.bucket("plain")
                                                .key("k")
                                                .objectAttributesWithStrings("ETag")));
        assertFails(
                S3Error.NOT_IMPLEMENTED,
                () ->
                        s3.putObject(
                                o -> o.bucket("plain").key("k").serverSideEncryption("AES256"),
                                body(new byte[1])));
        assertFails(
                S3Error.ACCESS_CONTROL_LIST_NOT_SUPPORTED,
                () ->
                        s3.putObject(
                                o -> o.bucket("plain").key("k").acl(ObjectCannedACL.PUBLIC_READ),
                                body(new byte[1])));
        s3.putObject(
                o -> o.bucket("plain").key("private").acl(ObjectCannedACL.PRIVATE),
                body(new byte[1]));
        assertThat(s3.headObject(o -> o.bucket("plain").key("k")).contentLength()).isEqualTo(3);
    }
}
