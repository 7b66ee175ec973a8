package io.lilio.operator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is measured of operations and holds. */
class OperatorMetricsTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Instant now = Instant.parse("2026-11-30T10:00:00Z");
    private final OperatorMetrics metrics = new OperatorMetrics(meters, () -> now);

    private static Report report(String hold, String phase, Instant startedAt) {
        return new Report(
                Duration.ZERO,
                false,
                Optional.of(hold).filter(text -> !text.isEmpty()),
                Optional.of(phase)
                        .filter(text -> !text.isEmpty())
                        .map(text -> new Report.Work("scale_up", text, startedAt)));
    }

    @Test
    void anOperationGrowsOldInItsPhaseAndGoes() {
        metrics.told(Resources.cluster(), report("", "Moving", now));
        now = now.plusSeconds(90);
        assertThat(age("Moving").value()).isEqualTo(90);
        metrics.told(Resources.cluster(), report("", "Cancelling", now.minusSeconds(90)));
        now = now.plusSeconds(10);
        assertThat(age("Cancelling").value()).isEqualTo(100);
        assertThat(meters.find("lilio.operator.operation.age").tag("phase", "Moving").gauges())
                .isEmpty();
        metrics.told(Resources.cluster(), report("", "", now));
        assertThat(meters.find("lilio.operator.operation.age").gauges()).isEmpty();
    }

    @Test
    void aHoldNamesItsReasonAndResource() {
        metrics.told(Resources.cluster(), report("QuorumLost", "", now));
        metrics.told(Resources.bucket("photos", ""), report("BucketNotEmpty", "", now));
        Gauge gauge = meters.get("lilio.operator.hold").tag("reason", "QuorumLost").gauge();
        assertThat(gauge.value()).isEqualTo(1);
        assertThat(gauge.getId().getTag("kind")).isEqualTo("LilioCluster");
        assertThat(gauge.getId().getTag("namespace")).isEqualTo("lab");
        assertThat(gauge.getId().getTag("name")).isEqualTo("demo");
        metrics.gone(Resources.cluster());
        assertThat(meters.find("lilio.operator.hold").gauges()).hasSize(1);
    }

    @Test
    void leadershipAndAdminErrorsAreCounted() {
        assertThat(meters.get("lilio.operator.leader").gauge().value()).isZero();
        metrics.leading(true);
        assertThat(meters.get("lilio.operator.leader").gauge().value()).isEqualTo(1);
        metrics.adminError("409");
        metrics.adminError("409");
        assertThat(meters.get("lilio.operator.admin.errors").tag("cause", "409").counter().count())
                .isEqualTo(2);
    }

    private Gauge age(String phase) {
        return meters.get("lilio.operator.operation.age").tag("phase", phase).gauge();
    }
}
