package io.lilio.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AlarmClockTest {

    private static final long MILLI = 1_000_000;

    private final ManualTime time = new ManualTime();
    private final AlarmClock clock = new AlarmClock(time, Duration.ofMillis(2));
    private final List<String> rung = new ArrayList<>();

    @Test
    void alarmsRingWhenTheyAreDueInTheOrderOfTheirSetting() {
        set("late", 50);
        set("early", 10);
        set("middle", 30);
        time.advance(Duration.ofMillis(9));
        assertThat(rung).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(rung).containsExactly("early");
        time.advance(Duration.ofMillis(20));
        time.advance(Duration.ofMillis(20));
        assertThat(rung).containsExactly("early", "middle", "late");
        assertThat(time.scheduledCount()).isZero();
    }

    @Test
    void whatIsSwitchedOffDoesNotRing() {
        Named first = set("first", 10);
        Named second = set("second", 10);
        set("third", 10);
        clock.off(second);
        clock.off(first);
        clock.off(first);
        time.advance(Duration.ofMillis(10));
        assertThat(rung).containsExactly("third");
    }

    @Test
    void anAlarmCanBeSetAgainOnceItHasRung() {
        Named again = set("again", 10);
        time.advance(Duration.ofMillis(10));
        clock.set(again, 10 * MILLI);
        time.advance(Duration.ofMillis(10));
        assertThat(rung).containsExactly("again", "again");
    }

    @Test
    void manyAlarmsNeedOneTimer() {
        for (int i = 0; i < 1_000; i++) {
            set("alarm", 10 + i % 2);
        }
        assertThat(time.scheduledCount()).isEqualTo(1);
    }

    @Test
    void nothingIsScheduledWhileNoAlarmIsSet() {
        clock.off(set("never", 10));
        time.advance(Duration.ofMillis(10));
        assertThat(time.scheduledCount()).isZero();
    }

    @Test
    void eachAlarmRingsOnceWithinTheResolutionWhateverWasSetAndSwitchedOff() {
        Random random = new Random(7);
        List<Named> all = new ArrayList<>();
        int expected = 0;
        for (int step = 0; step < 2_000; step++) {
            Named alarm = set("x", 1 + random.nextInt(40));
            all.add(alarm);
            if (random.nextInt(3) == 0) {
                Named some = all.get(random.nextInt(all.size()));
                clock.off(some);
                some.off = true;
            }
            time.advance(Duration.ofMillis(1));
        }
        for (int step = 0; step < 50; step++) {
            time.advance(Duration.ofMillis(1));
        }
        for (Named alarm : all) {
            expected += alarm.rang ? 1 : 0;
            assertThat(alarm.rang || alarm.off).isTrue();
        }
        assertThat(rung).hasSize(expected);
        assertThat(all).allSatisfy(alarm -> assertThat(alarm.lateNanos).isBetween(0L, 3 * MILLI));
        assertThat(time.scheduledCount()).isZero();
    }

    private Named set(String name, int millis) {
        Named alarm = new Named(name, time.nanos() + millis * MILLI);
        clock.set(alarm, millis * MILLI);
        return alarm;
    }

    private final class Named extends Alarm {
        private final String name;
        private final long due;
        private long lateNanos;
        private boolean rang;
        private boolean off;

        Named(String name, long due) {
            this.name = name;
            this.due = due;
        }

        @Override
        protected void ring() {
            rung.add(name);
            rang = true;
            lateNanos = Math.max(0, time.nanos() - due);
            if (name.equals("again")) {
                lateNanos = 0;
            }
        }
    }
}
