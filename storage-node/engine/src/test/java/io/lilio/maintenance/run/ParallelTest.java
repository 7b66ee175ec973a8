package io.lilio.maintenance.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ParallelTest {

    private static final List<Integer> MANY = IntStream.range(0, 100).boxed().toList();

    private final Parallel parallel = new Parallel(Thread.ofVirtual().factory(), 4);

    @Test
    void errorsAreNotLost() {
        assertThatThrownBy(
                        () ->
                                parallel.each(
                                        MANY,
                                        item -> {
                                            if (item == 7) {
                                                throw new OutOfMemoryError("injected");
                                            }
                                        }))
                .isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void whoIsInterruptedBeforeAllWasBegunIsToldSo() {
        var entered = new CountDownLatch(4);
        var release = new CountDownLatch(1);
        var done = new AtomicInteger();
        Thread waiting = Thread.currentThread();
        Thread.ofVirtual()
                .start(
                        () -> {
                            await(entered);
                            waiting.interrupt();
                            while (waiting.isInterrupted()
                                    || waiting.getState() != Thread.State.WAITING) {
                                Thread.onSpinWait(); // until it has noticed, and waits for the
                                // threads
                            }
                            release.countDown();
                        });
        assertThatThrownBy(
                        () ->
                                parallel.each(
                                        MANY,
                                        item -> {
                                            entered.countDown();
                                            await(release);
                                            done.incrementAndGet();
                                        }))
                .isInstanceOf(RunCancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(done).hasValue(4);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
