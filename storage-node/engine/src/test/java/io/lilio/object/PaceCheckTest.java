package io.lilio.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.ObjectStoreException;
import io.lilio.time.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceCheckTest {

    private final ManualTime time = new ManualTime();

    @Test
    void aKibibyteASecondIsEnough() {
        PaceCheck pace = new PaceCheck(ObjectSettings.Pace.defaults(), time);
        assertThatCode(() -> goOn(pace, 1_024, Duration.ofHours(1))).doesNotThrowAnyException();
    }

    @Test
    void lessIsNotOnceTheFirstMinuteIsOver() {
        PaceCheck pace = new PaceCheck(ObjectSettings.Pace.defaults(), time);
        assertThatCode(() -> goOn(pace, 0, Duration.ofMinutes(1))).doesNotThrowAnyException();
        assertThatThrownBy(() -> goOn(pace, 1_023, Duration.ofSeconds(1)))
                .isInstanceOfSatisfying(
                        ObjectStoreException.class,
                        e ->
                                assertThat(e.kind())
                                        .isEqualTo(ObjectStoreException.Kind.REQUEST_TIMEOUT));
    }

    private void goOn(PaceCheck pace, int bytesPerSecond, Duration duration) {
        for (long second = 0; second < duration.toSeconds(); second++) {
            time.advance(Duration.ofSeconds(1));
            pace.passed(bytesPerSecond);
        }
    }
}
