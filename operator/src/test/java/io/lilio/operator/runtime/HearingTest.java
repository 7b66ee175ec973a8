package io.lilio.operator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** When a process is started again because it hears nothing. */
class HearingTest {

    private Instant now = Instant.EPOCH;
    private final Hearing hearing = new Hearing(() -> now);

    @Test
    void anApiServerThatIsAwayForMinutesIsWaitedFor() {
        assertThat(hearing.isAlive(false)).isTrue();
        now = now.plus(Hearing.PATIENCE).minusSeconds(1);
        assertThat(hearing.isAlive(false)).isTrue();
        now = now.plusSeconds(1);
        assertThat(hearing.isAlive(false)).isFalse();
    }

    @Test
    void whoHearsAgainHasNewPatience() {
        assertThat(hearing.isAlive(false)).isTrue();
        now = now.plus(Hearing.PATIENCE);
        assertThat(hearing.isAlive(true)).isTrue();
        assertThat(hearing.isAlive(false)).isTrue();
    }
}
