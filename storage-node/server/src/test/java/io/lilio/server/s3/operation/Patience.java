package io.lilio.server.s3.operation;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what happens soon, but not at once. */
public final class Patience {

    private static final Duration LONGEST = Duration.ofSeconds(60);

    private Patience() {}

    /** Returns when it holds, or when there is no hope; the caller asserts. */
    public static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
