package io.lilio.maintenance.run;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Does the same to many things, a bounded number at once, and returns when all is done.
 * Thread-safe.
 */
public final class Parallel {

    private final ThreadFactory threads;
    private final int atOnce;

    /**
     * @param threads virtual ones
     * @param atOnce 1 or more
     */
    public Parallel(ThreadFactory threads, int atOnce) {
        this.threads = threads;
        this.atOnce = atOnce;
    }

    /**
     * @throws RuntimeException or Error: the first that {@code work} threw; nothing new was begun
     *     after it
     * @throws RunCancelledException when this thread was interrupted before all was begun
     */
    public <T> void each(Collection<T> items, Consumer<T> work) {
        if (items.size() == 1) {
            items.forEach(work);
            return;
        }
        var queue = new Work<>(items.iterator(), work);
        List<Thread> started = new ArrayList<>();
        for (int i = 0; i < Math.min(atOnce, items.size()); i++) {
            Thread thread = threads.newThread(queue);
            thread.start();
            started.add(thread);
        }
        boolean interrupted = false;
        for (Thread thread : started) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                    queue.stop();
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        queue.requireDone();
    }

    private static final class Work<T> implements Runnable {
        private final Iterator<T> items;
        private final Consumer<T> work;
        private boolean stopped;
        private @Nullable Throwable failure;

        Work(Iterator<T> items, Consumer<T> work) {
            this.items = items;
            this.work = work;
        }

        @Override
        public void run() {
            for (T item = next(); item != null; item = next()) {
                try {
                    work.accept(item);
                } catch (Throwable e) { // rethrown by the thread that waits
                    fail(e);
                }
            }
        }

        private synchronized @Nullable T next() {
            return stopped || !items.hasNext() ? null : items.next();
        }

        private synchronized void fail(Throwable e) {
            stopped = true;
            if (failure == null) {
                failure = e;
            } else {
                failure.addSuppressed(e);
            }
        }

        synchronized void stop() {
            stopped = true;
        }

        synchronized void requireDone() {
            switch (failure) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case null, default -> {
                    if (items.hasNext()) {
                        throw new RunCancelledException("interrupted before all was done");
                    }
                }
            }
        }
    }
}
