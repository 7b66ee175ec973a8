package io.lilio.maintenance.run;

import io.lilio.catalog.operation.Operation;
import io.lilio.catalog.operation.OperationState;
import io.lilio.time.Time;
import java.time.Duration;
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
 * Runs jobs again and again in a process that lives alone, each an interval after its last run
 * ended; kinds with a record keep their rhythm over restarts, and a run that was left off goes on
 * at once. One that failed runs again after a minute, one that left work after one minute, then
 * two, four and so on, up to its interval. Thread-safe.
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
     * they have done may be what has to be done again.
     */
    public void trigger(TaskKind kind) {
        if (runsByItself(kind)) {
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
            if (last.state() == OperationState.RUNNING) {
                return Duration.ZERO;
            }
            return rest(job, last);
        } catch (RuntimeException e) {
            log.debug("cannot tell when {} ran last", kind.id(), e);
            return RETRY;
        }
    }

    /** How long a job rests since somebody else has run it. */
    private Duration restAfterOthers(Job job) {
        if (!job.task().kind().recorded()) {
            return Duration.ZERO;
        }
        return runner.operations()
                .find(job.task().kind().id())
                .filter(
                        last ->
                                last.state() == OperationState.SUCCEEDED
                                        || last.state() == OperationState.CANCELLED)
                .map(last -> rest(job, last))
                .orElse(Duration.ZERO);
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
            Duration rest = RETRY;
            try {
                rest = start.afresh() ? Duration.ZERO : restAfterOthers(job);
                if (rest.isPositive()) {
                    return;
                }
                var pace = new Pace(job.pace(), time, clientsBusy);
                result = runner.run(job.task(), pace, start);
            } finally {
                end(rest.isPositive() ? rest : restAfter(start, result));
            }
        }

        private synchronized Duration restAfter(Start start, RunResult result) {
            return switch (result.outcome()) {
                case CANCELLED -> {
                    // What made it necessary is still so, and whoever cancelled it may not know.
                    afresh |= start.afresh();
                    yield start.afresh() ? RETRY : job.interval();
                }
                case FAILED, ELSEWHERE -> {
                    afresh |= start.afresh();
                    yield RETRY;
                }
                case SUCCEEDED -> {
                    if (!job.task().leftWork(result)) {
                        leavingWork = 0;
                        yield job.interval();
                    }
                    afresh = true;
                    Duration backedOff = RETRY.multipliedBy(1L << Math.min(leavingWork, 20));
                    leavingWork++;
                    yield backedOff;
                }
            };
        }

        private synchronized void end(Duration rest) {
            running = false;
            boolean sooner = rest.compareTo(job.interval()) < 0;
            scheduleIn(again ? Duration.ZERO : sooner ? rest : job.interval());
            again = false;
        }

        private synchronized void stop() {
            stopped = true;
            next.cancel();
        }
    }
}
