package io.lilio.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HedgeDelayTest {

    private static final long MILLI = 1_000_000;

    private final HedgeDelay delay =
            new HedgeDelay(
                    new ReplicationSettings.Hedge(Duration.ofMillis(10), Duration.ofMillis(500)));

    @Test
    void restsWhereOneReadInTwentyIsSlower() {
        Random random = new Random(3);
        int slower = 0;
        for (int i = 0; i < 100_000; i++) {
            long nanos = (20 + random.nextInt(200)) * MILLI;
            slower += i >= 10_000 && nanos > delay.nanos() ? 1 : 0;
            delay.sample(nanos);
        }
        assertThat(slower / 90_000.0).isBetween(0.04, 0.06);
        assertThat(delay.nanos()).isBetween(190 * MILLI, 220 * MILLI);
    }

    @Test
    void staysWithinItsBounds() {
        for (int i = 0; i < 10_000; i++) {
            delay.sample(1);
        }
        assertThat(delay.nanos()).isEqualTo(10 * MILLI);
        for (int i = 0; i < 10_000; i++) {
            delay.sample(Duration.ofHours(1).toNanos());
        }
        assertThat(delay.nanos()).isEqualTo(500 * MILLI);
    }
}
