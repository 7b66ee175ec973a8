package io.lilio.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.admin.api.MemberStatus;
import io.lilio.admin.api.OperationStatus;
import io.lilio.admin.api.RingStatus.RingMember;
import io.lilio.crd.Condition;
import io.lilio.crd.ConditionStatus;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("e2e")
@Order(8)
@DisplayName("7 Lost and sick members")
final class LostMemberIT {

    @RegisterExtension static final Scenario SCENARIO = Scenario.named("lost");

    private static StoreCluster cluster;
    private static Load load;

    @BeforeAll
    static void make() {
        cluster = StoreCluster.create(SCENARIO, "lost", Spec.of(4));
        load = Load.fill(cluster, "load", Load.Size.FULL, 7);
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
    @DisplayName(
            "7: a pod without its volume: Degraded, clients see nothing; acknowledged: repaired")
    void lostVolume() {
        load.awaitProgress(50);
        UUID lost = cluster.member(1).id();
        String volume = claimUid(1);
        loseVolume(1);
        assertThat(claimUid(1)).as("the volume is another one").isNotEqualTo(volume);

        Await.until(
                "Degraded names the member",
                Duration.ofMinutes(10),
                () -> {
                    Condition degraded = cluster.condition("Degraded").orElseThrow();
                    return degraded.status() == ConditionStatus.TRUE
                                    && degraded.message().contains(lost.toString())
                            ? ""
                            : "it says " + degraded;
                });
        load.awaitProgress(200);
        assertThat(stateOf(lost)).as("nobody has given it up").isEqualTo("ACTIVE");

        cluster.annotate("lilio.io/acknowledge-lost=" + lost);
        awaitSuccessor(1, lost);
        load.awaitProgress(50);
        assertThat(stateOf(lost)).isIn("LOST", "REMOVED", "gone");
        load.assertNothingLost();
        assertAllCopiesAreThere();
        load.start();
    }

    @Test
    @Order(2)
    @DisplayName("7: a sick member is replaced by annotation, whatever its ordinal")
    void replacedByAnnotation() {
        load.awaitProgress(50);
        UUID sick = cluster.member(2).id();
        String volume = claimUid(2);

        cluster.annotate("lilio.io/replace=" + sick);
        awaitSuccessor(2, sick);
        assertThat(stateOf(sick)).isIn("REMOVED", "gone");
        assertThat(claimUid(2)).as("the volume is another one").isNotEqualTo(volume);
        load.awaitProgress(50);
        load.assertNothingLost();
        assertAllCopiesAreThere();
    }

    /** Waits until a pod has a member that is another one, and all is well. */
    private static void awaitSuccessor(int ordinal, UUID before) {
        Await.until(
                "%s has another member, which is ACTIVE".formatted(cluster.node(ordinal)),
                Duration.ofMinutes(15),
                () -> {
                    RingMember now = cluster.member(ordinal);
                    return now.state().equals("ACTIVE") && !now.id().equals(before)
                            ? ""
                            : "it has " + now;
                });
        cluster.awaitSettled();
    }

    /** The pod ends as it is told, and comes back on an empty volume. */
    private static void loseVolume(int ordinal) {
        Kubernetes kubernetes = SCENARIO.kubernetes();
        String before = cluster.pod(ordinal).getMetadata().getUid();
        kubernetes.kubectl(
                "delete", "pvc", cluster.claim(ordinal), "-n", cluster.namespace(), "--wait=false");
        kubernetes.kubectl("delete", "pod", cluster.node(ordinal), "-n", cluster.namespace());
        Await.until(
                "the pod is back",
                Duration.ofMinutes(5),
                () ->
                        cluster.pod(ordinal).getMetadata().getUid().equals(before)
                                ? "it is the old one"
                                : "");
    }

    private static String claimUid(int ordinal) {
        return cluster.volume(cluster.claim(ordinal));
    }

    private static String stateOf(UUID member) {
        return cluster.admin().ring().members().stream()
                .filter(each -> each.id().equals(member))
                .map(each -> each.state())
                .findFirst()
                .orElse("gone");
    }

    /** No member lacks anything, and what was moved or repaired last left nothing undone. */
    private static void assertAllCopiesAreThere() {
        AdminClient admin = cluster.admin();
        assertThat(admin.ring().unsettled()).isZero();
        Await.until(
                "every member has all of its chunks",
                Duration.ofMinutes(5),
                () -> {
                    for (MemberStatus member : admin.members()) {
                        if (member.state().equals("ACTIVE")
                                && (member.usage() == null || member.usage().lacking())) {
                            return member.node() + " says " + member.usage();
                        }
                    }
                    return "";
                });
        for (String kind : List.of("rebalance", "repair")) {
            Optional<OperationStatus> newest =
                    admin.operations(kind).stream()
                            .max(Comparator.comparing(OperationStatus::requested));
            assertThat(newest.map(OperationStatus::state).orElse("SUCCEEDED"))
                    .as("the newest %s: %s", kind, newest)
                    .isEqualTo("SUCCEEDED");
        }
    }
}
