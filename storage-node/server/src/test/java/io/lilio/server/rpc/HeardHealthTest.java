package io.lilio.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendHealth;
import io.lilio.chunk.BackendHealth.State;
import io.lilio.time.ManualTime;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HeardHealthTest {

    private static final BackendHealth WELL = new BackendHealth(State.UP, 10, 5, "", 3);

    private final ManualTime time = new ManualTime();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile CompletableFuture<BackendHealth> answer =
            CompletableFuture.completedFuture(WELL);
    private final HeardHealth health =
            new HeardHealth(
                    () -> {
                        asked.incrementAndGet();
                        try {
                            return answer.join();
                        } catch (CompletionException e) {
                            throw (BackendException) e.getCause();
                        }
                    },
                    new RpcRuntime(
                            time,
                            new SecureRandom(),
                            Thread.ofVirtual().factory(),
                            RpcListener.NONE));

    @Test
    void theFirstWaitsForTheAnswerAndTheNextTakeWhatWasHeard() {
        assertThat(health.now()).isEqualTo(WELL);
        time.advance(HeardHealth.FRESH.minusMillis(1));
        assertThat(health.now()).isEqualTo(WELL);
        assertThat(asked).hasValue(1);
    }

    @Test
    void aPeerThatFreezesHoldsUpNobodyAndFailsWhenItHasBeenSilentForTooLong() {
        assertThat(health.now()).isEqualTo(WELL);
        answer = new CompletableFuture<>();
        time.advance(HeardHealth.FRESH);
        for (int i = 0; i < 100; i++) {
            assertThat(health.now()).as("heard last").isEqualTo(WELL);
        }
        time.advance(HeardHealth.AGE);
        assertThat(health.now().state()).isEqualTo(State.FAILED);
        assertThat(health.now().timesEmptied()).as("nothing was lost").isEqualTo(3);
        answer.complete(WELL);
        while (health.now().state() == State.FAILED) {
            Thread.onSpinWait();
        }
        assertThat(asked).as("one question at a time").hasValue(2);
    }

    @Test
    void whatChangesIsHeardWithTheNextQuestion() {
        assertThat(health.now()).isEqualTo(WELL);
        answer =
                CompletableFuture.failedFuture(
                        new BackendException(BackendException.Reason.IO, "gone", null));
        time.advance(HeardHealth.FRESH);
        while (health.now().state() == State.UP) {
            Thread.onSpinWait();
        }
        assertThat(health.now().state()).isEqualTo(State.FAILED);
    }

    @Test
    void theFirstWaitsNoLongerThanAnswersUsuallyTake() {
        answer = new CompletableFuture<>();
        long began = System.nanoTime();
        assertThat(health.now().state()).isEqualTo(State.FAILED);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isGreaterThanOrEqualTo(HeardHealth.PATIENCE);
        answer.complete(WELL);
    }
}
