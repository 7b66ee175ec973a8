package io.lilio.maintenance.run;

import io.lilio.catalog.operation.Operation;
import io.lilio.catalog.operation.OperationState;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs jobs again and again in a process that lives alone, each an interval after its last run
 * ended; kinds with a record keep their rhythm over restarts, and a run that was left off goes on
 * at once. Thread-safe.
 */
public final class Scheduler implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Scheduler.class);
    private static final Duration RETRY = Duration.ofMinutes(1);

    private final Runner runner;
    private final Time time;
    private final BooleanSupplier clientsBusy;
    private final Map<TaskKind, Turn> turns = new EnumMap<>(TaskKind.class);

    /**
     * @param clientsBusy whether requests of clients are under way; scheduled runs yield to them
     */
    public Scheduler(Runner runner, List<Job> jobs, Time time, BooleanSupplier clientsBusy) {
        this.runner = runner;
        this.time = time;
        this.clientsBusy = clientsBusy;
        for (Job job : jobs) {
            if (turns.putIfAbsent(job.task().kind(), new Turn(job)) != null) {
                throw new IllegalArgumentException("two jobs of kind " + job.task().kind());
            }
        }
    }

    /** Begins. */
    public void start() {
        turns.values().forEach(turn -> turn.scheduleIn(firstDelay(turn.job)));
    }

    /** Has a job run soon: at once when it rests, once more when it runs. */
    public void trigger(TaskKind kind) {
        turn(kind).trigger();
    }

    /** Runs a job now, at full speed, after a run of its kind that is under way; waits for it. */
    public RunResult runNow(TaskKind kind) {
        return runner.run(
                turn(kind).job.task(), new Pace(PaceSettings.UNLIMITED, time, clientsBusy));
    }

    private Duration firstDelay(Job job) {
        TaskKind kind = job.task().kind();
        if (!kind.recorded()) {
            return job.interval();
        }
        try {
            Operation last = runner.operations().find(kind.id()).orElse(null);
            if (last == null) {
                return job.interval();
            }
            if (last.state() == OperationState.RUNNING) {
                return Duration.ZERO;
            }
            Duration rest = Duration.between(time.now(), last.updated().plus(job.interval()));
            return rest.isNegative() ? Duration.ZERO : rest;
        } catch (RuntimeException e) {
            log.debug("cannot tell when {} ran last", kind.id(), e);
            return RETRY;
        }
    }

    private Turn turn(TaskKind kind) {
        return Objects.requireNonNull(turns.get(kind), () -> "no job of kind " + kind);
    }

    /** No more runs; those under way are cancelled by the runner that is closed next. */
    @Override
    public void close() {
        turns.values().forEach(Turn::stop);
    }

    /** A job, and when it runs next. */
    private final class Turn {
        private final Job job;
        private Time.Cancellable next = () -> {};
        private boolean running;
        private boolean again;
        private boolean stopped;

        private Turn(Job job) {
            this.job = job;
        }

        private synchronized void scheduleIn(Duration delay) {
            if (!stopped) {
                next = time.schedule(delay, this::run);
            }
        }

        private synchronized void trigger() {
            again = running;
            if (!running) {
                next.cancel();
                scheduleIn(Duration.ZERO);
            }
        }

        private synchronized boolean begin() {
            if (running || stopped) {
                return false;
            }
            running = true;
            return true;
        }

        private void run() {
            if (!begin()) {
                return;
            }
            Duration rest = job.interval();
            try {
                RunResult result = runner.run(job.task(), new Pace(job.pace(), time, clientsBusy));
                if (result.outcome() == RunResult.Outcome.FAILED && rest.compareTo(RETRY) > 0) {
                    rest = RETRY;
                }
            } finally {
                end(rest);
            }
        }

        private synchronized void end(Duration rest) {
            running = false;
            scheduleIn(again ? Duration.ZERO : rest);
            again = false;
        }

        private synchronized void stop() {
            stopped = true;
            next.cancel();
        }
    }
}
