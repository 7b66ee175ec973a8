package io.lilio.maintenance.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.time.SystemTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PaceTest {

    private final SystemTime time = new SystemTime();

    @AfterEach
    void close() {
        time.close();
    }

    @Test
    void aPaceHoldsARunBack() throws Exception {
        var slow =
                new Pace(new PaceSettings(1_000, Long.MAX_VALUE, Duration.ZERO), time, () -> false);
        long begun = time.nanos();
        for (int i = 0; i < 40; i++) {
            slow.await(10, 0);
        }
        // 400 steps at 1,000 a second, less the burst that a rested run may take.
        assertThat(Duration.ofNanos(time.nanos() - begun)).isGreaterThan(Duration.ofMillis(250));
    }

    /** In a cluster runs always give way: thousands of empty partitions are not to cost minutes. */
    @Test
    void onlyWhatBurdensADiskGivesWayToClients() throws Exception {
        var asked = new AtomicInteger();
        var yielding =
                new Pace(
                        new PaceSettings(Long.MAX_VALUE, Long.MAX_VALUE, Duration.ofNanos(1)),
                        time,
                        () -> asked.incrementAndGet() > 0);
        yielding.await(0, 0);
        assertThat(asked).hasValue(0);
        yielding.await(1, 0);
        yielding.await(0, 1);
        assertThat(asked).hasValue(2);
    }
}
