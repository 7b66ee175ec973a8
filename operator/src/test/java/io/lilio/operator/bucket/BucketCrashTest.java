package io.lilio.operator.bucket;

import static io.lilio.operator.bucket.BucketWorld.NAMESPACE;
import static io.lilio.operator.bucket.BucketWorld.SPEC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Secret;
import io.lilio.crd.bucket.CredentialsSpec;
import io.lilio.crd.bucket.CredentialsSpec.Role;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.bucket.LilioBucketSpec;
import io.lilio.crd.bucket.LilioBucketSpec.DeletionPolicy;
import io.lilio.operator.admin.AdminApiUnreachableException;
import io.lilio.operator.kube.KubernetesException;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Breaks a pass off after each of its writes, in every way that a write can end without an answer,
 * and, where the process died, the next pass once more after each of its writes. What is left in
 * the end is one bucket, one Secret and one key, or nothing of them.
 */
class BucketCrashTest {

    /** More than any pass writes. */
    private static final int MOST = 20;

    private static final Supplier<? extends RuntimeException> DEATH = IllegalStateException::new;

    private static final List<Supplier<? extends RuntimeException>> FAILURES =
            List.of(
                    DEATH,
                    () -> new AdminApiUnreachableException("the answer is lost", null),
                    () -> new KubernetesException(0, "the answer is lost", null),
                    () -> new KubernetesException(409, "somebody else was faster", null));

    private interface Change {

        /** Makes the change. */
        void make(BucketWorld world, LilioBucket bucket);
    }

    @Test
    void aNewBucketEndsWhole() {
        everywhere((world, bucket) -> {}, false, false, "photos");
    }

    @Test
    void aNewRoleEndsWholeAndClientsAlwaysHaveAKeyThatWorks() {
        everywhere(
                (world, bucket) ->
                        world.edit(
                                bucket,
                                BucketWorld.with(SPEC, new CredentialsSpec(null, Role.READ_ONLY))),
                true,
                true,
                "photos");
    }

    @Test
    void aNewNameOfTheSecretEndsWhole() {
        everywhere(
                (world, bucket) ->
                        world.edit(
                                bucket,
                                BucketWorld.with(
                                        SPEC, new CredentialsSpec("keys", Role.READ_WRITE))),
                true,
                false,
                "keys");
    }

    @Test
    void aDeletedSecretEndsWhole() {
        everywhere(
                (world, bucket) -> world.remove(Secret.class, NAMESPACE, "photos"),
                true,
                false,
                "photos");
    }

    @Test
    void aDeletedKeyEndsWhole() {
        everywhere(
                (world, bucket) -> world.lilio.keys().delete(world.keyIds().getFirst()),
                true,
                false,
                "photos");
    }

    @Test
    void aDisabledKeyEndsWhole() {
        everywhere(
                (world, bucket) -> world.lilio.keys().disable(world.keyIds().getFirst()),
                true,
                false,
                "photos");
    }

    @Test
    void twoNewNamesInARowLeaveOneSecret() {
        for (int crash = 1; crash <= MOST; crash++) {
            BucketWorld world = new BucketWorld();
            LilioBucket bucket = world.add(SPEC);
            world.settle(bucket);
            world.edit(bucket, named("between"));
            crash(world, bucket, crash, DEATH);
            world.edit(bucket, named("keys"));
            world.settle(bucket);
            world.assertWhole(bucket, "keys");
        }
    }

    private static LilioBucketSpec named(String secret) {
        return BucketWorld.with(SPEC, new CredentialsSpec(secret, Role.READ_WRITE));
    }

    private static void everywhere(
            Change change, boolean settled, boolean alwaysOpen, String secret) {
        for (Supplier<? extends RuntimeException> failure : FAILURES) {
            boolean hit = true;
            for (int first = 1; hit; first++) {
                assertThat(first).as("writes of a pass").isLessThan(MOST);
                boolean again = true;
                for (int second = 1; again; second++) {
                    BucketWorld world = new BucketWorld();
                    LilioBucket bucket = world.add(SPEC);
                    if (settled) {
                        world.settle(bucket);
                    }
                    change.make(world, bucket);
                    hit = crash(world, bucket, first, failure);
                    assertThat(!alwaysOpen || world.opens(NAMESPACE, secret)).isTrue();
                    again = failure == DEATH && hit && crash(world, bucket, second, failure);
                    assertThat(!alwaysOpen || world.opens(NAMESPACE, secret)).isTrue();
                    world.settle(bucket);
                    world.assertWhole(bucket, secret);
                }
            }
        }
    }

    @Test
    void keysOfPassesThatNeverEndDoNotPileUp() {
        BucketWorld world = new BucketWorld();
        LilioBucket bucket = world.add(SPEC);
        for (int pass = 1; pass <= 30; pass++) {
            int made = pass;
            world.lilio
                    .faults()
                    .setAfterWrite(
                            () -> {
                                if (world.lilio.keys().made() == made) {
                                    throw DEATH.get();
                                }
                            });
            assertThatThrownBy(() -> world.pass(bucket)).isInstanceOf(IllegalStateException.class);
            assertThat(world.keyIds()).hasSizeLessThan(13);
            assertThat(world.secrets(NAMESPACE)).isEmpty();
        }
        world.lilio.faults().setAfterWrite(world.crashes::written);
        world.settle(bucket);
        world.assertWhole(bucket, "photos");
    }

    @Test
    void aDeletionEndsAsThePolicySays() {
        for (DeletionPolicy policy : DeletionPolicy.values()) {
            for (Supplier<? extends RuntimeException> failure : FAILURES) {
                boolean hit = true;
                for (int crash = 1; hit; crash++) {
                    BucketWorld world = new BucketWorld();
                    LilioBucket bucket = world.add(BucketWorld.with(SPEC, policy));
                    world.settle(bucket);
                    world.markDeleted(bucket);
                    hit = crash(world, bucket, crash, failure);
                    assertThat(world.settle(bucket).finished()).isTrue();
                    assertThat(world.keyIds()).isEmpty();
                    assertThat(world.lilio.buckets().all())
                            .hasSize(policy == DeletionPolicy.RETAIN ? 1 : 0)
                            .allMatch(left -> left.owner() == null);
                }
            }
        }
    }

    /** One pass that breaks off, and the operator's restart; whether it did break off. */
    private static boolean crash(
            BucketWorld world,
            LilioBucket bucket,
            int write,
            Supplier<? extends RuntimeException> failure) {
        world.crashes.after(write, failure);
        try {
            world.pass(bucket);
        } catch (IllegalStateException
                | AdminApiUnreachableException
                | KubernetesException broken) {
            assertThat(world.crashes.hit()).as("%s", broken).isTrue();
        }
        world.crashes.stop();
        world.restart();
        return world.crashes.hit();
    }
}
