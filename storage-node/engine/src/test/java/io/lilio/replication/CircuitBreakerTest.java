package io.lilio.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.replication.CircuitBreaker.Pass;
import io.lilio.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {

    private static final Duration MIN = Duration.ofSeconds(1);

    private final ManualTime time = new ManualTime();
    private final List<BreakerState> changes = new ArrayList<>();
    private final CircuitBreaker breaker =
            new CircuitBreaker(
                    new ReplicationSettings.Breaker(3, MIN, Duration.ofSeconds(3)),
                    time,
                    changes::add);

    @Test
    void soManyFailuresInARowOpenIt() {
        fail(2);
        breaker.answered(false);
        fail(2);
        assertThat(breaker.ask()).isEqualTo(Pass.YES);
        fail(1);
        assertThat(breaker.ask()).isEqualTo(Pass.NO);
        assertThat(changes).containsExactly(BreakerState.OPEN);
    }

    @Test
    void afterAWhileOneCallDecides() {
        fail(3);
        time.advance(MIN);
        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(breaker.ask()).isEqualTo(Pass.AS_PROBE);
        assertThat(breaker.ask()).isEqualTo(Pass.NO);
        breaker.answered(true);
        assertThat(breaker.ask()).isEqualTo(Pass.YES);
        assertThat(changes)
                .containsExactly(BreakerState.OPEN, BreakerState.HALF_OPEN, BreakerState.CLOSED);
    }

    @Test
    void eachFailedProbeDoublesTheTimeUpToABound() {
        fail(3);
        time.advance(MIN);
        failProbe();
        time.advance(Duration.ofMillis(1_999));
        assertThat(breaker.ask()).isEqualTo(Pass.NO);
        time.advance(Duration.ofMillis(1));
        failProbe();
        time.advance(Duration.ofSeconds(3));
        failProbe();
        time.advance(Duration.ofSeconds(3));
        assertThat(breaker.ask()).isEqualTo(Pass.AS_PROBE);
        breaker.answered(true);
        fail(3);
        time.advance(MIN);
        assertThat(breaker.state()).as("forgotten").isEqualTo(BreakerState.HALF_OPEN);
    }

    @Test
    void aProbeThatWasNotMadeLetsTheNextOneTry() {
        fail(3);
        time.advance(MIN);
        assertThat(breaker.ask()).isEqualTo(Pass.AS_PROBE);
        breaker.withdrawn(true);
        assertThat(breaker.ask()).isEqualTo(Pass.AS_PROBE);
    }

    @Test
    void callsThatBeganBeforeItOpenedDoNotDecide() {
        fail(3);
        breaker.answered(false);
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        time.advance(MIN);
        breaker.failed(false);
        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
        breaker.answered(false);
        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    private void failProbe() {
        assertThat(breaker.ask()).isEqualTo(Pass.AS_PROBE);
        breaker.failed(true);
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.failed(false);
        }
    }
}
