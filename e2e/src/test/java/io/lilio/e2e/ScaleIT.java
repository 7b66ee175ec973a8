package io.lilio.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.admin.api.RingStatus;
import io.lilio.admin.api.RingStatus.RingMember;
import io.lilio.crd.cluster.ClusterOperation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

    /** What a process that is killed may have sent is there by then, and no other one has begun. */
    private static final Duration LAST_WRITES = Duration.ofSeconds(2);

    /** So much at least that shares of it say something. */
    private static final long LEAST_TO_MOVE = 32 << 20;

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
        load.startBesideChunks();
        load.awaitProgress(50);

        long scaled = System.nanoTime();
        cluster.scale(5);
        cluster.awaitSettled();
        Figures.add("3 → 5: until all is settled", Figures.since(scaled));
        load.awaitProgress(50);
        load.stop();

        RingStatus ring = cluster.admin().ring();
        assertThat(ring.epoch()).isGreaterThan(epoch);
        assertThat(ring.unsettled()).isZero();
        assertThat(active(ring)).isEqualTo(nodes(0, 5));
        load.assertNothingLost();
        Movement.Moved moved = movement.moved();
        Figures.add("3 → 5: what has to move, in copies", Figures.mib(moved.idealBytes()));
        Figures.add("3 → 5: what was copied", Figures.mib(moved.copiedBytes()));
        assertThat(moved.idealBytes()).as("%s", moved).isGreaterThan(LEAST_TO_MOVE);
        assertThat(moved.share()).as("%s", moved).isBetween(0.85, 1.15);
    }

    @Test
    @Order(3)
    @DisplayName(
            "3: 5 → 3 one at a time, the operator killed, volumes kept; → 5 on the old volumes as"
                    + " new members")
    void shrinkingAndGrowingAgain() {
        cluster.scale(5);
        cluster.awaitSettled();
        List<String> claims = claims();
        Set<UUID> before = Set.of(cluster.member(3).id(), cluster.member(4).id());
        load.start();
        load.awaitProgress(50);

        try (Sampler oneAtATime = Sampler.start(ScaleIT::moreThanOneGoes)) {
            cluster.scale(3);
            cluster.awaitOperation(ClusterOperation.Type.SCALE_DOWN, "Moving");
            Figures.add(
                    "the operator is killed in mid-drain: until status.operation goes on",
                    killOperator());
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

    /** How long it takes until another one does what comes next. */
    private static Duration killOperator() {
        long killed = System.nanoTime();
        SCENARIO.installation().kill();
        Await.pause(LAST_WRITES);
        Optional<ClusterOperation> left = cluster.operation();
        Await.until(
                "the next operator goes on with " + left,
                Duration.ofMinutes(5),
                Await.that("it is where it was", () -> !cluster.operation().equals(left)));
        return Figures.since(killed);
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
