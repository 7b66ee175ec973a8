package io.lilio.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.lilio.operator.apiserver.ApiServerProxy.Exchange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two replicas of the operator: one acts, the other takes over, and nothing is done twice. */
@Tag("kubernetes")
class TwoOperatorsTest {

    private static final Duration BOUND = Duration.ofMinutes(5);

    /** docs/kubernetes.md: another one takes over within half a minute. */
    private static final Duration TAKEOVER = Duration.ofSeconds(30);

    /** What Kubernetes gives a pod to end, before it is killed. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private static final int ENDED_BY_SIGTERM = 143;

    private final Opened opened = new Opened();
    private Site site;
    private Witness witness;
    private ApiServerProxy leadersWay;
    private ApiServerProxy othersWay;
    private OperatorRun leader;
    private OperatorRun other;

    @BeforeEach
    void start() {
        Testbed testbed = opened.add(Testbed.open());
        site = opened.add(new Site(testbed, Chart.render("two"), List.of("demo")));
        witness = opened.add(new Witness(site));
        leadersWay = opened.add(new ApiServerProxy(testbed.server().sockets()));
        othersWay = opened.add(new ApiServerProxy(testbed.server().sockets()));
        leader = opened.add(site.operator("operator-0", Optional.of(leadersWay), Map.of()));
        Await.until("the first one leads", BOUND, () -> leader.leads() ? "" : "it does not");
        other = opened.add(site.operator("operator-1", Optional.of(othersWay), Map.of()));
        other.awaitReady();
        site.makeCluster("demo");
        site.awaitSettled("demo", 3, BOUND);
        site.scale("demo", 4);
        site.awaitSettled("demo", 4, BOUND);
    }

    @AfterEach
    void stop() {
        opened.close();
    }

    @Test
    void whoWaitsWritesNothingAndGoesOnWhenTheLeaderIsKilled() {
        assertThat(othersWay.writes()).isEmpty();
        scaleDownUntilItIsDraining();
        leader.kill();
        Await.until("the other one leads", TAKEOVER, () -> other.leads() ? "" : "it does not");
        site.awaitSettled("demo", 3, BOUND);
        assertDoneOnce();
        assertThat(othersWay.writes()).isNotEmpty();
    }

    /** As with an upgrade of the operator: nobody has to wait until the Lease is over. */
    @Test
    void aLeaderThatIsToldToEndGivesTheLeaseUpAndTheOtherOneGoesOn() {
        scaleDownUntilItIsDraining();
        leader.terminate();
        Await.until("the leader ends", GRACE, () -> leader.isAlive() ? "it lives" : "");
        assertThat(leader.exitCode().orElseThrow()).as("exit code").isIn(0, ENDED_BY_SIGTERM);
        assertThat(holder()).as("who has the Lease").isNotEqualTo("operator-0");
        Await.until("the other one leads", TAKEOVER, () -> other.leads() ? "" : "it does not");
        site.awaitSettled("demo", 3, BOUND);
        assertDoneOnce();
        assertThat(othersWay.writes()).isNotEmpty();
    }

    /** One that is over and was not given up still has the name of who had it. */
    private String holder() {
        return site.find(Lease.class, "lilio-operator")
                .map(lease -> lease.getSpec().getHolderIdentity())
                .orElse("");
    }

    /** It believes that it leads until it has looked. */
    @Test
    void aLeaderThatWasFrozenEndsWhenItWakesAndHarmsNothing() {
        scaleDownUntilItIsDraining();
        leader.freeze();
        Await.until("the other one leads", TAKEOVER, () -> other.leads() ? "" : "it does not");
        site.awaitSettled("demo", 3, BOUND);
        leader.thaw();
        Await.until(
                "the former leader ends",
                Duration.ofSeconds(45),
                () -> leader.isAlive() ? "it lives" : "");
        assertThat(leader.exitCode()).hasValue(1);
        site.awaitSettled("demo", 3, BOUND);
        assertDoneOnce();
    }

    @Test
    void aLeaderThatIsCutOffEndsBeforeAnotherOneActs() {
        scaleDownUntilItIsDraining();
        leadersWay.weather(Weather.AWAY);
        Await.until("the other one leads", TAKEOVER, () -> other.leads() ? "" : "it does not");
        assertThat(leader.exitCode()).hasValue(1);
        site.awaitSettled("demo", 3, BOUND);
        assertDoneOnce();
    }

    private void scaleDownUntilItIsDraining() {
        site.scale("demo", 3);
        Await.until(
                "it drains",
                BOUND,
                () -> site.store("demo").commands().contains("DRAIN") ? "" : "it does not");
    }

    private void assertDoneOnce() {
        assertThat(site.store("demo").commands())
                .as("commands that the ring carried out")
                .containsOnlyOnce("DRAIN")
                .containsOnlyOnce("ADMIT")
                .doesNotContain("CANCEL");
        assertThat(witness.replicas("demo")).containsExactly(3, 4, 3);
        assertThat(witness.madeAgain().keySet()).as("made twice").isEmpty();
        assertThat(scalings(leadersWay) + scalings(othersWay))
                .as("writes that took the pod away")
                .isEqualTo(1);
    }

    /** Merge patches of the StatefulSet are what scales it down; all else is applied. */
    private static long scalings(ApiServerProxy way) {
        return way.writes().stream()
                .filter(each -> each.path().endsWith("/statefulsets/demo"))
                .filter(each -> each.status() == 200)
                .map(Exchange::type)
                .filter(type -> type.contains("merge-patch"))
                .count();
    }
}
