package io.lilio.server.s3.operation;

import static io.lilio.server.s3.operation.S3Fixture.assertFails;
import static io.lilio.server.s3.operation.S3Fixture.body;
import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.s3.error.S3Error;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Exception;

class VersioningTest {

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

    private static void bucket(String name, BucketVersioningStatus status) {
        s3.createBucket(b -> b.bucket(name));
        versioning(name, status);
    }

    private static void versioning(String name, BucketVersioningStatus status) {
        s3.putBucketVersioning(b -> b.bucket(name).versioningConfiguration(v -> v.status(status)));
    }

    private static String put(String bucket, String key, int size) {
        return s3.putObject(o -> o.bucket(bucket).key(key), body(new byte[size])).versionId();
    }

    private static ObjectIdentifier target(String key, @Nullable String version) {
        return ObjectIdentifier.builder().key(key).versionId(version).build();
    }

    private static long size(String bucket, String key, String version) {
        return s3.getObject(o -> o.bucket(bucket).key(key).versionId(version))
                .response()
                .contentLength();
    }

    @Test
    void everyWriteMakesAVersionAndADeleteHidesThem() {
        bucket("history", BucketVersioningStatus.ENABLED);
        String first = put("history", "k", 1);
        String second = put("history", "k", 2);
        assertThat(first).isNotEqualTo(second);
        assertThat(size("history", "k", first)).isEqualTo(1);
        assertThat(size("history", "k", second)).isEqualTo(2);
        DeleteObjectResponse hidden = s3.deleteObject(o -> o.bucket("history").key("k"));
        assertThat(hidden.deleteMarker()).isTrue();
        S3Exception gone =
                assertFails(
                        S3Error.NO_SUCH_KEY,
                        () -> s3.getObjectAsBytes(o -> o.bucket("history").key("k")));
        assertThat(
                        gone.awsErrorDetails()
                                .sdkHttpResponse()
                                .firstMatchingHeader("x-amz-delete-marker"))
                .contains("true");
        assertThat(gone.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("x-amz-version-id"))
                .contains(hidden.versionId());
        assertFails(S3Error.METHOD_NOT_ALLOWED, () -> size("history", "k", hidden.versionId()));
        assertThat(size("history", "k", first)).isEqualTo(1);
        assertThat(s3.listObjectsV2(l -> l.bucket("history")).keyCount()).isZero();

        ListObjectVersionsResponse all = s3.listObjectVersions(l -> l.bucket("history"));
        assertThat(all.versions())
                .extracting(ObjectVersion::versionId)
                .containsExactly(second, first);
        assertThat(all.versions()).extracting(ObjectVersion::isLatest).containsOnly(false);
        assertThat(all.deleteMarkers()).hasSize(1);
        assertThat(all.deleteMarkers().getFirst().isLatest()).isTrue();

        s3.deleteObject(o -> o.bucket("history").key("k").versionId(hidden.versionId()));
        assertThat(size("history", "k", second)).isEqualTo(2);
        assertThat(s3.headObject(o -> o.bucket("history").key("k")).versionId()).isEqualTo(second);
        s3.deleteObject(o -> o.bucket("history").key("k").versionId(second));
        assertThat(s3.headObject(o -> o.bucket("history").key("k")).versionId()).isEqualTo(first);
        assertFails(S3Error.NO_SUCH_VERSION, () -> size("history", "k", second));
    }

    @Test
    void aDeleteMarkerIsNoSourceOfACopy() {
        bucket("marked", BucketVersioningStatus.ENABLED);
        put("marked", "k", 1);
        String marker = s3.deleteObject(o -> o.bucket("marked").key("k")).versionId();
        S3Exception named =
                assertFails(
                        S3Error.INVALID_REQUEST,
                        () ->
                                s3.copyObject(
                                        c ->
                                                c.sourceBucket("marked")
                                                        .sourceKey("k")
                                                        .sourceVersionId(marker)
                                                        .destinationBucket("marked")
                                                        .destinationKey("copy")));
        assertThat(named)
                .hasMessageContaining(
                        "may not specifically refer to a delete marker by version id");
        String id = s3.createMultipartUpload(c -> c.bucket("marked").key("copy")).uploadId();
        assertFails(
                S3Error.INVALID_REQUEST,
                () ->
                        s3.uploadPartCopy(
                                c ->
                                        c.sourceBucket("marked")
                                                .sourceKey("k")
                                                .sourceVersionId(marker)
                                                .destinationBucket("marked")
                                                .destinationKey("copy")
                                                .uploadId(id)
                                                .partNumber(1)));
        assertFails(
                S3Error.NO_SUCH_KEY,
                () ->
                        s3.copyObject(
                                c ->
                                        c.sourceBucket("marked")
                                                .sourceKey("k")
                                                .destinationBucket("marked")
                                                .destinationKey("copy")));
    }

    @Test
    void suspendedVersioningReplacesTheNullVersion() {
        s3.createBucket(b -> b.bucket("suspended"));
        assertThat(put("suspended", "k", 1)).isNull();
        versioning("suspended", BucketVersioningStatus.ENABLED);
        String kept = put("suspended", "k", 2);
        assertThat(size("suspended", "k", "null")).isEqualTo(1);
        versioning("suspended", BucketVersioningStatus.SUSPENDED);
        assertThat(put("suspended", "k", 3)).isEqualTo("null");
        assertThat(size("suspended", "k", "null")).isEqualTo(3);
        assertThat(size("suspended", "k", kept)).isEqualTo(2);
        DeleteObjectResponse deleted = s3.deleteObject(o -> o.bucket("suspended").key("k"));
        assertThat(deleted.deleteMarker()).isTrue();
        assertThat(deleted.versionId()).isEqualTo("null");
        assertThat(size("suspended", "k", kept)).isEqualTo(2);
    }

    @Test
    void versionsAreListedInPages() {
        bucket("pages", BucketVersioningStatus.ENABLED);
        List<String> written = new ArrayList<>();
        for (String key : List.of("a", "b")) {
            for (int i = 0; i < 3; i++) {
                written.add(key + put("pages", key, i));
            }
        }
        List<String> seen = new ArrayList<>();
        String key = null;
        String version = null;
        boolean more = true;
        while (more) {
            String fromKey = key;
            String fromVersion = version;
            ListObjectVersionsResponse page =
                    s3.listObjectVersions(
                            l ->
                                    l.bucket("pages")
                                            .maxKeys(2)
                                            .keyMarker(fromKey)
                                            .versionIdMarker(fromVersion));
            page.versions().forEach(v -> seen.add(v.key() + v.versionId()));
            key = page.nextKeyMarker();
            version = page.nextVersionIdMarker();
            more = page.isTruncated();
        }
        assertThat(seen)
                .containsExactly(
                        written.get(2),
                        written.get(1),
                        written.get(0),
                        written.get(5),
                        written.get(4),
                        written.get(3));
    }

    @Test
    void copiesTakeTheVersionThatTheyName() {
        bucket("copying", BucketVersioningStatus.ENABLED);
        String first = put("copying", "k", 1);
        put("copying", "k", 2);
        var copied =
                s3.copyObject(
                        c ->
                                c.sourceBucket("copying")
                                        .sourceKey("k")
                                        .sourceVersionId(first)
                                        .destinationBucket("copying")
                                        .destinationKey("k"));
        assertThat(copied.copySourceVersionId()).isEqualTo(first);
        assertThat(s3.headObject(o -> o.bucket("copying").key("k")).versionId())
                .isEqualTo(copied.versionId());
        assertThat(size("copying", "k", copied.versionId())).isEqualTo(1);
    }

    @Test
    void manyVersionsAreDeletedAtOnce() {
        bucket("purge", BucketVersioningStatus.ENABLED);
        String first = put("purge", "k", 1);
        put("purge", "k", 2);
        DeleteObjectsResponse answer =
                s3.deleteObjects(
                        d ->
                                d.bucket("purge")
                                        .delete(
                                                t ->
                                                        t.objects(
                                                                List.of(
                                                                        target("k", first),
                                                                        target("other", null)))));
        assertThat(answer.deleted()).hasSize(2);
        assertThat(answer.deleted())
                .anySatisfy(
                        d -> {
                            assertThat(d.key()).isEqualTo("k");
                            assertThat(d.versionId()).isEqualTo(first);
                        })
                .anySatisfy(
                        d -> {
                            assertThat(d.key()).isEqualTo("other");
                            assertThat(d.deleteMarker()).isTrue();
                            assertThat(d.deleteMarkerVersionId()).isNotNull();
                        });
        assertFails(S3Error.NO_SUCH_VERSION, () -> size("purge", "k", first));
    }

    @Test
    void aVersionIdThatNobodyHasIsRefused() {
        bucket("ids", BucketVersioningStatus.ENABLED);
        put("ids", "k", 1);
        assertFails(S3Error.INVALID_ARGUMENT, () -> size("ids", "k", "nonsense"));
        assertFails(S3Error.NO_SUCH_VERSION, () -> size("ids", "k", "0".repeat(32)));
        assertFails(S3Error.NO_SUCH_VERSION, () -> size("ids", "k", "null"));
    }
}
