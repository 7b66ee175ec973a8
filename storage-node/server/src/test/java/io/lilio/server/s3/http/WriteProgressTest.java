package io.lilio.server.s3.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WriteProgressTest {

    private static final long LIMIT = 60;

    private final WriteProgress progress = new WriteProgress(0);

    @Test
    void nothingToSendIsNoStall() {
        assertThat(progress.stalled(0, 1_000, LIMIT)).isFalse();
        progress.handedOver(100);
        assertThat(progress.stalled(100, 1_001, LIMIT)).as("just handed over").isFalse();
    }

    @Test
    void aByteWithinTheLimitIsEnough() {
        progress.handedOver(1 << 20);
        int unsent = 1 << 20;
        for (int now = 0; now < 1_000; now += 50) {
            assertThat(progress.stalled(unsent, now, LIMIT)).isFalse();
            unsent--;
        }
    }

    @Test
    void nothingTakenForTheLimitIsAStall() {
        progress.handedOver(1 << 20);
        assertThat(progress.stalled(1_000, 10, LIMIT)).isFalse();
        assertThat(progress.stalled(1_000, 70, LIMIT)).isFalse();
        assertThat(progress.stalled(1_000, 71, LIMIT)).isTrue();
    }

    /** What waits may be as much as before while other bytes have left. */
    @Test
    void whatIsHandedOverAsFastAsItLeavesIsProgress() {
        for (int now = 0; now < 1_000; now += 50) {
            progress.handedOver(2_000);
            assertThat(progress.stalled(2_000, now, LIMIT)).isFalse();
        }
    }
}
