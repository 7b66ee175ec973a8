package io.lilio.operator.bucket;

import static io.lilio.operator.bucket.BucketWorld.NAMESPACE;
import static io.lilio.operator.bucket.BucketWorld.SPEC;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.lilio.crd.bucket.BucketConditionType;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.bucket.LilioBucketSpec;
import org.junit.jupiter.api.Test;

/** What is done with words that a later operator knows, after a downgrade. */
class LaterValuesTest {

    private final BucketWorld world = new BucketWorld();

    private static LilioBucketSpec spec(String known, String later) {
        KubernetesSerialization yaml = new KubernetesSerialization();
        String text = yaml.asYaml(SPEC);
        assertThat(text).contains(known);
        return yaml.unmarshal(text.replace(known, later), LilioBucketSpec.class);
    }

    @Test
    void whatIsNotKnownIsToldAndNothingIsTouched() {
        LilioBucket bucket = world.add(SPEC);
        world.settle(bucket);
        String key = world.values(NAMESPACE, "photos").get("AWS_ACCESS_KEY_ID");
        for (LilioBucketSpec later :
                new LilioBucketSpec[] {
                    spec("role: \"read-write\"", "role: \"append-only\""),
                    spec("deletionPolicy: \"Retain\"", "deletionPolicy: \"Donate\"")
                }) {
            world.edit(bucket, later);
            world.settle(bucket);
            assertThat(world.condition(bucket, BucketConditionType.READY))
                    .isEqualTo("False NotYetObserved");
            assertThat(world.find(bucket, BucketConditionType.READY).orElseThrow().message())
                    .contains("does not know what spec.");
            assertThat(world.keyIds()).containsExactly(key);
            assertThat(world.opens(NAMESPACE, "photos")).isTrue();
        }
        world.edit(bucket, SPEC);
        world.settle(bucket);
        world.assertWhole(bucket, "photos");
    }

    @Test
    void aBucketIsNotDeletedByALaterPolicy() {
        LilioBucket bucket = world.add(SPEC);
        world.settle(bucket);
        world.edit(bucket, spec("deletionPolicy: \"Retain\"", "deletionPolicy: \"Donate\""));
        world.markDeleted(bucket);
        world.settle(bucket);
        assertThat(world.condition(bucket, BucketConditionType.DELETION_BLOCKED))
                .isEqualTo("True NotYetObserved");
        assertThat(world.keyIds()).hasSize(1);
        assertThat(world.lilio.buckets().all().getFirst().owner())
                .isEqualTo(bucket.getMetadata().getUid());
    }
}
