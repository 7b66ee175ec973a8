package io.lilio.operator.bucket;

import static io.lilio.operator.bucket.BucketWorld.NAMESPACE;
import static io.lilio.operator.bucket.BucketWorld.SPEC;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.lilio.admin.api.KeyStatus;
import io.lilio.crd.bucket.BucketConditionType;
import io.lilio.crd.bucket.BucketReason;
import io.lilio.crd.bucket.CredentialsSpec;
import io.lilio.crd.bucket.CredentialsSpec.Role;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.operator.kube.KubernetesException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BucketCredentialsTest {

    private final BucketWorld world = new BucketWorld();
    private final LilioBucket bucket = world.add(SPEC);

    @Test
    void aDeletedSecretComesBackWithAnotherKeyAndTheOldOneIsRevoked() {
        String old = whole();
        world.remove(Secret.class, NAMESPACE, "photos");
        assertThat(whole()).isNotEqualTo(old);
    }

    @Test
    void aKeyThatIsNotAsItShouldBeIsReplaced() {
        for (String damage : List.of("gone", "disabled", "role", "buckets", "rotated")) {
            String old = whole();
            damage(damage, old);
            assertThat(whole()).as(damage).isNotEqualTo(old);
        }
    }

    private void damage(String damage, String id) {
        KeyStatus key = world.lilio.keys().get(id);
        switch (damage) {
            case "gone" -> world.lilio.keys().delete(id);
            case "disabled" -> world.lilio.keys().disable(id);
            case "role" -> put(key, "admin", key.buckets(), null);
            case "buckets" -> put(key, key.role(), List.of("photos", "payroll"), null);
            case "rotated" -> put(key, key.role(), key.buckets(), Instant.MAX);
            default -> throw new IllegalArgumentException(damage);
        }
    }

    private void put(
            KeyStatus key, String role, List<String> buckets, @Nullable Instant previousUntil) {
        world.lilio
                .keys()
                .put(
                        new KeyStatus(
                                key.id(),
                                role,
                                buckets,
                                true,
                                key.created(),
                                key.description(),
                                previousUntil));
    }

    @Test
    void anotherRoleIsAnotherKeyInTheSameSecret() {
        String old = whole();
        world.edit(bucket, BucketWorld.with(SPEC, new CredentialsSpec(null, Role.READ_ONLY)));
        assertThat(whole()).isNotEqualTo(old);
        assertThat(world.lilio.keys().all().getFirst().role()).isEqualTo("read-only");
    }

    @Test
    void anotherNameIsAnotherSecretAndTheOldOneGoes() {
        String old = whole();
        world.edit(bucket, BucketWorld.with(SPEC, new CredentialsSpec("keys", Role.READ_WRITE)));
        world.settle(bucket);
        world.assertWhole(bucket, "keys");
        assertThat(world.keyIds()).doesNotContain(old);
    }

    @Test
    void theSecretOfSomebodyElseIsLeftAlone() {
        Secret theirs = theirs("photos");
        assertThat(world.settle(bucket).hold()).contains(BucketReason.SECRET_OWNED_BY_ANOTHER);
        assertThat(world.secret(NAMESPACE, "photos")).contains(theirs);
        assertThat(world.lilio.keys().all()).isEmpty();
        assertThat(world.condition(bucket, BucketConditionType.CREDENTIALS_READY))
                .isEqualTo("False SecretOwnedByAnother");
        world.remove(Secret.class, NAMESPACE, "photos");
        whole();
    }

    @Test
    void oneSecretIsNotSharedByTwoBuckets() {
        String first = whole();
        LilioBucket second =
                world.add(
                        NAMESPACE,
                        "films",
                        BucketWorld.with(SPEC, new CredentialsSpec("photos", Role.READ_WRITE)));
        assertThat(world.settle(second).hold()).contains(BucketReason.SECRET_OWNED_BY_ANOTHER);
        assertThat(world.keyIds()).containsExactly(first);
        assertThat(world.opens(NAMESPACE, "photos")).isTrue();
    }

    @Test
    void theOldSecretWorksWhileTheNewNameIsTaken() {
        whole();
        theirs("keys");
        world.edit(bucket, BucketWorld.with(SPEC, new CredentialsSpec("keys", Role.READ_WRITE)));
        assertThat(world.settle(bucket).hold()).contains(BucketReason.SECRET_OWNED_BY_ANOTHER);
        assertThat(world.opens(NAMESPACE, "photos")).isTrue();
        world.remove(Secret.class, NAMESPACE, "keys");
        world.settle(bucket);
        world.assertWhole(bucket, "keys");
    }

    private Secret theirs(String name) {
        return world.kubernetes.put(
                new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(NAMESPACE)
                        .withName(name)
                        .withUid("theirs")
                        .addToLabels("app.kubernetes.io/managed-by", "lilio-operator")
                        .addToAnnotations("a", "b")
                        .withOwnerReferences(List.of())
                        .endMetadata()
                        .addToData("password", "c2VjcmV0")
                        .build());
    }

    @Test
    void whatIsEditedInTheSecretIsPutBackAndTheKeyStays() {
        String key = whole();
        for (String edited : List.of("AWS_ENDPOINT_URL_S3", "AWS_REGION", "BUCKET_NAME")) {
            edit(edited, "nonsense");
            assertThat(whole()).as(edited).isEqualTo(key);
            assertThat(world.values(NAMESPACE, "photos").get(edited)).isNotEqualTo("nonsense");
        }
    }

    @Test
    void anEditedKeyCannotBePutBackAndIsReplaced() {
        for (String edited : List.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")) {
            String key = whole();
            edit(edited, "nonsense");
            assertThat(whole()).as(edited).isNotEqualTo(key);
        }
    }

    private void edit(String key, String value) {
        Secret secret = world.secret(NAMESPACE, "photos").orElseThrow();
        secret.getData().put(key, Base64.getEncoder().encodeToString(value.getBytes()));
        world.kubernetes.put(secret);
    }

    @Test
    void aKeyThatSomebodyElseMadeForTheBucketStays() {
        KeyStatus theirs =
                new KeyStatus(
                        "THEIRS",
                        "read-write",
                        List.of("photos"),
                        true,
                        Instant.EPOCH,
                        "the gallery",
                        null);
        world.lilio.keys().put(theirs);
        world.settle(bucket);
        world.remove(Secret.class, NAMESPACE, "photos");
        world.settle(bucket);
        assertThat(world.lilio.keys().all()).hasSize(2).contains(theirs);
    }

    @Test
    void aSecretThatKubernetesRefusesLeavesNoKeyBehind() {
        // The writes before: the bucket, status, the key.
        world.crashes.after(4, () -> new KubernetesException(403, "forbidden", null));
        Outcome outcome = world.pass(bucket);
        assertThat(world.crashes.hit()).isTrue();
        assertThat(outcome.hold()).contains(BucketReason.NOT_YET_OBSERVED);
        assertThat(world.keyIds()).isEmpty();
        assertThat(world.condition(bucket, BucketConditionType.CREDENTIALS_READY))
                .isEqualTo("False NotYetObserved");
        whole();
    }

    /** Whatever one of them has just written, and the other has not heard of. */
    @Test
    void twoOperatorsAtOnceLeaveAKeyThatWorks() {
        for (String lost : List.of("the Secret", "the key", "nothing, but the role is another")) {
            for (int write = 1; write <= 8; write++) {
                BucketWorld both = new BucketWorld();
                LilioBucket photos = both.add(SPEC);
                both.settle(photos);
                switch (lost) {
                    case "the Secret" -> both.remove(Secret.class, NAMESPACE, "photos");
                    case "the key" -> both.lilio.keys().delete(both.keyIds().getFirst());
                    default ->
                            both.edit(
                                    photos,
                                    BucketWorld.with(
                                            SPEC, new CredentialsSpec(null, Role.READ_ONLY)));
                }
                both.crashes.meanwhile(write, () -> both.passAtOnce(photos));
                both.passAtOnce(photos);
                assertThat(both.opens(NAMESPACE, "photos"))
                        .as("%s is lost, the other comes after write %d", lost, write)
                        .isTrue();
                both.settle(photos);
                both.assertWhole(photos, "photos");
            }
        }
    }

    /** The access key, once all is as it should be. */
    private String whole() {
        world.settle(bucket);
        world.assertWhole(bucket, "photos");
        return world.values(NAMESPACE, "photos").get("AWS_ACCESS_KEY_ID");
    }
}
