package io.lilio.server.s3.operation;

import static io.lilio.server.s3.operation.S3Fixture.body;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Two objects, and between them more deleted keys than one page passes over. */
class DeletedKeysListingTest {

    private static final String BUCKET = "deleted";

    private static S3Fixture lilio;
    private static S3Client s3;

    @BeforeAll
    static void start() {
        lilio = new S3Fixture();
        s3 = lilio.client();
        s3.createBucket(b -> b.bucket(BUCKET));
        s3.putBucketVersioning(
                v ->
                        v.bucket(BUCKET)
                                .versioningConfiguration(
                                        c -> c.status(BucketVersioningStatus.ENABLED)));
        for (String key : List.of("a", "z")) {
            s3.putObject(o -> o.bucket(BUCKET).key(key), body(new byte[1]));
        }
        s3.deleteObject(d -> d.bucket(BUCKET).key("gone"));
        lilio.engine().repeat(BUCKET, "gone", "gone/", 60_000);
    }

    @AfterAll
    static void stop() {
        s3.close();
        lilio.close();
    }

    private static List<String> keys(List<S3Object> objects) {
        return objects.stream().map(S3Object::key).toList();
    }

    @Test
    void theTokenOfAnEmptyPageLeadsOn() {
        ListObjectsV2Response empty = s3.listObjectsV2(l -> l.bucket(BUCKET).startAfter("a"));
        assertThat(empty.keyCount()).isZero();
        assertThat(empty.isTruncated()).isTrue();
        assertThat(
                        s3.listObjectsV2Paginator(l -> l.bucket(BUCKET)).contents().stream()
                                .map(S3Object::key))
                .containsExactly("a", "z");
    }

    @Test
    void theFirstVersionTellsWhereToGoOnWhenThePageDoesNot() {
        ListObjectsResponse first = s3.listObjects(l -> l.bucket(BUCKET));
        assertThat(keys(first.contents())).containsExactly("a");
        assertThat(first.isTruncated()).isTrue();
        assertThat(first.nextMarker()).startsWith("gone/");
        ListObjectsResponse rest = s3.listObjects(l -> l.bucket(BUCKET).marker(first.nextMarker()));
        assertThat(keys(rest.contents())).containsExactly("z");
        assertThat(rest.isTruncated()).isFalse();
    }

    @Test
    void theFirstVersionLeavesEmptyPagesOut() {
        for (String delimiter : List.of("", "/")) {
            ListObjectsResponse page =
                    s3.listObjects(l -> l.bucket(BUCKET).delimiter(delimiter).marker("a"));
            assertThat(keys(page.contents())).containsExactly("z");
            assertThat(page.isTruncated()).isFalse();
        }
    }
}
