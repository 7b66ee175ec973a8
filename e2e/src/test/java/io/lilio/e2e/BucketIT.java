package io.lilio.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.crd.ConditionStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.S3Exception;

@Tag("e2e")
@Order(12)
@DisplayName("11 Buckets and their credentials")
final class BucketIT {

    @RegisterExtension static final Scenario SCENARIO = Scenario.named("buckets");

    private static final String ELSEWHERE = "e2e-buckets-elsewhere";
    private static final String CONTENT = "what is in it";

    private static StoreCluster cluster;
    private static S3Client root;

    @BeforeAll
    static void make() {
        SCENARIO.makeNamespace(ELSEWHERE);
        cluster = StoreCluster.create(SCENARIO, "shop", Spec.of(3));
        root = Load.client(cluster.s3(), cluster.rootKey());
    }

    @AfterAll
    static void end() {
        if (root != null) {
            root.close();
        }
    }

    @Test
    @Order(1)
    @DisplayName("11: created; its keys open it and no other")
    void keysOpenOneBucket() {
        StoreBucket one = bucket("one").apply().awaitReady();
        bucket("two").apply().awaitReady();
        assertThat(one.secret().getData().keySet())
                .contains(
                        "AWS_ENDPOINT_URL_S3",
                        "AWS_ACCESS_KEY_ID",
                        "AWS_SECRET_ACCESS_KEY",
                        "AWS_REGION",
                        "BUCKET_NAME");
        assertThat(one.secretValue("BUCKET_NAME")).isEqualTo("one");
        try (S3Client s3 = one.client()) {
            put(s3, "one");
            assertThat(get(s3, "one")).isEqualTo(CONTENT);
            refused(() -> put(s3, "two"));
            refused(() -> get(s3, "two"));
            refused(() -> s3.listObjectsV2(b -> b.bucket("two")));
            refused(() -> s3.createBucket(b -> b.bucket("three")));
        }
    }

    @Test
    @Order(2)
    @DisplayName("11: one that is there is adopted only when asked for, with what is in it")
    void adopted() {
        root.createBucket(b -> b.bucket("old"));
        put(root, "old");
        StoreBucket old = bucket("old").apply();
        old.await("Ready", ConditionStatus.FALSE, "BucketExists");
        assertThat(old.secret()).as("no keys for a bucket that is not its own").isNull();

        old.apply("adoptExisting: true").awaitReady();
        try (S3Client s3 = old.client()) {
            assertThat(get(s3, "old")).isEqualTo(CONTENT);
        }
    }

    @Test
    @Order(3)
    @DisplayName("11: a second owner is refused, and its deletion touches nothing")
    void secondOwner() {
        StoreBucket first = bucket("owned").apply().awaitReady();
        try (S3Client s3 = first.client()) {
            put(s3, "owned");
            StoreBucket second =
                    bucket("usurper")
                            .apply(
                                    "bucketName: owned",
                                    "adoptExisting: true",
                                    "deletionPolicy: DeleteAll");
            second.await("Ready", ConditionStatus.FALSE, "BucketOwnedByAnother");
            second.beginToDelete();
            second.awaitGone();
            assertThat(get(s3, "owned")).isEqualTo(CONTENT);
        }
        first.awaitReady();
    }

    @Test
    @Order(4)
    @DisplayName("11: another namespace is refused, and admitted by the cluster")
    void anotherNamespace() {
        StoreBucket far = new StoreBucket(SCENARIO.kubernetes(), cluster, ELSEWHERE, "far").apply();
        far.await("Ready", ConditionStatus.FALSE, "NamespaceNotAllowed");
        assertThat(buckets()).doesNotContain("far");

        cluster.patchSpec("{\"allowedNamespaces\":[\"" + ELSEWHERE + "\"]}");
        far.awaitReady();
        try (S3Client s3 = far.client()) {
            put(s3, "far");
        }
    }

    @Test
    @Order(5)
    @DisplayName("11: a deleted Secret comes back with another key, and the old one is revoked")
    void deletedSecret() {
        StoreBucket bucket = bucket("secret").apply().awaitReady();
        String uid = bucket.secret().getMetadata().getUid();
        String key = bucket.secretValue("AWS_ACCESS_KEY_ID");
        try (S3Client old = bucket.client()) {
            put(old, "secret");
            SCENARIO.kubernetes().kubectl("delete", "secret", "secret", "-n", namespace());
            Await.until(
                    "there is another Secret",
                    Duration.ofMinutes(5),
                    Await.that(
                            "there is none",
                            () ->
                                    bucket.secret() != null
                                            && !bucket.secret()
                                                    .getMetadata()
                                                    .getUid()
                                                    .equals(uid)));
            assertThat(bucket.secretValue("AWS_ACCESS_KEY_ID")).isNotEqualTo(key);
            try (S3Client now = bucket.client()) {
                assertThat(get(now, "secret")).isEqualTo(CONTENT);
            }
            Await.until(
                    "the old key opens nothing",
                    Duration.ofMinutes(2),
                    Await.that("it does", () -> isRefused(() -> get(old, "secret"))));
        }
    }

    @Test
    @Order(6)
    @DisplayName("11: Retain keeps the bucket, DeleteIfEmpty waits, DeleteAll takes all of it")
    void deletionPolicies() {
        StoreBucket kept = filled("kept", "deletionPolicy: Retain");
        StoreBucket waiting = filled("waiting", "deletionPolicy: DeleteIfEmpty");
        StoreBucket swept = filled("swept", "deletionPolicy: DeleteAll");
        try (S3Client ofKept = kept.client()) {
            kept.beginToDelete();
            kept.awaitGone();
            assertThat(get(root, "kept")).isEqualTo(CONTENT);
            refused(() -> get(ofKept, "kept"));
        }

        swept.beginToDelete();
        swept.awaitGone();
        assertThat(buckets()).contains("kept", "waiting").doesNotContain("swept");

        waiting.beginToDelete();
        waiting.await("DeletionBlocked", ConditionStatus.TRUE, "BucketNotEmpty");
        assertThat(get(root, "waiting")).isEqualTo(CONTENT);
        root.deleteObject(b -> b.bucket("waiting").key("object"));
        waiting.awaitGone();
        assertThat(buckets()).doesNotContain("waiting");
    }

    /** The last one: it takes the cluster away. */
    @Test
    @Order(7)
    @DisplayName("11: when the cluster goes first, nobody waits for it")
    void clusterGoneFirst() {
        StoreBucket left = filled("left", "deletionPolicy: DeleteIfEmpty");
        SCENARIO.kubernetes()
                .kubectl(
                        "delete",
                        "liliocluster",
                        cluster.name(),
                        "-n",
                        namespace(),
                        "--timeout=10m");
        left.await("Ready", ConditionStatus.FALSE, "ClusterNotFound");
        left.beginToDelete();
        left.awaitGone();
    }

    private static String namespace() {
        return SCENARIO.namespace();
    }

    private static StoreBucket bucket(String name) {
        return new StoreBucket(SCENARIO.kubernetes(), cluster, namespace(), name);
    }

    private static StoreBucket filled(String name, String policy) {
        StoreBucket bucket = bucket(name).apply(policy).awaitReady();
        try (S3Client s3 = bucket.client()) {
            put(s3, name);
        }
        return bucket;
    }

    private static void put(S3Client s3, String bucket) {
        s3.putObject(b -> b.bucket(bucket).key("object"), RequestBody.fromString(CONTENT));
    }

    private static String get(S3Client s3, String bucket) {
        return s3.getObjectAsBytes(b -> b.bucket(bucket).key("object")).asUtf8String();
    }

    private static List<String> buckets() {
        return root.listBuckets().buckets().stream().map(Bucket::name).toList();
    }

    private static void refused(Runnable request) {
        assertThatThrownBy(request::run)
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(403));
    }

    private static boolean isRefused(Runnable request) {
        try {
            request.run();
            return false;
        } catch (S3Exception e) {
            return e.statusCode() == 403;
        }
    }
}
