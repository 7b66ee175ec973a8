package io.lilio.maintenance.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.placement.MemberId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AwayBackOffTest {

    private static final MemberId A = new MemberId(new UUID(0, 1));
    private static final MemberId B = new MemberId(new UUID(0, 2));

    private final AwayBackOff backOff = new AwayBackOff();

    @Test
    void theOthersAreSweptAtOnceAndThenEverMoreSeldom() {
        List<Integer> minutes = new ArrayList<>();
        for (int minute = 0; minute < 64; minute++) {
            if (sweeps(minute, A)) {
                minutes.add(minute);
            }
        }
        assertThat(minutes).containsExactly(0, 1, 3, 7, 15, 31, 47, 63);
    }

    @Test
    void whoIsBackIsSweptAtOnceThoughAnotherIsAway() {
        assertThat(sweeps(0, A)).isTrue();
        assertThat(sweeps(0, B)).isTrue();
        assertThat(sweeps(0, A, B)).as("nobody is back").isFalse();
    }

    @Test
    void anewAfterAllWasWell() {
        assertThat(sweeps(0, A)).isTrue();
        backOff.allIsWell();
        assertThat(sweeps(0, A)).isTrue();
    }

    @Test
    void whatIsNewIsSweptInEveryPass() {
        assertThat(from(0, A)).isZero();
        backOff.swept(100);
        assertThat(from(0, A)).isEqualTo(100);
        backOff.swept(200);
        assertThat(from(0, A, B)).as("another one is away").isEqualTo(200);
        backOff.swept(300);
        assertThat(from(0, A)).as("which is back").isZero();
        assertThat(from(0, A)).as("the last pass did not end").isZero();
    }

    private boolean sweeps(int minute, MemberId... away) {
        boolean all = from(minute, away) == 0;
        backOff.swept(7);
        return all;
    }

    private long from(int minute, MemberId... away) {
        return backOff.from(new AwayMembers(Set.of(away)), Duration.ofMinutes(minute).toNanos());
    }
}
