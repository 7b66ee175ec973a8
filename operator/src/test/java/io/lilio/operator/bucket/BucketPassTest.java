package io.lilio.operator.bucket;

import static io.lilio.operator.bucket.BucketWorld.NAMESPACE;
import static io.lilio.operator.bucket.BucketWorld.SPEC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.admin.api.BucketStatus;
import io.lilio.crd.bucket.BucketConditionType;
import io.lilio.crd.bucket.BucketReason;
import io.lilio.crd.bucket.ClusterRef;
import io.lilio.crd.bucket.CredentialsSpec;
import io.lilio.crd.bucket.CredentialsSpec.Role;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.bucket.LilioBucketSpec;
import io.lilio.crd.bucket.LilioBucketSpec.DeletionPolicy;
import io.lilio.crd.bucket.LilioBucketSpec.Versioning;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterStatus;
import io.lilio.operator.kube.KubernetesException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BucketPassTest {

    private final BucketWorld world = new BucketWorld();

    @Test
    void aBucketIsMadeWithASecretThatOpensIt() {
        LilioBucket bucket = world.add(SPEC);
        world.settle(bucket);
        world.assertWhole(bucket, "photos");
        assertThat(world.values(NAMESPACE, "photos"))
                .containsEntry("AWS_ENDPOINT_URL_S3", "http://demo.shop.svc:9000")
                .containsEntry("AWS_REGION", "us-east-1")
                .containsEntry("BUCKET_NAME", "photos")
                .hasSize(5);
        assertThat(world.lilio.keys().all().getFirst().buckets()).containsExactly("photos");
        assertThat(world.lilio.keys().all().getFirst().role()).isEqualTo("read-write");
        assertThat(world.status(bucket).endpoint()).isEqualTo("http://demo.shop.svc:9000");
        assertThat(world.status(bucket).secret()).isEqualTo("photos");
        assertThat(world.status(bucket).objects()).isZero();
        assertThat(world.find(bucket, BucketConditionType.DELETION_BLOCKED)).isEmpty();
        assertThat(world.events).containsExactly("Normal AccessKeyMade", "Normal AsExpected");
    }

    @Test
    void anIdleBucketIsReadAndNeverWritten() {
        LilioBucket bucket = world.add(SPEC);
        world.settle(bucket);
        int writes = world.crashes.writes();
        int lists = world.lilio.keys().lists();
        for (int i = 0; i < 10; i++) {
            assertThat(world.pass(bucket).hold()).isEmpty();
        }
        assertThat(world.crashes.writes()).isEqualTo(writes);
        assertThat(world.lilio.keys().lists()).as("lists of all keys").isEqualTo(lists);
    }

    @Test
    void bucketsOfOneClusterHaveKeysOfTheirOwn() {
        LilioBucket photos = world.add(SPEC);
        LilioBucket films = world.add(NAMESPACE, "films", SPEC);
        world.settle(photos);
        world.settle(films);
        assertThat(world.lilio.keys().all())
                .extracting(key -> key.buckets().toString())
                .containsExactlyInAnyOrder("[photos]", "[films]");
        assertThat(world.opens(NAMESPACE, "photos")).isTrue();
        assertThat(world.opens(NAMESPACE, "films")).isTrue();
    }

    @Test
    void bothNamesCanBeChosen() {
        LilioBucketSpec spec = BucketWorld.of(new ClusterRef("demo", null), "holiday.photos");
        LilioBucket bucket =
                world.add(BucketWorld.with(spec, new CredentialsSpec("keys", Role.READ_ONLY)));
        world.settle(bucket);
        world.assertWhole(bucket, "keys");
        assertThat(world.lilio.buckets().peek("holiday.photos")).isPresent();
        assertThat(world.lilio.keys().all().getFirst().role()).isEqualTo("read-only");
        assertThat(world.values(NAMESPACE, "keys")).containsEntry("BUCKET_NAME", "holiday.photos");
    }

    @Test
    void versioningIsSetAndPutBackAndLeftAloneWithoutAWish() {
        LilioBucket bucket = world.add(versioned(Versioning.ENABLED));
        world.settle(bucket);
        assertThat(versioning()).isEqualTo("ENABLED");
        world.edit(bucket, versioned(Versioning.SUSPENDED));
        world.settle(bucket);
        assertThat(versioning()).isEqualTo("SUSPENDED");
        world.edit(bucket, SPEC);
        world.settle(bucket);
        assertThat(versioning()).isEqualTo("SUSPENDED");
    }

    private static LilioBucketSpec versioned(Versioning versioning) {
        return new LilioBucketSpec(
                SPEC.clusterRef(),
                null,
                false,
                versioning,
                DeletionPolicy.RETAIN,
                SPEC.credentials());
    }

    private String versioning() {
        return world.lilio.buckets().peek("photos").map(BucketStatus::versioning).orElseThrow();
    }

    @Test
    void aBucketThatIsThereIsTakenOverOnlyWhenTheSpecSaysSo() {
        world.lilio.buckets().put("photos", null, 3, 300);
        LilioBucket bucket = world.add(SPEC);
        assertHeld(bucket, BucketReason.BUCKET_EXISTS);
        assertThat(world.lilio.keys().all()).isEmpty();
        assertThat(world.secrets(NAMESPACE)).isEmpty();
        world.edit(bucket, BucketWorld.adopting(SPEC));
        world.settle(bucket);
        world.assertWhole(bucket, "photos");
        assertThat(world.status(bucket).objects()).isEqualTo(3);
    }

    @Test
    void theBucketOfAnotherIsNeitherTakenNorTouched() {
        world.lilio.buckets().put("photos", "somebody", 3, 300);
        LilioBucket bucket = world.add(BucketWorld.adopting(SPEC));
        assertHeld(bucket, BucketReason.BUCKET_OWNED_BY_ANOTHER);
        assertThat(world.lilio.faults().writes()).isZero();
        assertThat(world.secrets(NAMESPACE)).isEmpty();
    }

    @Test
    void whoLosesABucketToAnotherLosesItsKey() {
        LilioBucket bucket = world.add(SPEC);
        world.settle(bucket);
        world.lilio.buckets().put("photos", "somebody", 3, 300);
        assertHeld(bucket, BucketReason.BUCKET_OWNED_BY_ANOTHER);
        assertThat(world.lilio.keys().all()).isEmpty();
        assertThat(world.secrets(NAMESPACE)).isEmpty();
        world.lilio.buckets().put("photos", bucket.getMetadata().getUid(), 3, 300);
        world.settle(bucket);
        world.assertWhole(bucket, "photos");
    }

    @Test
    void anotherNamespaceNeedsThatTheClusterAdmitsIt() {
        LilioBucketSpec spec = BucketWorld.of(new ClusterRef("demo", NAMESPACE), null);
        LilioBucket stranger = world.add("strangers", "photos", spec);
        assertHeld(stranger, BucketReason.NAMESPACE_NOT_ALLOWED);
        assertThat(world.lilio.faults().reads()).isZero();
        LilioBucket guest = world.add("guests", "photos", spec);
        world.settle(guest);
        assertThat(world.opens("guests", "photos")).isTrue();
        assertThat(world.secrets(NAMESPACE)).isEmpty();
        assertThat(world.condition(guest, BucketConditionType.READY)).isEqualTo("True AsExpected");
    }

    @Test
    void aClusterThatIsNotThereIsWaitedFor() {
        world.remove(LilioCluster.class, NAMESPACE, "demo");
        LilioBucket bucket = world.add(SPEC);
        assertHeld(bucket, BucketReason.CLUSTER_NOT_FOUND);
        world.rootKeyIsThere = false;
        world.kubernetes.put(BucketWorld.cluster());
        assertHeld(bucket, BucketReason.CLUSTER_NOT_READY);
        world.rootKeyIsThere = true;
        world.settle(bucket);
        world.assertWhole(bucket, "photos");
    }

    @Test
    void aClusterThatIsDeletedGetsNoMoreBuckets() {
        LilioCluster cluster = BucketWorld.cluster();
        cluster.getMetadata().setDeletionTimestamp("2026-11-30T12:00:00Z");
        world.kubernetes.put(cluster);
        assertHeld(world.add(SPEC), BucketReason.CLUSTER_NOT_READY);
        assertThat(world.lilio.faults().writes()).isZero();
    }

    @Test
    void aSilentAdminApiSaysNothingAboutCredentialsThatWorked() {
        LilioBucket bucket = world.add(SPEC);
        world.settle(bucket);
        world.lilio.faults().setReachable(false);
        Outcome outcome = world.pass(bucket);
        assertThat(outcome.hold()).contains(BucketReason.ADMIN_API_UNREACHABLE);
        assertThat(world.events).endsWith("Warning AdminApiUnreachable");
        assertThat(world.condition(bucket, BucketConditionType.READY))
                .isEqualTo("Unknown AdminApiUnreachable");
        assertThat(world.condition(bucket, BucketConditionType.CREDENTIALS_READY))
                .isEqualTo("True AsExpected");
        int writes = world.crashes.writes();
        world.pass(bucket);
        assertThat(world.crashes.writes()).as("nothing is new").isEqualTo(writes);
        world.lilio.faults().setReachable(true);
        world.settle(bucket);
        world.assertWhole(bucket, "photos");
    }

    @Test
    void aBucketThatMetadataLackIsNotMadeWhileTheyAreDistrusted() {
        LilioBucket bucket = world.add(SPEC);
        world.settle(bucket);
        world.lilio.buckets().clear();
        world.lilio.setBraked(true);
        assertHeld(bucket, BucketReason.CLUSTER_NOT_READY);
        assertThat(world.lilio.buckets().all()).isEmpty();
        world.lilio.setBraked(false);
        world.settle(bucket);
        world.assertWhole(bucket, "photos");
    }

    @Test
    void nothingIsMadeInAnotherClusterThanTheResourceKnows() {
        LilioCluster other = BucketWorld.cluster();
        LilioClusterStatus status = other.getStatus();
        other.setStatus(
                new LilioClusterStatus(
                        status.observedGeneration(),
                        "11111111-2222-3333-4444-555555555555",
                        1L,
                        3,
                        3,
                        null,
                        null,
                        null,
                        null,
                        status.members(),
                        status.etcdMembers(),
                        null,
                        status.conditions()));
        world.kubernetes.put(other);
        assertHeld(world.add(SPEC), BucketReason.CLUSTER_NOT_READY);
        assertThat(world.lilio.faults().writes()).isZero();
    }

    @Test
    void usageIsRoundedAndWrittenOnceAMinuteAtMost() {
        LilioBucket bucket = world.add(SPEC);
        world.settle(bucket);
        String uid = bucket.getMetadata().getUid();
        world.lilio.buckets().put("photos", uid, 12_345, 9_876_543);
        world.pass(bucket);
        assertThat(world.status(bucket).objects()).isEqualTo(12_000);
        assertThat(world.status(bucket).bytes()).isEqualTo(9_900_000);
        world.lilio.buckets().put("photos", uid, 50_000, 50_000_000);
        world.now = world.now.plus(Duration.ofSeconds(59));
        world.passAtOnce(bucket);
        assertThat(world.status(bucket).objects()).isEqualTo(12_000);
        world.now = world.now.plus(Duration.ofSeconds(1));
        world.passAtOnce(bucket);
        assertThat(world.status(bucket).objects()).isEqualTo(50_000);
        int writes = world.crashes.writes();
        world.lilio.buckets().put("photos", uid, 53_000, 47_000_000);
        world.pass(bucket);
        assertThat(world.crashes.writes()).as("a tenth is no news").isEqualTo(writes);
    }

    @Test
    void aNewGenerationIsNotReadyBeforeItIsActedOn() {
        LilioBucket bucket = world.add(SPEC);
        world.settle(bucket);
        world.edit(bucket, BucketWorld.with(SPEC, DeletionPolicy.DELETE_ALL));
        world.crashes.after(1, IllegalStateException::new);
        assertThatThrownBy(() -> world.pass(bucket)).isInstanceOf(IllegalStateException.class);
        assertThat(world.condition(bucket, BucketConditionType.READY))
                .isEqualTo("Unknown NotYetObserved");
        world.settle(bucket);
        world.assertWhole(bucket, "photos");
        assertThat(world.find(bucket, BucketConditionType.READY).orElseThrow().observedGeneration())
                .isEqualTo(2);
    }

    @Test
    void theTimeOfATransitionStaysWhileTheStatusDoes() {
        LilioBucket bucket = world.add(SPEC);
        world.settle(bucket);
        Instant since =
                world.find(bucket, BucketConditionType.READY).orElseThrow().lastTransitionTime();
        world.lilio.buckets().put("photos", bucket.getMetadata().getUid(), 5, 5);
        world.pass(bucket);
        assertThat(world.status(bucket).objects()).isEqualTo(5);
        assertThat(world.find(bucket, BucketConditionType.READY).orElseThrow().lastTransitionTime())
                .isEqualTo(since);
    }

    @Test
    void whoWasMadeAnewUnderTheSameNameIsLeftToItsOwnPass() {
        LilioBucket bucket = world.add(SPEC);
        world.remove(LilioBucket.class, NAMESPACE, "photos");
        world.add(SPEC);
        world.pass(bucket);
        assertThat(world.lilio.faults().writes()).isZero();
        assertThat(world.status(bucket).conditions()).isEmpty();
    }

    @Test
    void aConflictIsTriedAgainAndAnythingElseIsTheCallers() {
        LilioBucket bucket = world.add(SPEC);
        // The first write is the bucket's; the second one is status.
        world.crashes.after(2, () -> new KubernetesException(409, "changed", null));
        assertThat(world.pass(bucket).again()).isEqualTo(Duration.ofSeconds(1));
        world.crashes.after(1, () -> new KubernetesException(500, "ill", null));
        assertThatThrownBy(() -> world.pass(bucket)).isInstanceOf(KubernetesException.class);
        world.settle(bucket);
        world.assertWhole(bucket, "photos");
    }

    private void assertHeld(LilioBucket bucket, BucketReason reason) {
        Outcome outcome = world.settle(bucket);
        assertThat(outcome.hold()).contains(reason);
        assertThat(outcome.finished()).isFalse();
        assertThat(world.condition(bucket, BucketConditionType.READY))
                .isEqualTo("False " + reason.text());
        assertThat(world.events).contains("Warning " + reason.text());
    }
}
