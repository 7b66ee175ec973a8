package io.lilio.operator.apiserver;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntToDoubleFunction;

/** Clients that store and delete all the time. */
final class Usage implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(200);

    private final AtomicInteger changes = new AtomicInteger();
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Begins.
     *
     * @param factor how much there is after so many changes, of what there was at first; changes
     *     are a fifth of a second apart
     */
    Usage(List<FakeStore> stores, IntToDoubleFunction factor) {
        thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("clients")
                        .start(
                                () -> {
                                    while (!closed) {
                                        double now =
                                                factor.applyAsDouble(changes.getAndIncrement());
                                        stores.forEach(store -> store.use(now));
                                        Await.pause(PAUSE);
                                    }
                                });
    }

    /** Always a little more or less than at first. */
    static double level(int change) {
        return 1 + 0.02 * Math.sin(change);
    }

    /** A fifth more every minute. */
    static double growing(int change) {
        return Math.pow(1.2, change / 300.0);
    }

    int changes() {
        return changes.get();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
