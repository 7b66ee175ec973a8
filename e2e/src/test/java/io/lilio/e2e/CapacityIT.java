package io.lilio.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.admin.api.MemberStatus;
import io.lilio.crd.Condition;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

@Tag("e2e")
@Order(5)
@DisplayName("4 A scale-down for which there is no room")
final class CapacityIT {

    @RegisterExtension static final Scenario SCENARIO = Scenario.named("capacity");

    private static final int OBJECTS = 40;
    private static final int OBJECT_BYTES = 4 << 20;

    /** Less than any member would get, which is an eighth of the 160 MiB at least. */
    private static final long ROOM_BYTES = 8 << 20;

    @Test
    @DisplayName("4: 4 → 3 is refused, the condition says what is missing, and done with room")
    void refusedUntilThereIsRoom() {
        SmallVolumes volumes = SmallVolumes.make(SCENARIO);
        Spec spec = Spec.of(4).with("storage.storageClassName", SmallVolumes.STORAGE_CLASS);
        StoreCluster cluster = StoreCluster.create(SCENARIO, "capacity", spec);
        try (S3Client s3 = Load.client(cluster.s3(), cluster.rootKey())) {
            String[] stored = store(s3);
            for (int i = 0; i < 4; i++) {
                volumes.fill(cluster.namespace(), cluster.claim(i), ROOM_BYTES);
            }
            awaitLittleRoom(cluster);

            cluster.scale(3);
            Condition refused = cluster.awaitReason("InsufficientCapacity");
            assertThat(refused.message())
                    .as("how much is missing")
                    .containsPattern("lacks \\d+ bytes");
            Await.always(
                    "nobody is drained, and no pod goes",
                    Duration.ofSeconds(30),
                    () ->
                            cluster.member(3).state().equals("ACTIVE")
                                            && cluster.statefulSet().getSpec().getReplicas() == 4
                                    ? ""
                                    : "member 3 is " + cluster.member(3).state());

            for (int i = 0; i < 4; i++) {
                volumes.empty(cluster.namespace(), cluster.claim(i));
            }
            cluster.awaitSettled();
            cluster.awaitReadyPods(3);
            assertThat(read(s3)).isEqualTo(stored);
        }
    }

    private static void awaitLittleRoom(StoreCluster cluster) {
        AdminClient admin = cluster.admin();
        Await.until(
                "members have noticed that they have little room",
                Duration.ofMinutes(3),
                () -> {
                    for (MemberStatus member : admin.members()) {
                        MemberStatus.Health health = member.health();
                        if (health == null
                                || health.freeBytes() == null
                                || health.freeBytes() > 2 * ROOM_BYTES) {
                            return member.node() + " says " + health;
                        }
                    }
                    return "";
                });
    }

    private static String[] store(S3Client s3) {
        s3.createBucket(b -> b.bucket("room"));
        Random random = new Random(41);
        String[] stored = new String[OBJECTS];
        for (int i = 0; i < OBJECTS; i++) {
            Body body = Body.random(random, OBJECT_BYTES);
            String key = "object-" + i;
            s3.putObject(b -> b.bucket("room").key(key), RequestBody.fromBytes(body.bytes()));
            stored[i] = body.sha256();
        }
        return stored;
    }

    private static String[] read(S3Client s3) {
        String[] read = new String[OBJECTS];
        for (int i = 0; i < OBJECTS; i++) {
            String key = "object-" + i;
            read[i] =
                    Body.sha256(
                            s3.getObjectAsBytes(b -> b.bucket("room").key(key))
                                    .asByteArrayUnsafe());
        }
        return read;
    }
}
