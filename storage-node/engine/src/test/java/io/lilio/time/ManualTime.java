package io.lilio.time;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;

/**
 * Time that stands still until a test moves it. Tasks that become due run on the thread that moves
 * it, in the order in which they are due. Thread-safe.
 */
public final class ManualTime implements Time {

    private Instant origin = Instant.parse("2026-01-01T00:00:00Z");
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(
                    Comparator.comparingLong(Task::dueNanos).thenComparingLong(Task::order));
    private long nanos;
    private long order;

    @Override
    public synchronized Instant now() {
        return origin.plusNanos(nanos);
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        CountDownLatch due = new CountDownLatch(1);
        schedule(duration, due::countDown);
        due.await();
    }

    @Override
    public synchronized Cancellable schedule(Duration delay, Runnable action) {
        Task task = new Task(nanos + delay.toNanos(), order++, action);
        tasks.add(task);
        return () -> {
            synchronized (this) {
                tasks.remove(task);
            }
        };
    }

    /** The clock that tells the time of day is set, forward or back; no time passes. */
    public synchronized void setClock(Duration by) {
        origin = origin.plus(by);
    }

    /** Moves time on and runs what has become due. */
    public void advance(Duration by) {
        for (Task task : takeDue(by)) {
            task.action().run();
        }
    }

    /** How many tasks wait for their time. */
    public synchronized int scheduledCount() {
        return tasks.size();
    }

    private synchronized List<Task> takeDue(Duration by) {
        nanos += by.toNanos();
        List<Task> due = new ArrayList<>();
        while (!tasks.isEmpty() && tasks.peek().dueNanos() <= nanos) {
            due.add(tasks.remove());
        }
        return due;
    }

    private record Task(long dueNanos, long order, Runnable action) {}
}
