package io.lilio.operator.bucket;

import static io.lilio.operator.bucket.BucketWorld.NAMESPACE;
import static io.lilio.operator.bucket.BucketWorld.SPEC;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.lilio.crd.bucket.BucketConditionType;
import io.lilio.crd.bucket.BucketReason;
import io.lilio.crd.bucket.ClusterRef;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.bucket.LilioBucketSpec;
import io.lilio.crd.bucket.LilioBucketSpec.DeletionPolicy;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterSpec;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BucketDeletionTest {

    private final BucketWorld world = new BucketWorld();

    @Test
    void aRetainedBucketBelongsToNobodyAndItsKeyIsRevoked() {
        LilioBucket bucket = deleted(DeletionPolicy.RETAIN, 3);
        assertThat(world.pass(bucket).finished()).isTrue();
        assertThat(world.lilio.buckets().peek("photos").orElseThrow().owner()).isNull();
        assertThat(world.lilio.buckets().peek("photos").orElseThrow().objects()).isEqualTo(3);
        assertThat(world.keyIds()).isEmpty();
    }

    @Test
    void anEmptyBucketGoes() {
        LilioBucket bucket = deleted(DeletionPolicy.DELETE_IF_EMPTY, 0);
        assertThat(world.pass(bucket).finished()).isTrue();
        assertThat(world.lilio.buckets().all()).isEmpty();
        assertThat(world.keyIds()).isEmpty();
    }

    @Test
    void aBucketThatIsNotEmptyStaysWithItsKeyUntilItIs() {
        LilioBucket bucket = deleted(DeletionPolicy.DELETE_IF_EMPTY, 3);
        Outcome outcome = world.settle(bucket);
        assertThat(outcome.finished()).isFalse();
        assertThat(outcome.hold()).contains(BucketReason.BUCKET_NOT_EMPTY);
        assertThat(outcome.again()).isGreaterThanOrEqualTo(Duration.ofMinutes(1));
        assertThat(world.condition(bucket, BucketConditionType.DELETION_BLOCKED))
                .isEqualTo("True BucketNotEmpty");
        assertThat(world.condition(bucket, BucketConditionType.READY)).isEqualTo("False Deleting");
        assertThat(world.events).contains("Warning BucketNotEmpty");
        assertThat(world.opens(NAMESPACE, "photos")).isTrue();
        world.lilio.buckets().put("photos", bucket.getMetadata().getUid(), 0, 0);
        assertThat(world.pass(bucket).finished()).isTrue();
        assertThat(world.lilio.buckets().all()).isEmpty();
        assertThat(world.keyIds()).isEmpty();
    }

    @Test
    void aBucketGoesWithItsContentsInAsManyCallsAsItTakes() {
        LilioBucket bucket = deleted(DeletionPolicy.DELETE_ALL, 10);
        world.lilio.buckets().setRemovedPerCall(4);
        Outcome outcome = world.pass(bucket);
        assertThat(outcome.finished()).isFalse();
        assertThat(outcome.again()).isEqualTo(Duration.ofSeconds(1));
        assertThat(world.keyIds()).as("nobody writes meanwhile").isEmpty();
        assertThat(world.condition(bucket, BucketConditionType.DELETION_BLOCKED))
                .isEqualTo("False Deleting");
        assertThat(world.settle(bucket).finished()).isTrue();
        assertThat(world.lilio.buckets().all()).isEmpty();
    }

    @Test
    void whoIsNotTheOwnerTouchesNothing() {
        for (DeletionPolicy policy : DeletionPolicy.values()) {
            BucketWorld other = new BucketWorld();
            other.lilio.buckets().put("photos", "somebody", 3, 300);
            LilioBucket bucket = other.add(BucketWorld.with(SPEC, policy));
            other.settle(bucket);
            other.markDeleted(bucket);
            assertThat(other.pass(bucket).finished()).isTrue();
            assertThat(other.lilio.faults().writes()).as("%s", policy).isZero();
        }
    }

    @Test
    void aBucketOfNobodyStaysToo() {
        world.lilio.buckets().put("photos", null, 3, 300);
        LilioBucket bucket = world.add(BucketWorld.with(SPEC, DeletionPolicy.DELETE_ALL));
        world.settle(bucket);
        world.markDeleted(bucket);
        assertThat(world.pass(bucket).finished()).isTrue();
        assertThat(world.lilio.faults().writes()).isZero();
    }

    @Test
    void aClusterThatIsGoneIsNotWaitedFor() {
        LilioBucket bucket = deleted(DeletionPolicy.DELETE_ALL, 3);
        world.lilio.faults().setReachable(false);
        world.remove(LilioCluster.class, NAMESPACE, "demo");
        assertThat(world.pass(bucket).finished()).isTrue();
    }

    @Test
    void aClusterThatIsDeletedIsWaitedForOnlyWhileItKeepsItsData() {
        LilioBucket bucket = deleted(DeletionPolicy.DELETE_IF_EMPTY, 3);
        LilioCluster cluster = BucketWorld.cluster();
        cluster.getMetadata().setDeletionTimestamp("2026-11-30T12:00:00Z");
        world.kubernetes.put(cluster);
        assertThat(world.pass(bucket).finished()).isFalse();
        world.kubernetes.put(withoutItsData(cluster));
        assertThat(world.pass(bucket).finished()).isTrue();
    }

    private static LilioCluster withoutItsData(LilioCluster cluster) {
        LilioClusterSpec spec = cluster.getSpec();
        cluster.setSpec(
                new LilioClusterSpec(
                        spec.version(),
                        spec.image(),
                        spec.replicas(),
                        spec.replication(),
                        spec.ring(),
                        spec.storage(),
                        spec.metadata(),
                        spec.rootCredentialsSecret(),
                        spec.resources(),
                        spec.pod(),
                        spec.s3(),
                        spec.jobs(),
                        spec.networkPolicy(),
                        spec.serviceMonitor(),
                        spec.allowedNamespaces(),
                        spec.paused(),
                        LilioClusterSpec.DeletionPolicy.DELETE));
        return cluster;
    }

    @Test
    void aSilentAdminApiHoldsADeletionAndSaysWhatCanBeDone() {
        for (DeletionPolicy policy : DeletionPolicy.values()) {
            BucketWorld silent = new BucketWorld();
            LilioBucket bucket = silent.add(BucketWorld.with(SPEC, policy));
            silent.settle(bucket);
            silent.markDeleted(bucket);
            silent.lilio.faults().setReachable(false);
            Outcome outcome = silent.settle(bucket);
            assertThat(outcome.finished()).isFalse();
            assertThat(outcome.hold()).contains(BucketReason.ADMIN_API_UNREACHABLE);
            assertThat(
                            silent.find(bucket, BucketConditionType.DELETION_BLOCKED)
                                    .orElseThrow()
                                    .message())
                    .contains("delete the LilioCluster", BucketPass.FINALIZER);
        }
    }

    @Test
    void aBucketThatDistrustedMetadataLackIsNotTakenForGone() {
        LilioBucket bucket = deleted(DeletionPolicy.RETAIN, 3);
        world.lilio.buckets().clear();
        world.lilio.setBraked(true);
        assertThat(world.settle(bucket).hold()).contains(BucketReason.CLUSTER_NOT_READY);
        world.lilio.setBraked(false);
        assertThat(world.pass(bucket).finished()).isTrue();
    }

    @Test
    void aNamespaceThatTerminatesWithTheClusterIsNotHeldUp() {
        LilioBucket bucket = deleted(DeletionPolicy.DELETE_IF_EMPTY, 3);
        world.kubernetes.put(terminating(NAMESPACE));
        int writes = world.crashes.writes();
        assertThat(world.pass(bucket).finished()).isTrue();
        assertThat(world.crashes.writes()).isEqualTo(writes);
    }

    @Test
    void aNamespaceThatTerminatesLeavesNoKeyAndNoOwnerInAClusterElsewhere() {
        LilioBucketSpec spec = BucketWorld.of(new ClusterRef("demo", NAMESPACE), null);
        for (DeletionPolicy policy : DeletionPolicy.values()) {
            BucketWorld apart = new BucketWorld();
            LilioBucket bucket = apart.add("guests", "photos", BucketWorld.with(spec, policy));
            apart.settle(bucket);
            apart.lilio.buckets().put("photos", bucket.getMetadata().getUid(), 10, 10);
            apart.lilio.buckets().setRemovedPerCall(4);
            apart.markDeleted(bucket);
            apart.kubernetes.put(terminating("guests"));
            assertThat(apart.pass(bucket).finished()).isTrue();
            assertThat(apart.keyIds()).isEmpty();
            assertThat(apart.lilio.buckets().peek("photos").orElseThrow().owner()).isNull();
        }
    }

    @Test
    void aNamespaceThatTerminatesDoesNotWaitForASilentAdminApi() {
        LilioBucketSpec spec = BucketWorld.of(new ClusterRef("demo", NAMESPACE), null);
        LilioBucket bucket = world.add("guests", "photos", spec);
        world.settle(bucket);
        world.markDeleted(bucket);
        world.kubernetes.put(terminating("guests"));
        world.lilio.faults().setReachable(false);
        assertThat(world.pass(bucket).finished()).isTrue();
        assertThat(world.events).contains("Warning BucketLeft");
    }

    @Test
    void whoMayNotReadNamespacesAsksTheCluster() {
        LilioBucket bucket = deleted(DeletionPolicy.RETAIN, 3);
        world.kubernetes.put(terminating(NAMESPACE));
        world.kubernetes.forbid(Namespace.class);
        assertThat(world.pass(bucket).finished()).isTrue();
        assertThat(world.lilio.buckets().peek("photos").orElseThrow().owner()).isNull();
    }

    private static Namespace terminating(String name) {
        return new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .withDeletionTimestamp("2026-11-30T12:00:00Z")
                .endMetadata()
                .build();
    }

    @Test
    void whoIsNotDeletedIsNotTakenApart() {
        LilioBucket bucket = world.add(BucketWorld.with(SPEC, DeletionPolicy.DELETE_ALL));
        world.settle(bucket);
        assertThat(world.deleteWithoutMark(bucket).finished()).isFalse();
        world.assertWhole(bucket, "photos");
    }

    @Test
    void whoIsGoneIsFinished() {
        LilioBucket bucket = deleted(DeletionPolicy.RETAIN, 0);
        world.remove(LilioBucket.class, NAMESPACE, "photos");
        assertThat(world.deleteWithoutMark(bucket).finished()).isTrue();
    }

    /** One that holds some objects, and is deleted. */
    private LilioBucket deleted(DeletionPolicy policy, long objects) {
        LilioBucket bucket = world.add(BucketWorld.with(SPEC, policy));
        world.settle(bucket);
        world.lilio.buckets().put("photos", bucket.getMetadata().getUid(), objects, objects);
        world.markDeleted(bucket);
        return bucket;
    }
}
