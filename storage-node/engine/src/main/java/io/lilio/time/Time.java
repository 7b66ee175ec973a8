package io.lilio.time;

import java.time.Duration;
import java.time.Instant;

/**
 * The only source of time in the engine. Production uses {@link SystemTime}; simulations own every
 * wait. Thread-safe.
 *
 * <p>No class of the engine calls {@code System.nanoTime}, {@code Thread.sleep}, {@code
 * Instant.now} or a timed wait of {@code java.util.concurrent} itself: a wait with a deadline is a
 * plain wait that a task scheduled here ends.
 */
public interface Time {

    /** Wall-clock time: for records and people, never for a decision about safety. */
    Instant now();

    /** Nanoseconds from an arbitrary origin, never going back. */
    long nanos();

    /** Parks the calling thread. */
    void sleep(Duration duration) throws InterruptedException;

    /**
     * Runs a task once, after a delay, on a thread of its own. What it throws is logged.
     *
     * @return cancels the task when it has not begun
     */
    Cancellable schedule(Duration delay, Runnable task);

    /** A delayed task that can be called off. Idempotent. */
    @FunctionalInterface
    interface Cancellable {
        void cancel();
    }
}
