package io.lilio.operator.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.operator.kube.KubernetesException;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** What the SDK is told of a pass, and what is counted and logged. */
class ReconciliationTest {

    private static final Report HELD =
            new Report(Duration.ofSeconds(7), false, Optional.of("QuorumLost"), Optional.empty());
    private static final Report DONE =
            new Report(Duration.ofSeconds(30), true, Optional.empty(), Optional.empty());

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final OperatorMetrics metrics = new OperatorMetrics(meters, () -> Instant.EPOCH);

    private Reconciliation<LilioCluster> of(Function<LilioCluster, Report> work) {
        return new Reconciliation<>(new Pass<>(work, work), metrics);
    }

    @Test
    void theSdkWritesNothingAndLooksAgainWhenThePassSaysSo() {
        UpdateControl<LilioCluster> control = of(any -> HELD).run(Resources.cluster());
        assertThat(control.isNoUpdate()).isTrue();
        assertThat(control.getScheduleDelay()).contains(7_000L);
        assertThat(count("hold")).isEqualTo(1);
    }

    @Test
    void theFinalizerGoesWhenTheDeletionIsFinishedAndNotBefore() {
        DeleteControl waits = of(any -> HELD).delete(Resources.cluster());
        assertThat(waits.isRemoveFinalizer()).isFalse();
        assertThat(waits.getScheduleDelay()).contains(7_000L);
        assertThat(meters.find("lilio.operator.hold").gauges()).hasSize(1);
        DeleteControl finished = of(any -> DONE).delete(Resources.cluster());
        assertThat(finished.isRemoveFinalizer()).isTrue();
        assertThat(meters.find("lilio.operator.hold").gauges()).isEmpty();
    }

    @Test
    void aFailureGoesOnToTheSdkWhichTriesAgain() {
        KubernetesException away = new KubernetesException(0, "away", new RuntimeException());
        assertThatThrownBy(() -> of(failing(away)).run(Resources.cluster())).isSameAs(away);
        assertThatThrownBy(() -> of(failing(away)).delete(Resources.cluster())).isSameAs(away);
        assertThat(count("kubernetes")).isEqualTo(2);
        IllegalStateException mistake = new IllegalStateException("mistake");
        assertThatThrownBy(() -> of(failing(mistake)).run(Resources.cluster())).isSameAs(mistake);
        assertThat(count("error")).isEqualTo(1);
    }

    @Test
    void logsNameTheResourceWhileThePassRuns() {
        Map<String, String> seen = new HashMap<>();
        of(any -> {
                    seen.putAll(MDC.getCopyOfContextMap());
                    return DONE;
                })
                .run(Resources.cluster());
        assertThat(seen)
                .containsEntry("kind", "LilioCluster")
                .containsEntry("namespace", "lab")
                .containsEntry("name", "demo");
        assertThat(MDC.get("name")).isNull();
    }

    private static Function<LilioCluster, Report> failing(RuntimeException failure) {
        return any -> {
            throw failure;
        };
    }

    private long count(String result) {
        return meters.find("lilio.operator.reconcile").tag("result", result).timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }
}
