package io.lilio.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

@Tag("e2e")
@Order(15)
@DisplayName("13 Deletion")
final class DeletionIT {

    @RegisterExtension static final Scenario SCENARIO = Scenario.named("deletion");

    private static final String WHOLE = "e2e-deletion-whole";
    private static final String BUCKET = "kept";

    /** In the metadata; one chunk; some chunks. */
    private static final List<Integer> SIZES = List.of(100, 20_000, 3_000_000);

    @Test
    @Order(1)
    @DisplayName(
            "13: Retain keeps volumes and keys, and the same LilioCluster goes on with them; Delete"
                    + " leaves nothing")
    void retainedAndDeleted() {
        Kubernetes kubernetes = SCENARIO.kubernetes();
        Spec spec = Spec.of(3).with("deletionPolicy", "Retain");
        StoreCluster cluster = StoreCluster.create(SCENARIO, "kept", spec);
        Map<String, String> stored = store(cluster);
        Map<String, String> claims = uids(PersistentVolumeClaim.class);
        Map<String, String> secrets = uids(Secret.class);
        String id = cluster.resource().getStatus().clusterId();
        assertThat(claims).as("volumes").hasSize(4);
        assertThat(secrets).as("Secrets").containsKeys("kept-root", "kept-cluster");

        delete(cluster);
        awaitNone(Pod.class);
        assertThat(uids(PersistentVolumeClaim.class)).as("volumes").isEqualTo(claims);
        assertThat(uids(Secret.class)).as("Secrets").isEqualTo(secrets);

        kubernetes.apply(spec.asCluster("kept", SCENARIO.namespace()));
        cluster.awaitSettled();
        assertThat(cluster.resource().getStatus().clusterId()).as("the cluster").isEqualTo(id);
        assertThat(read(cluster)).isEqualTo(stored);
        assertThat(uids(PersistentVolumeClaim.class)).as("volumes").isEqualTo(claims);

        cluster.patchSpec("{\"deletionPolicy\":\"Delete\"}");
        delete(cluster);
        awaitNone(Pod.class);
        awaitNone(PersistentVolumeClaim.class);
        awaitNone(Secret.class);
    }

    /** Nobody could empty the bucket, and volumes that are to be kept have no place any more. */
    @Test
    @Order(2)
    @DisplayName("13: kubectl delete ns ends with a cluster to be kept and a bucket that is full")
    void wholeNamespace() {
        Kubernetes kubernetes = SCENARIO.kubernetes();
        SCENARIO.makeNamespace(WHOLE);
        Spec spec = Spec.of(3).with("deletionPolicy", "Retain");
        kubernetes.apply(spec.asCluster("whole", WHOLE));
        StoreCluster cluster = new StoreCluster(kubernetes, WHOLE, "whole");
        cluster.awaitSettled();
        StoreBucket bucket = new StoreBucket(kubernetes, cluster, WHOLE, "full");
        bucket.apply("deletionPolicy: DeleteIfEmpty").awaitReady();
        try (S3Client s3 = bucket.client()) {
            s3.putObject(b -> b.bucket("full").key("object"), RequestBody.fromString("full"));
        }

        kubernetes.kubectl("delete", "ns", WHOLE, "--timeout=5m");
        assertThat(kubernetes.client().namespaces().withName(WHOLE).get()).isNull();
    }

    private static void delete(StoreCluster cluster) {
        SCENARIO.kubernetes()
                .kubectl(
                        "delete",
                        "liliocluster",
                        cluster.name(),
                        "-n",
                        cluster.namespace(),
                        "--timeout=5m");
    }

    private static Map<String, String> store(StoreCluster cluster) {
        Map<String, String> stored = new TreeMap<>();
        Random random = new Random(13);
        try (S3Client s3 = Load.client(cluster.s3(), cluster.rootKey())) {
            s3.createBucket(b -> b.bucket(BUCKET));
            for (int size : SIZES) {
                String key = "object-of-" + size;
                Body body = Body.random(random, size);
                s3.putObject(b -> b.bucket(BUCKET).key(key), RequestBody.fromBytes(body.bytes()));
                stored.put(key, body.sha256());
            }
        }
        return stored;
    }

    private static Map<String, String> read(StoreCluster cluster) {
        Map<String, String> read = new TreeMap<>();
        try (S3Client s3 = Load.client(cluster.s3(), cluster.rootKey())) {
            for (S3Object object : s3.listObjectsV2(b -> b.bucket(BUCKET)).contents()) {
                String key = object.key();
                read.put(
                        key,
                        Body.sha256(
                                s3.getObjectAsBytes(b -> b.bucket(BUCKET).key(key))
                                        .asByteArrayUnsafe()));
            }
        }
        return read;
    }

    private static void awaitNone(Class<? extends HasMetadata> kind) {
        Await.until(
                "there is no %s of the cluster".formatted(kind.getSimpleName()),
                Duration.ofMinutes(3),
                () -> uids(kind).isEmpty() ? "" : "there are " + uids(kind).keySet());
    }

    /** Of all that is the cluster's, by label or by name: the uid of each, by name. */
    private static Map<String, String> uids(Class<? extends HasMetadata> kind) {
        List<? extends HasMetadata> all =
                SCENARIO.kubernetes()
                        .client()
                        .resources(kind)
                        .inNamespace(SCENARIO.namespace())
                        .list()
                        .getItems();
        Map<String, String> uids = new TreeMap<>();
        for (HasMetadata each : all) {
            Map<String, String> labels = each.getMetadata().getLabels();
            String name = each.getMetadata().getName();
            if (name.startsWith("kept-")
                    || labels != null && "kept".equals(labels.get("lilio.io/cluster"))) {
                uids.put(name, each.getMetadata().getUid());
            }
        }
        return uids;
    }
}
