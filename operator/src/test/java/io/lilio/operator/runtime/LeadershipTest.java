package io.lilio.operator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.lilio.operator.dependent.IngressPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** When a replica ends because another one leads. */
class LeadershipTest {

    private final List<Boolean> told = new ArrayList<>();
    private final AtomicInteger exits = new AtomicInteger();
    private final Leadership leadership = new Leadership(told::add, exits::incrementAndGet);

    private final LeaderElectionConfiguration election =
            leadership.election(
                    new OperatorSettings(
                            Set.of(),
                            new IngressPolicy.Operator("lilio-system", Map.of("a", "b")),
                            "pod-1",
                            Duration.ofMinutes(5),
                            true,
                            "etcd"));

    @Test
    void theLeaseIsInTheOperatorsNamespaceAndHasThePodsName() {
        assertThat(election.getLeaseNamespace()).contains("lilio-system");
        assertThat(election.getIdentity()).contains("pod-1");
        assertThat(election.getRenewDeadline()).isLessThan(election.getLeaseDuration());
    }

    @Test
    void whoLosesTheLeaseEndsAtOnce() {
        election.getLeaderCallbacks().orElseThrow().onStartLeading();
        assertThat(exits).hasValue(0);
        election.getLeaderCallbacks().orElseThrow().onStopLeading();
        assertThat(exits).hasValue(1);
        assertThat(told).containsExactly(true, false);
        assertThat(election.isExitOnStopLeading()).as("the SDK's own way").isFalse();
    }

    @Test
    void whoGivesTheLeaseUpEndsInOrder() {
        election.getLeaderCallbacks().orElseThrow().onStartLeading();
        leadership.leave();
        election.getLeaderCallbacks().orElseThrow().onStopLeading();
        assertThat(exits).hasValue(0);
        assertThat(told).containsExactly(true, false);
    }
}
