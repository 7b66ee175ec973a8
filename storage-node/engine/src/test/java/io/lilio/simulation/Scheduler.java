package io.lilio.simulation;

import java.lang.reflect.Constructor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the virtual threads of all simulated processes on the thread that calls {@link #run}, one at
 * a time: of those that can go on, a seeded choice. Time stands still while any of them can. A
 * thread goes on until it waits for something, so whatever happens between two waits is one step.
 *
 * <p>Everything that decides what happens next is a function of the seed; {@link #trace()} is a
 * digest of all steps in their order.
 */
final class Scheduler {

    /** More steps at one instant mean that something spins. */
    private static final long MAX_STEPS_AT_ONCE = 2_000_000;

    private static final Constructor<?> BUILDER = builder();

    private final Random random;
    private final List<Step> ready = new ArrayList<>();
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private @Nullable SimulatedThread current;
    private @Nullable Throwable failure;
    private long nanos;
    private long steps;
    private long stepsAtOnce;
    private long sequence;
    private long trace = 0x9E3779B97F4A7C15L;

    Scheduler(long seed) {
        this.random = new Random(seed);
    }

    /** Something that a process does next. */
    private record Step(SimulatedProcess process, long id, Runnable action) {}

    /** Something that happens at a time. */
    private static final class Event implements Comparable<Event> {
        final long atNanos;
        final Step step;
        boolean cancelled;

        Event(long atNanos, Step step) {
            this.atNanos = atNanos;
            this.step = step;
        }

        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(step.id(), other.step.id());
        }
    }

    /** A virtual thread, and what it is about. */
    final class SimulatedThread implements Executor {
        private final SimulatedProcess process;
        private final long id = ++sequence;
        private @Nullable Thread thread;
        @Nullable Activity activity;

        SimulatedThread(SimulatedProcess process, @Nullable Activity activity) {
            this.process = process;
            this.activity = activity;
        }

        /** Called whenever the thread can go on. */
        @Override
        public void execute(Runnable continuation) {
            ready.add(new Step(process, id, () -> proceed(continuation)));
        }

        private void proceed(Runnable continuation) {
            current = this;
            try {
                continuation.run();
            } finally {
                current = null;
            }
            if (thread != null && thread.getState() == Thread.State.BLOCKED) {
                throw new IllegalStateException(
                        "a thread waits for a monitor, whose order nobody controls: "
                                + List.of(thread.getStackTrace()));
            }
        }
    }

    long nanos() {
        return nanos;
    }

    /** A digest of everything that was done so far, in its order. */
    long trace() {
        return trace;
    }

    long steps() {
        return steps;
    }

    /** Something that no run must show; the first is kept, and ends {@link #run}. */
    void fail(Throwable e) {
        if (failure == null) {
            failure = e;
        }
    }

    Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /** What the thread that is running now is about. */
    Optional<Activity> activity() {
        return Optional.ofNullable(current).flatMap(t -> Optional.ofNullable(t.activity));
    }

    /** Says what the running thread, and those that it starts from now on, are about. */
    void setActivity(@Nullable Activity activity) {
        if (current == null) {
            throw new IllegalStateException("no simulated thread is running");
        }
        current.activity = activity;
    }

    /** A thread of a process, about the same as the one that makes it if that is of it too. */
    Thread newThread(SimulatedProcess process, Runnable task) {
        Activity activity = activity().filter(about -> about.process() == process).orElse(null);
        SimulatedThread simulated = new SimulatedThread(process, activity);
        try {
            Thread thread =
                    ((Thread.Builder.OfVirtual) BUILDER.newInstance(simulated))
                            .inheritInheritableThreadLocals(false)
                            .name(process.name() + "-", simulated.id)
                            .uncaughtExceptionHandler((_, e) -> fail(e))
                            .unstarted(task);
            simulated.thread = thread;
            return thread;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Has something done by a process after a delay, on the thread of the scheduler: it must not
     * wait.
     *
     * @return calls it off
     */
    Runnable after(Duration delay, SimulatedProcess process, Runnable action) {
        long at = nanos + Math.max(0, delay.toNanos());
        Event event = new Event(at, new Step(process, ++sequence, action));
        events.add(event);
        return () -> event.cancelled = true;
    }

    /** What a process did not do while it was frozen. */
    void resume(SimulatedProcess process, List<Runnable> held) {
        held.forEach(action -> ready.add(new Step(process, ++sequence, action)));
    }

    /**
     * Goes on until something is the case, or something has failed.
     *
     * @param atMost simulated time
     * @return whether it is the case
     */
    boolean run(BooleanSupplier until, Duration atMost) {
        long end = nanos + atMost.toNanos();
        while (failure == null) {
            if (until.getAsBoolean()) {
                return true;
            }
            if (ready.isEmpty() && !nextEvent(end)) {
                return false;
            }
            if (!ready.isEmpty()) {
                perform(takeReady());
            }
        }
        return false;
    }

    private boolean nextEvent(long end) {
        while (!events.isEmpty()) {
            Event event = events.element();
            if (event.cancelled) {
                events.remove();
                continue;
            }
            if (event.atNanos > end) {
                return false;
            }
            events.remove();
            if (event.atNanos > nanos) {
                nanos = event.atNanos;
                stepsAtOnce = 0;
            }
            ready.add(event.step);
            return true;
        }
        return false;
    }

    private Step takeReady() {
        int index = ready.size() == 1 ? 0 : random.nextInt(ready.size());
        Step step = ready.get(index);
        Step last = ready.removeLast();
        if (index < ready.size()) {
            ready.set(index, last);
        }
        return step;
    }

    private void perform(Step step) {
        steps++;
        if (++stepsAtOnce > MAX_STEPS_AT_ONCE) {
            throw new IllegalStateException("something spins: " + step.process().name());
        }
        trace = (trace ^ step.id() ^ nanos << 17) * 0xD6E8FEB86659FD93L;
        trace ^= trace >>> 32;
        step.process().perform(step.action());
    }

    /** The one way to give a virtual thread an executor of one's own (JDK 25). */
    private static Constructor<?> builder() {
        try {
            Constructor<?> constructor =
                    Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                            .getDeclaredConstructor(Executor.class);
            constructor.setAccessible(true);
            return constructor;
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
