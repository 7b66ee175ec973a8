package io.lilio.server.s3.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.s3.http.HttpSettings.Deadlines;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Looked at every second, as by an event loop. */
class WriteProgressTest {

    private static final int RATE = 1_024;
    private static final int LIMIT = 60;
    private static final Duration LONG = Duration.ofDays(1);
    private static final Deadlines DEADLINES =
            new Deadlines(LONG, LONG, Duration.ofSeconds(LIMIT), LONG, RATE);

    private final WriteProgress progress = new WriteProgress(0);
    private int second;
    private long unsentBytes;

    private void send(int bytes) {
        progress.handedOver(bytes);
        unsentBytes += bytes;
    }

    /** Goes on for some seconds, in each of which the client takes so much; when it was ended. */
    private int endedWithin(int seconds, int bytesPerSecond) {
        for (int i = 1; i <= seconds; i++) {
            unsentBytes -= bytesPerSecond;
            if (look()) {
                return i;
            }
        }
        return 0;
    }

    private boolean look() {
        second++;
        return progress.tooSlow(unsentBytes, TimeUnit.SECONDS.toNanos(second), DEADLINES);
    }

    @Test
    void whoIsSentNothingIsNotTooSlow() {
        assertThat(endedWithin(1_000, 0)).isZero();
        send(100);
        assertThat(endedWithin(LIMIT, 0)).as("just handed over").isZero();
    }

    @Test
    void whoTakesNothingForTheLimitIsTooSlow() {
        send(1 << 20);
        assertThat(endedWithin(1_000, 0)).isEqualTo(LIMIT + 1);
    }

    @Test
    void aByteNowAndThenIsNotEnough() {
        send(1 << 20);
        assertThat(endedWithin(1_000, 1)).isBetween(LIMIT, LIMIT + 2);
    }

    @Test
    void theLowestRateIsEnoughAndLessIsNot() {
        send(1 << 30);
        assertThat(endedWithin(10_000, RATE)).isZero();
        assertThat(endedWithin(1_000, RATE * 9 / 10)).isBetween(9 * LIMIT, 11 * LIMIT);
    }

    /** The kernel takes more only when the client has emptied a good part of its buffer. */
    @Test
    void theLowestRateIsEnoughInStepsToo() {
        send(1 << 30);
        for (int step = 0; step < 100; step++) {
            assertThat(endedWithin(49, 0)).as("step %d", step).isZero();
            assertThat(endedWithin(1, 50 * RATE)).as("step %d", step).isZero();
        }
    }

    /** The kernel's buffers take the beginning at once, whoever is behind them. */
    @Test
    void whatWasTakenAtTheBeginningIsNoCredit() {
        send(1 << 30);
        assertThat(endedWithin(10, 10 << 20)).isZero();
        assertThat(endedWithin(1_000, 1)).isBetween(LIMIT, LIMIT + 2);
    }

    /** What waits may be as much as before while other bytes have left. */
    @Test
    void whatIsHandedOverAsFastAsItLeavesIsProgress() {
        send(2_000);
        for (int i = 0; i < 1_000; i++) {
            send(2_000);
            assertThat(endedWithin(1, 2_000)).isZero();
        }
    }

    @Test
    void aServerThatIsSlowIsNotTheClientsFault() {
        for (int i = 0; i < 1_000; i++) {
            send(1);
            assertThat(endedWithin(1, 1)).isZero();
        }
        for (int i = 0; i < 10; i++) {
            send(1 << 20);
            assertThat(endedWithin(LIMIT - 1, 0)).isZero();
            assertThat(endedWithin(1, 1 << 20)).as("it has caught up").isZero();
        }
    }

    @Test
    void anEventLoopThatStoodStillIsNotTheClientsFault() {
        send(1 << 20);
        assertThat(look()).isFalse();
        second += 10 * LIMIT;
        assertThat(look()).isFalse();
        assertThat(endedWithin(LIMIT, 0)).isBetween(LIMIT - 3, LIMIT);
    }

    @Test
    void everythingThatPassesIsCounted() {
        EmbeddedChannel channel = new EmbeddedChannel(progress);
        unsentBytes = 500;
        for (int i = 0; i < 2 * LIMIT; i++) {
            assertThat(channel.writeOutbound(Unpooled.wrappedBuffer(new byte[RATE]))).isTrue();
            assertThat(look()).as("after %d answers", i).isFalse();
        }
        assertThat(channel.finishAndReleaseAll()).isTrue();
    }
}
