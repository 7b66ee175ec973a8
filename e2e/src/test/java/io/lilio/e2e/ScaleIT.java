package io.lilio.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.admin.api.RingStatus;
import io.lilio.admin.api.RingStatus.RingMember;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("e2e")
@Tag("smoke")
@Order(2)
@DisplayName("2, 3 Scale up and down under load")
final class ScaleIT {

    @RegisterExtension static final Scenario SCENARIO = Scenario.named("scale");

    private static StoreCluster cluster;
    private static Load load;

    @BeforeAll
    static void make() {
        cluster = StoreCluster.create(SCENARIO, "scale", Spec.of(3));
        load = Load.fill(cluster, "load", Load.Size.FULL, 2);
    }

    @AfterAll
    static void end() {
        if (load != null) {
            load.close();
        }
    }

    @Test
    @Order(2)
    @DisplayName("2: 3 → 5 converges, nothing is lost, hardly more is moved than has to be")
    void growing() {
        Movement movement = Movement.begin(cluster);
        long epoch = cluster.admin().ring().epoch();
        load.start();
        load.awaitProgress(50);

        cluster.scale(5);
        cluster.awaitSettled();
        load.awaitProgress(50);
        load.stop();

        RingStatus ring = cluster.admin().ring();
        assertThat(ring.epoch()).isGreaterThan(epoch);
        assertThat(ring.unsettled()).isZero();
        assertThat(active(ring)).isEqualTo(nodes(0, 5));
        load.assertNothingLost();
        Movement.Moved moved = movement.moved();
        assertThat(moved.idealBytes()).as("%s", moved).isPositive();
        assertThat(moved.copiedShare()).as("%s", moved).isBetween(0.5, 1.3);
        assertThat(moved.gainedShare()).as("%s", moved).isBetween(0.6, 1.6);
    }

    @Test
    @Order(3)
    @DisplayName("3: 5 → 3 one at a time, volumes kept; → 5 on the old volumes as new members")
    void shrinkingAndGrowingAgain() {
        cluster.scale(5);
        cluster.awaitSettled();
        List<String> claims = claims();
        Set<UUID> before = Set.of(cluster.member(3).id(), cluster.member(4).id());
        load.start();
        load.awaitProgress(50);

        try (Sampler oneAtATime = Sampler.start(ScaleIT::moreThanOneGoes)) {
            cluster.scale(3);
            cluster.awaitSettled();
            oneAtATime.assertNeverWrong();
        }
        cluster.awaitReadyPods(3);
        assertThat(active(cluster.admin().ring())).isEqualTo(nodes(0, 3));
        assertThat(claims()).as("volumes, by uid").isEqualTo(claims);
        load.awaitProgress(200);

        cluster.scale(5);
        cluster.awaitSettled();
        load.awaitProgress(50);
        load.stop();
        assertThat(active(cluster.admin().ring())).isEqualTo(nodes(0, 5));
        assertThat(claims()).as("volumes, by uid").isEqualTo(claims);
        assertThat(Set.of(cluster.member(3).id(), cluster.member(4).id()))
                .as("identities of the members that came back on old volumes")
                .doesNotContainAnyElementsOf(before);
        load.assertNothingLost();
    }

    /** Nodes that give their data away at the same time, or pods that went before they had. */
    private static String moreThanOneGoes() {
        // Read first, since it only falls: whoever is needed after that was to have a pod.
        int replicas = cluster.statefulSet().getSpec().getReplicas();
        List<RingMember> members = cluster.admin().ring().members();
        Set<String> draining = nodesIn("DRAINING", members);
        if (draining.size() > 1) {
            return draining + " are drained at the same time";
        }
        Set<String> needed = nodesIn("ACTIVE", members);
        needed.addAll(draining);
        needed.removeAll(nodes(0, replicas));
        return needed.isEmpty()
                ? ""
                : needed + " have no pod, with %d replicas".formatted(replicas);
    }

    private static Set<String> active(RingStatus ring) {
        return nodesIn("ACTIVE", ring.members());
    }

    private static Set<String> nodesIn(String state, List<RingMember> members) {
        return members.stream()
                .filter(member -> member.state().equals(state))
                .map(RingMember::node)
                .collect(Collectors.toSet());
    }

    private static Set<String> nodes(int from, int to) {
        return IntStream.range(from, to).mapToObj(cluster::node).collect(Collectors.toSet());
    }

    private static List<String> claims() {
        return IntStream.range(0, 5)
                .mapToObj(cluster::claim)
                .map(
                        claim ->
                                SCENARIO.kubernetes()
                                        .client()
                                        .persistentVolumeClaims()
                                        .inNamespace(cluster.namespace())
                                        .withName(claim)
                                        .require()
                                        .getMetadata()
                                        .getUid())
                .toList();
    }
}
