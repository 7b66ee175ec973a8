package io.lilio.maintenance.run;

import io.lilio.time.Time;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** One run of a maintenance task: its pace, its counts, its checkpoint, its end. Thread-safe. */
public final class Run {

    private final TaskKind kind;
    private final Pace pace;
    private final Checkpoint checkpoint;
    private final MaintenanceListener listener;
    private final Map<Counter, LongAdder> counts = new EnumMap<>(Counter.class);
    private volatile boolean cancelled;

    Run(TaskKind kind, Pace pace, Checkpoint checkpoint, MaintenanceListener listener) {
        this.kind = kind;
        this.pace = pace;
        this.checkpoint = checkpoint;
        this.listener = listener;
        SortedMap<String, Long> before = checkpoint.counts();
        for (Counter counter : Counter.values()) {
            var adder = new LongAdder();
            adder.add(before.getOrDefault(counter.id(), 0L));
            counts.put(counter, adder);
        }
    }

    /** A run outside any schedule, without record: for tools and tests. */
    public static Run alone(TaskKind kind, Pace pace, MaintenanceListener listener) {
        return new Run(kind, pace, Checkpoint.NONE, listener);
    }

    public TaskKind kind() {
        return kind;
    }

    /**
     * Called before each piece of work; waits as long as the pace demands.
     *
     * @param bytes payload that it reads or copies
     * @throws RunCancelledException when the run is to end
     */
    public void step(long bytes) {
        steps(1, bytes);
    }

    /** The same before several pieces of work at once. */
    public void steps(long count, long bytes) {
        interruptibly(() -> pace.await(count, bytes));
    }

    /**
     * Waits for a moment, whatever the pace: long waits are made of several.
     *
     * @throws RunCancelledException when the run is to end
     */
    public void pause(Time time, Duration moment) {
        interruptibly(() -> time.sleep(moment));
    }

    private void interruptibly(Waiting waiting) {
        checkCancelled();
        try {
            waiting.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cancelled = true;
        }
        checkCancelled();
    }

    private interface Waiting {
        void await() throws InterruptedException;
    }

    /**
     * @throws RunCancelledException when the run is to end
     */
    public void checkCancelled() {
        if (cancelled) {
            throw new RunCancelledException(kind);
        }
    }

    /** Asks the run to end soon. */
    public void cancel() {
        cancelled = true;
    }

    public void count(Counter counter, long by) {
        if (by != 0) {
            adder(counter).add(by);
            listener.counted(kind, counter, by);
        }
    }

    /** What was counted so far, by this run and by those that it resumes. */
    public long counted(Counter counter) {
        return adder(counter).sum();
    }

    /** Everything that is not zero, by the counters' ids. */
    public SortedMap<String, Long> counts() {
        SortedMap<String, Long> all = new TreeMap<>();
        counts.forEach(
                (counter, adder) -> {
                    if (adder.sum() != 0) {
                        all.put(counter.id(), adder.sum());
                    }
                });
        return all;
    }

    /** Where to begin: 0, or where an earlier process left off. */
    public int firstPartition() {
        return checkpoint.firstPartition();
    }

    /** All partitions before this one are done. */
    public void reached(int nextPartition) {
        checkpoint.reached(nextPartition, counts());
        listener.progressed(kind, nextPartition);
    }

    /** Writes down how far it is, when the run has a record: a transaction of its own. */
    public void save() {
        checkpoint.save(counts());
    }

    private LongAdder adder(Counter counter) {
        LongAdder adder = counts.get(counter);
        if (adder == null) {
            throw new IllegalStateException("not counted: " + counter);
        }
        return adder;
    }
}
