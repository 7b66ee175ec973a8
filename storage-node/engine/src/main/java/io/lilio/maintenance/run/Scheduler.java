package io.lilio.maintenance.run;

import io.lilio.catalog.operation.Operation;
import io.lilio.catalog.operation.OperationState;
import io.lilio.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs jobs again and again, each an interval after its last run ended; kinds with a record keep
 * their rhythm over restarts, and a run that was left off goes on at once. One that failed runs
 * again after a minute, one that left work after one minute, then two, four and so on, up to its
 * interval. Where several processes want the same run, one that another began after it was wanted
 * does for all. Thread-safe.
 */
public final class Scheduler implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Scheduler.class);
    private static final Duration RETRY = Duration.ofMinutes(1);

    private static final RunResult BROKEN_OFF =
            new RunResult(RunResult.Outcome.FAILED, Collections.emptySortedMap(), "broken off");

    private final Runner runner;
    private final Time time;
    private final BooleanSupplier clientsBusy;
    private final boolean recordedToo;
    private final Map<TaskKind, Turn> turns = new EnumMap<>(TaskKind.class);
    private volatile boolean started;

    /**
     * @param clientsBusy whether requests of clients are under way; scheduled runs yield to them
     */
    public Scheduler(Runner runner, List<Job> jobs, Time time, BooleanSupplier clientsBusy) {
        this(runner, jobs, time, clientsBusy, true);
    }

    /**
     * @param clientsBusy whether requests of clients are under way; scheduled runs yield to them
     * @param recordedToo whether kinds with a record run by themselves; if not, they run only when
     *     they are asked for by an id
     */
    public Scheduler(
            Runner runner,
            List<Job> jobs,
            Time time,
            BooleanSupplier clientsBusy,
            boolean recordedToo) {
        this.recordedToo = recordedToo;
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
        started = true;
        turns.forEach(
                (kind, turn) -> {
                    if (runsByItself(kind)) {
                        turn.scheduleIn(firstDelay(turn.job));
                    }
                });
    }

    private boolean runsByItself(TaskKind kind) {
        return recordedToo || !kind.recorded();
    }

    /**
     * Has a job run soon, from its beginning: at once when it rests, once more when it runs. A run
     * that was left off before is not resumed, and one that is under way not after a restart: what
     * they have done may be what has to be done again. One that was never started begins nothing.
     */
    public void trigger(TaskKind kind) {
        if (started && runsByItself(kind)) {
            turn(kind).trigger();
        } else {
            log.info("a {} run is due, and left to whoever asks for it", kind.id());
        }
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
            return switch (last.state()) {
                case RUNNING -> Duration.ZERO;
                case INCOMPLETE -> RETRY;
                case REQUESTED, SUCCEEDED, FAILED, CANCELLED -> rest(job, last);
            };
        } catch (RuntimeException e) {
            log.debug("cannot tell when {} ran last", kind.id(), e);
            return RETRY;
        }
    }

    /** How long a job rests since somebody else has run it. */
    private Duration restAfterOthers(Job job) {
        return lastRun(job)
                .filter(
                        last ->
                                last.state() == OperationState.SUCCEEDED
                                        || last.state() == OperationState.CANCELLED)
                .map(last -> rest(job, last))
                .orElse(Duration.ZERO);
    }

    /** The latest run that some process began by itself; empty for kinds without a record. */
    private Optional<Operation> lastRun(Job job) {
        TaskKind kind = job.task().kind();
        return kind.recorded() ? runner.operations().find(kind.id()) : Optional.empty();
    }

    /** None where it was run in the far future, by a clock that was ahead. */
    private Duration rest(Job job, Operation last) {
        Duration rest = Duration.between(time.now(), last.updated().plus(job.interval()));
        boolean isPlausible = rest.compareTo(job.interval().multipliedBy(2)) < 0;
        return isPlausible && rest.isPositive() ? rest : Duration.ZERO;
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

        /** How many runs in a row have left work. */
        private int leavingWork;

        /** Whether {@link #before} was read since the run that is to begin afresh was wanted. */
        private boolean looked;

        /** When the latest run began that cannot be taken for the one that is wanted. */
        private Optional<Instant> before = Optional.empty();

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
            leavingWork = 0;
            if (running) {
                again = true;
            } else {
                looked = false;
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
            RunResult result = BROKEN_OFF;
            Duration rest = Duration.ZERO;
            try {
                rest = start.afresh() ? restAfter(lastRun(job)) : restAfterOthers(job);
                if (rest.isPositive()) {
                    return;
                }
                var pace = new Pace(job.pace(), time, clientsBusy);
                result = runner.run(job.task(), pace, start);
                if (result.outcome() == RunResult.Outcome.INCOMPLETE) {
                    lookedAt(lastRun(job));
                }
            } finally {
                end(rest.isPositive() ? rest : restAfter(start, result));
            }
        }

        /**
         * How long a run that is to begin afresh may wait, since another process has run it
         * meanwhile. Such a run began after this one was wanted if it was not there when this was
         * looked for first. Runs are told apart by when they began; no clocks are compared.
         */
        private synchronized Duration restAfter(Optional<Operation> last) {
            if (!looked) {
                lookedAt(last);
            }
            Optional<Operation> later =
                    last.filter(run -> !Optional.of(run.started()).equals(before));
            if (later.isEmpty()) {
                return Duration.ZERO;
            }
            return switch (later.get().state()) {
                case SUCCEEDED -> {
                    leavingWork = 0;
                    yield rest(job, later.get());
                }
                case INCOMPLETE -> {
                    lookedAt(last);
                    yield backOff();
                }
                case REQUESTED, RUNNING, FAILED, CANCELLED -> Duration.ZERO;
            };
        }

        private synchronized void lookedAt(Optional<Operation> last) {
            looked = true;
            before = last.map(Operation::started);
        }

        private synchronized Duration restAfter(Start start, RunResult result) {
            return switch (result.outcome()) {
                case CANCELLED -> {
                    // What made it necessary is still so, and whoever cancelled it may not know.
                    afresh |= start.afresh();
                    yield start.afresh() ? RETRY : job.interval();
                }
                case FAILED, LEFT_OFF, ELSEWHERE -> {
                    afresh |= start.afresh();
                    yield RETRY;
                }
                case INCOMPLETE -> backOff();
                case SUCCEEDED -> {
                    leavingWork = 0;
                    yield job.interval();
                }
            };
        }

        /** Work is left: soon afresh, and less often the longer that lasts. */
        private synchronized Duration backOff() {
            afresh = true;
            Duration backedOff = RETRY.multipliedBy(1L << Math.min(leavingWork, 20));
            leavingWork++;
            return backedOff;
        }

        private synchronized void end(Duration rest) {
            running = false;
            boolean sooner = rest.compareTo(job.interval()) < 0;
            scheduleIn(again ? Duration.ZERO : sooner ? rest : job.interval());
            looked &= !again;
            again = false;
        }

        private synchronized void stop() {
            stopped = true;
            next.cancel();
        }
    }
}
