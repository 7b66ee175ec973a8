package io.lilio.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.crd.cluster.ClusterOperation;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("e2e")
@Order(4)
@DisplayName("4 Scale-downs that are taken back")
final class CancelledScaleIT {

    @RegisterExtension static final Scenario SCENARIO = Scenario.named("cancel");

    /** So that moving what there is takes half a minute at least. */
    private static final int SLOWLY = 1 << 20;

    private static StoreCluster cluster;
    private static Load load;

    @BeforeAll
    static void make() {
        Spec spec = Spec.of(5).with("jobs.rebalance.maxBytesPerSecond", SLOWLY);
        cluster = StoreCluster.create(SCENARIO, "cancel", spec);
        load = Load.fill(cluster, "load", Load.Size.LITTLE, 4);
        load.start();
    }

    @AfterAll
    static void end() {
        if (load != null) {
            load.close();
        }
    }

    @Test
    @Order(1)
    @DisplayName("4: 5 → 4 → 5: cancelled half-way, nobody has gone")
    void cancelledHalfWay() {
        UUID last = cluster.member(4).id();
        String pod = cluster.pod(4).getMetadata().getUid();
        try (Sampler pods = Sampler.start(() -> fewerReplicasThan(5))) {
            cluster.scale(4);
            cluster.awaitOperation(ClusterOperation.Type.SCALE_DOWN, "Moving");
            cluster.awaitCopied(1);
            assertThat(cluster.member(4).state()).isEqualTo("DRAINING");

            cluster.scale(5);
            cluster.awaitSettled();
            pods.assertNeverWrong();
        }
        assertThat(cluster.member(4).id()).isEqualTo(last);
        assertThat(cluster.member(4).state()).isEqualTo("ACTIVE");
        assertThat(cluster.pod(4).getMetadata().getUid()).isEqualTo(pod);
        load.assertNothingLost();
        load.start();
    }

    @Test
    @Order(2)
    @DisplayName("4: 5 → 3 → 4: replanned in mid-operation, one has gone")
    void replannedInMidOperation() {
        UUID stays = cluster.member(3).id();
        try (Sampler pods = Sampler.start(CancelledScaleIT::thirdIsTouched)) {
            cluster.scale(3);
            cluster.awaitOperation(ClusterOperation.Type.SCALE_DOWN, "Moving");
            cluster.awaitCopied(1);
            assertThat(cluster.member(4).state()).isEqualTo("DRAINING");

            cluster.scale(4);
            cluster.awaitSettled();
            pods.assertNeverWrong();
        }
        cluster.awaitReadyPods(4);
        assertThat(cluster.member(3).id()).isEqualTo(stays);
        load.assertNothingLost();
    }

    private static String thirdIsTouched() {
        String state = cluster.member(3).state();
        return state.equals("ACTIVE") ? fewerReplicasThan(4) : "the member that stays is " + state;
    }

    private static String fewerReplicasThan(int least) {
        int replicas = cluster.statefulSet().getSpec().getReplicas();
        return replicas < least ? "there are %d replicas".formatted(replicas) : "";
    }
}
