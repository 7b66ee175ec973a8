package io.lilio.server.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

    /** As SIGTERM does; without patience, so that it does not wait for the end. */
    private Future<?> ask() {
        return hook.submit(
                () -> {
                    end.await(new ShutdownDelayInitiatedEvent());
                    return true;
                });
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
    void aStartThatMeetsNoWaitLearnsOfItAtItsEndAndCutsNothingShort() throws Exception {
        end.beginStart();
        ask().get();
        assertThat(end.endStart()).isTrue();
        assertThat(Thread.currentThread().isInterrupted())
                .as("what comes is not hurried")
                .isFalse();
    }

    @Test
    void whatWasAskedForBeforeTheStartBreaksItOffToo() throws Exception {
        ask().get();
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
        Future<?> waiting = ask();
        asked.await();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(waiting).isNotDone();
        end.ended();
        waiting.get();
    }
}
