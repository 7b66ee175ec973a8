package io.lilio.simulation;

import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.time.Time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/** The time of one process, which passes when no process has anything to do. */
final class SimulatedTime implements Time {

    private static final Instant BEGINNING = Instant.parse("2030-01-01T00:00:00Z");

    private final Scheduler scheduler;
    private final SimulatedProcess process;

    SimulatedTime(Scheduler scheduler, SimulatedProcess process) {
        this.scheduler = scheduler;
        this.process = process;
    }

    @Override
    public Instant now() {
        return BEGINNING.plusNanos(scheduler.nanos());
    }

    @Override
    public long nanos() {
        return scheduler.nanos();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        boolean[] over = new boolean[1];
        Thread sleeper = Thread.currentThread();
        Runnable cancel =
                scheduler.after(
                        duration,
                        process,
                        () -> {
                            over[0] = true;
                            LockSupport.unpark(sleeper);
                        });
        while (!over[0]) {
            LockSupport.park(this);
            if (Thread.interrupted()) {
                cancel.run();
                throw new InterruptedException();
            }
        }
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        return scheduler.after(delay, process, () -> process.start(() -> attempt(task)))::run;
    }

    /** What the metadata's absence keeps from being done is logged elsewhere; all else is a bug. */
    private void attempt(Runnable task) {
        try {
            task.run();
        } catch (MetadataUnavailableException e) {
            return;
        }
    }
}
