package io.lilio.chunk.backend.local;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A bounded number of platform threads for what blocks on the medium, so that virtual threads only
 * ever wait and never hold a carrier. Thread-safe.
 */
final class IoThreads {

    private static final int MAX_WAITING = 2048;

    private final ThreadPoolExecutor executor;

    IoThreads(String name, int threads, ThreadFactory factory) {
        AtomicInteger count = new AtomicInteger();
        executor =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        0,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(MAX_WAITING),
                        task -> {
                            Thread thread = factory.newThread(task);
                            thread.setName("lilio-io-" + name + "-" + count.incrementAndGet());
                            return thread;
                        });
    }

    /**
     * Runs an action on one of the threads and waits for it.
     *
     * @throws BackendException OVERLOADED when too many wait already
     */
    <T> T run(Action<T> action) throws IOException {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            executor.execute(() -> complete(result, action));
        } catch (RejectedExecutionException e) {
            throw new BackendException(Reason.OVERLOADED, "too many calls wait for the medium", e);
        }
        try {
            return result.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException runtime -> throw runtime;
                case null, default -> throw e;
            }
        }
    }

    private static <T> void complete(CompletableFuture<T> result, Action<T> action) {
        try {
            result.complete(action.run());
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }

    /** Waits for what is under way. Nothing may be given to it afterwards. */
    void close() throws InterruptedException {
        executor.shutdown();
        while (!executor.awaitTermination(1, TimeUnit.HOURS)) {
            Thread.onSpinWait();
        }
    }

    /** Something that may block on the medium. */
    interface Action<T> {
        T run() throws IOException;
    }
}
