package io.lilio.server.s3.operation;

import static io.lilio.server.s3.operation.S3Fixture.assertFails;
import static io.lilio.server.s3.operation.S3Fixture.body;
import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.s3.error.S3Error;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectStorageClass;
import software.amazon.awssdk.services.s3.model.S3Object;

class ListingTest {

    private static final String BUCKET = "listing";
    private static final List<String> KEYS =
            List.of("a", "b/1", "b/2", "b/x/1", "c d+e", "d/1", "z", "ü/1", "日");

    private static S3Fixture lilio;
    private static S3Client s3;

    @BeforeAll
    static void start() {
        lilio = new S3Fixture();
        s3 = lilio.client();
        s3.createBucket(b -> b.bucket(BUCKET));
        for (String key : KEYS) {
            s3.putObject(o -> o.bucket(BUCKET).key(key), body(new byte[key.length()]));
        }
    }

    @AfterAll
    static void stop() {
        s3.close();
        lilio.close();
    }

    private static List<String> keys(List<S3Object> objects) {
        return objects.stream().map(S3Object::key).toList();
    }

    private static ObjectIdentifier key(String key) {
        return ObjectIdentifier.builder().key(key).build();
    }

    private static List<String> prefixes(List<CommonPrefix> prefixes) {
        return prefixes.stream().map(CommonPrefix::prefix).toList();
    }

    @Test
    void everythingIsListedInOrderOfItsBytes() {
        ListObjectsV2Response all = s3.listObjectsV2(l -> l.bucket(BUCKET));
        assertThat(keys(all.contents())).isEqualTo(KEYS);
        assertThat(all.keyCount()).isEqualTo(KEYS.size());
        assertThat(all.isTruncated()).isFalse();
        assertThat(all.maxKeys()).isEqualTo(1000);
        S3Object first = all.contents().getFirst();
        assertThat(first.size()).isEqualTo(1);
        assertThat(first.eTag()).matches("\"[0-9a-f]{32}\"");
        assertThat(first.storageClass()).isEqualTo(ObjectStorageClass.STANDARD);
        assertThat(first.lastModified()).isNotNull();
        assertThat(first.owner()).isNull();
        assertThat(
                        s3.listObjectsV2(l -> l.bucket(BUCKET).fetchOwner(true))
                                .contents()
                                .getFirst()
                                .owner()
                                .displayName())
                .isEqualTo("lilio");
    }

    @Test
    void pagesCountKeysAndPrefixesTogether() {
        for (int size = 1; size <= 4; size++) {
            List<String> seen = new ArrayList<>();
            String token = null;
            do {
                String from = token;
                int maxKeys = size;
                ListObjectsV2Response page =
                        s3.listObjectsV2(
                                l ->
                                        l.bucket(BUCKET)
                                                .delimiter("/")
                                                .maxKeys(maxKeys)
                                                .continuationToken(from));
                assertThat(page.keyCount()).isLessThanOrEqualTo(size);
                assertThat(page.keyCount())
                        .isEqualTo(page.contents().size() + page.commonPrefixes().size());
                seen.addAll(keys(page.contents()));
                seen.addAll(prefixes(page.commonPrefixes()));
                token = page.nextContinuationToken();
                assertThat(token != null).isEqualTo(page.isTruncated());
            } while (token != null);
            assertThat(seen)
                    .as("pages of " + size)
                    .containsExactlyInAnyOrder("a", "b/", "c d+e", "d/", "z", "ü/", "日");
        }
    }

    @Test
    void prefixDelimiterAndStartAfterNarrow() {
        ListObjectsV2Response below =
                s3.listObjectsV2(l -> l.bucket(BUCKET).prefix("b/").delimiter("/"));
        assertThat(keys(below.contents())).containsExactly("b/1", "b/2");
        assertThat(prefixes(below.commonPrefixes())).containsExactly("b/x/");
        assertThat(
                        prefixes(
                                s3.listObjectsV2(l -> l.bucket(BUCKET).delimiter("/1"))
                                        .commonPrefixes()))
                .containsExactly("b/1", "b/x/1", "d/1", "ü/1");
        assertThat(keys(s3.listObjectsV2(l -> l.bucket(BUCKET).startAfter("c d+e")).contents()))
                .containsExactly("d/1", "z", "ü/1", "日");
        assertThat(s3.listObjectsV2(l -> l.bucket(BUCKET).prefix("none")).keyCount()).isZero();
    }

    @Test
    void zeroKeysIsAnEmptyPage() {
        ListObjectsV2Response none = s3.listObjectsV2(l -> l.bucket(BUCKET).maxKeys(0));
        assertThat(none.contents()).isEmpty();
        assertThat(none.isTruncated()).isFalse();
        assertThat(none.nextContinuationToken()).isNull();
    }

    @Test
    void markersOfTheFirstVersionAreKeysAndPrefixes() {
        ListObjectsResponse plain = s3.listObjects(l -> l.bucket(BUCKET).maxKeys(2));
        assertThat(keys(plain.contents())).containsExactly("a", "b/1");
        assertThat(plain.isTruncated()).isTrue();
        assertThat(plain.nextMarker()).isNull();
        assertThat(plain.contents().getFirst().owner().displayName()).isEqualTo("lilio");
        assertThat(keys(s3.listObjects(l -> l.bucket(BUCKET).marker("b/1").maxKeys(1)).contents()))
                .containsExactly("b/2");
        ListObjectsResponse rolled =
                s3.listObjects(l -> l.bucket(BUCKET).delimiter("/").maxKeys(2));
        assertThat(rolled.nextMarker()).isEqualTo("b/");
        ListObjectsResponse rest =
                s3.listObjects(l -> l.bucket(BUCKET).delimiter("/").marker("b/"));
        assertThat(keys(rest.contents())).containsExactly("c d+e", "z", "日");
        assertThat(prefixes(rest.commonPrefixes())).containsExactly("d/", "ü/");
    }

    @Test
    void argumentsThatMeanNothingAreRefused() {
        assertFails(
                S3Error.INVALID_ARGUMENT,
                () -> s3.listObjectsV2(l -> l.bucket(BUCKET).continuationToken("guess")));
        assertFails(
                S3Error.INVALID_ARGUMENT,
                () -> s3.listObjectsV2(l -> l.bucket(BUCKET).continuationToken("")));
        assertFails(
                S3Error.INVALID_ARGUMENT,
                () -> s3.listObjectsV2(l -> l.bucket(BUCKET).maxKeys(-1)));
        assertFails(
                S3Error.INVALID_ARGUMENT,
                () ->
                        s3.listObjectsV2(
                                l ->
                                        l.bucket(BUCKET)
                                                .encodingType(EncodingType.fromValue("x"))
                                                .overrideConfiguration(
                                                        c ->
                                                                c.putRawQueryParameter(
                                                                        "encoding-type", "x"))));
        assertFails(
                S3Error.INVALID_ARGUMENT,
                () -> s3.listObjectVersions(l -> l.bucket(BUCKET).versionIdMarker("x")));
    }

    @Test
    void manyAreDeletedAtOnceEachByItself() {
        s3.createBucket(b -> b.bucket("bulk"));
        for (int i = 0; i < 20; i++) {
            String key = "k" + i;
            s3.putObject(o -> o.bucket("bulk").key(key), body(new byte[2]));
        }
        List<ObjectIdentifier> targets = new ArrayList<>();
        for (int i = 0; i < 19; i++) {
            targets.add(key("k" + i));
        }
        targets.add(key("never-was"));
        targets.add(key("x".repeat(1025)));
        DeleteObjectsResponse answer =
                s3.deleteObjects(d -> d.bucket("bulk").delete(t -> t.objects(targets)));
        assertThat(answer.deleted()).hasSize(20);
        assertThat(answer.errors()).hasSize(1);
        assertThat(answer.errors().getFirst().code()).isEqualTo("KeyTooLongError");
        assertThat(keys(s3.listObjectsV2(l -> l.bucket("bulk")).contents())).containsExactly("k19");
        DeleteObjectsResponse quiet =
                s3.deleteObjects(
                        d ->
                                d.bucket("bulk")
                                        .delete(t -> t.quiet(true).objects(List.of(key("k19")))));
        assertThat(quiet.deleted()).isEmpty();
        assertThat(quiet.errors()).isEmpty();
        assertThat(s3.listObjectsV2(l -> l.bucket("bulk")).keyCount()).isZero();
        List<ObjectIdentifier> invalid = List.of(key("x".repeat(1025)));
        for (List<ObjectIdentifier> listed : List.of(targets, invalid)) {
            assertFails(
                    S3Error.NO_SUCH_BUCKET,
                    () ->
                            s3.deleteObjects(
                                    d -> d.bucket("nowhere").delete(t -> t.objects(listed))));
        }
    }
}
