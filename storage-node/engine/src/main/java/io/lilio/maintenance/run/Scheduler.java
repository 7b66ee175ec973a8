package io.lilio.maintenance.run;

import io.lilio.catalog.operation.Operation;
import io.lilio.catalog.operation.OperationState;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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

    /**
     * Has a job run soon, from its beginning: at once when it rests, once more when it runs. A run
     * that was left off before is not resumed, and one that is under way not after a restart: what
     * they have done may be what has to be done again.
     */
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
        private boolean afresh;
        private volatile boolean again;
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
            afresh = true;
            if (running) {
                again = true;
            } else {
                next.cancel();
                scheduleIn(Duration.ZERO);
            }
        }

        /** Empty when nothing is to begin: a timer that could not be called off any more. */
        private synchronized Optional<Start> begin() {
            if (running || stopped) {
                return Optional.empty();
            }
            running = true;
            Start start = new Start(afresh, () -> again);
            afresh = false;
            return Optional.of(start);
        }

        private void run() {
            begin().ifPresent(this::run);
        }

        private void run(Start start) {
            RunResult.Outcome outcome = RunResult.Outcome.FAILED;
            try {
                var pace = new Pace(job.pace(), time, clientsBusy);
                outcome = runner.run(job.task(), pace, start).outcome();
            } finally {
                end(start, outcome);
            }
        }

        private synchronized void end(Start start, RunResult.Outcome outcome) {
            running = false;
            boolean done =
                    switch (outcome) {
                        case SUCCEEDED, CANCELLED -> true;
                        case FAILED, ELSEWHERE -> false;
                    };
            if (!done) {
                afresh |= start.afresh();
            }
            Duration rest = job.interval();
            if (!done && rest.compareTo(RETRY) > 0) {
                rest = RETRY;
            }
            scheduleIn(again ? Duration.ZERO : rest);
            again = false;
        }

        private synchronized void stop() {
            stopped = true;
            next.cancel();
        }
    }
}
