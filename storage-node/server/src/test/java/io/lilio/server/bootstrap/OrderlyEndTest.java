package io.lilio.server.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OrderlyEndTest {

    private final OrderlyEnd end = new OrderlyEnd();
    private final ExecutorService hook = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void close() {
        end.ended();
        hook.close();
    }

    /**
     * As SIGTERM does; without patience, so that it does not wait for the end. To be joined, which,
     * unlike {@code get}, is not broken off by the interrupt that this sends to who starts.
     */
    private CompletableFuture<Void> ask() {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        end.await(new ShutdownDelayInitiatedEvent());
                    } catch (InterruptedException e) {
                        throw new AssertionError("nobody interrupts the hook", e);
                    }
                },
                hook);
    }

    @Test
    void aStartThatWaitsIsBrokenOff() {
        end.beginStart();
        var _ = ask();
        assertThatThrownBy(() -> new CountDownLatch(1).await())
                .isInstanceOf(InterruptedException.class);
        assertThat(end.endStart()).isTrue();
    }

    @Test
    void aStartThatMeetsNoWaitLearnsOfItAtItsEndAndCutsNothingShort() {
        end.beginStart();
        ask().join();
        assertThat(end.endStart()).isTrue();
        assertThat(Thread.currentThread().isInterrupted())
                .as("what comes is not hurried")
                .isFalse();
    }

    @Test
    void whatWasAskedForBeforeTheStartBreaksItOffToo() {
        ask().join();
        end.beginStart();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        assertThat(end.endStart()).isTrue();
    }

    @Test
    void whoServesIsNotInterruptedAndIsWaitedFor() throws Exception {
        end.begun(Duration.ofSeconds(20));
        end.beginStart();
        assertThat(end.endStart()).isFalse();
        var asked = new CountDownLatch(1);
        end.whenAsked(asked::countDown);
        CompletableFuture<Void> waiting = ask();
        asked.await();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(waiting).isNotDone();
        end.ended();
        waiting.join();
    }
}
