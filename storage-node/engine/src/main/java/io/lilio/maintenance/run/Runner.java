package io.lilio.maintenance.run;

import io.lilio.catalog.operation.MaintenanceLease;
import io.lilio.catalog.operation.OperationState;
import io.lilio.catalog.operation.Operations;
import io.lilio.maintenance.run.RunResult.Outcome;
import io.lilio.metadata.MetadataUnavailableException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs maintenance tasks: one of each kind at a time, here and, by a lease in the metadata, in the
 * whole cluster; with a record of those kinds that have one. A run that a process leaves off, since
 * it ends or the metadata do not answer, is resumed by the next one at its checkpoint. Thread-safe.
 */
public final class Runner implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Runner.class);

    /** How many runs of each kind that were asked for are remembered when they are over. */
    static final int REMEMBERED = 20;

    private static final Duration LEASE_TTL = Duration.ofSeconds(30);

    private final RunnerParts parts;
    private final Operations operations;
    private final Map<TaskKind, Lane> lanes = new EnumMap<>(TaskKind.class);
    private volatile boolean closing;

    /** One kind: its runs stand in line here. */
    private static final class Lane {
        private final ReentrantLock running = new ReentrantLock(true);
        private volatile @Nullable Run current;
        private @Nullable MaintenanceLease lease;
        private String lastFailure = "";
    }

    public Runner(RunnerParts parts) {
        this.parts = parts;
        this.operations = new Operations(parts.metadata());
        for (TaskKind kind : TaskKind.values()) {
            lanes.put(kind, new Lane());
        }
    }

    /** The records of runs. */
    public Operations operations() {
        return operations;
    }

    /** Runs a task after those of its kind that came before, and waits for its end. */
    public RunResult run(MaintenanceTask task, Pace pace) {
        return run(task, pace, Start.WHERE_LEFT_OFF);
    }

    RunResult run(MaintenanceTask task, Pace pace, Start start) {
        return run(
                task,
                pace,
                () -> Optional.of(RecordedCheckpoint.begin(operations, task.kind(), parts, start)));
    }

    /**
     * Runs what was asked for under an id, from where it was left off, after a run of its kind that
     * is under way here; waits for its end. CANCELLED when it is over already.
     */
    public RunResult run(MaintenanceTask task, Pace pace, String operationId) {
        if (!task.kind().recorded()) {
            throw new IllegalArgumentException("runs of " + task.kind() + " have no record");
        }
        return run(task, pace, () -> RecordedCheckpoint.takeUp(operations, operationId, parts));
    }

    private RunResult run(
            MaintenanceTask task, Pace pace, Supplier<Optional<RecordedCheckpoint>> begin) {
        Lane lane = lane(task.kind());
        lane.running.lock();
        try {
            return runInLane(lane, task, pace, begin);
        } catch (MetadataUnavailableException e) {
            tell(lane, task.kind(), e);
            return new RunResult(Outcome.LEFT_OFF, new TreeMap<>(), message(e));
        } catch (RuntimeException e) {
            tell(lane, task.kind(), e);
            return new RunResult(Outcome.FAILED, new TreeMap<>(), message(e));
        } finally {
            lane.running.unlock();
        }
    }

    private RunResult runInLane(
            Lane lane,
            MaintenanceTask task,
            Pace pace,
            Supplier<Optional<RecordedCheckpoint>> begin) {
        TaskKind kind = task.kind();
        if (closing) {
            return new RunResult(Outcome.CANCELLED, new TreeMap<>(), "shutting down");
        }
        if (!holdsLease(lane, kind)) {
            return new RunResult(Outcome.ELSEWHERE, new TreeMap<>(), "another process runs it");
        }
        if (!kind.recorded()) {
            return carryOut(lane, task, new Run(kind, pace, Checkpoint.NONE, parts.listener()));
        }
        try {
            Optional<RecordedCheckpoint> begun = begin.get();
            if (begun.isEmpty()) {
                return new RunResult(Outcome.CANCELLED, new TreeMap<>(), "it is over already");
            }
            RecordedCheckpoint record = begun.get();
            var run = new Run(kind, pace, record, parts.listener());
            if (record.cancelRequested()) {
                run.cancel();
            }
            try (var _ = new CancelWatch(record, run, parts.time())) {
                RunResult result = carryOut(lane, task, run);
                finish(record, result, run);
                return result;
            }
        } finally {
            giveBack(lane);
        }
    }

    private RunResult carryOut(Lane lane, MaintenanceTask task, Run run) {
        TaskKind kind = task.kind();
        lane.current = run;
        long begun = parts.time().nanos();
        parts.listener().started(kind);
        RunResult result;
        try {
            if (closing) { // close() may have looked before this run was there to be cancelled
                run.cancel();
            }
            result = outcome(lane, task, run);
        } finally {
            lane.current = null;
        }
        parts.listener().finished(kind, result, Duration.ofNanos(parts.time().nanos() - begun));
        return result;
    }

    private RunResult outcome(Lane lane, MaintenanceTask task, Run run) {
        try {
            run.checkCancelled();
            task.run(run);
            lane.lastFailure = "";
            var done = new RunResult(Outcome.SUCCEEDED, run.counts(), "");
            return task.leftWork(done)
                    .map(left -> new RunResult(Outcome.INCOMPLETE, done.counts(), left))
                    .orElse(done);
        } catch (RunCancelledException e) {
            return new RunResult(Outcome.CANCELLED, run.counts(), message(e));
        } catch (MetadataUnavailableException e) {
            tell(lane, task.kind(), e);
            return new RunResult(Outcome.LEFT_OFF, run.counts(), message(e));
        } catch (RuntimeException e) {
            tell(lane, task.kind(), e);
            return new RunResult(Outcome.FAILED, run.counts(), message(e));
        }
    }

    /** For people, who are not told of classes. */
    private static String message(RuntimeException failure) {
        String message = failure.getMessage();
        return message == null ? "it failed, and the log says where" : message;
    }

    /** Once, not every few seconds for as long as it lasts. */
    private static void tell(Lane lane, TaskKind kind, RuntimeException failure) {
        String what = failure.toString();
        if (what.equals(lane.lastFailure)) {
            log.debug("the {} run failed again", kind.id(), failure);
        } else {
            lane.lastFailure = what;
            log.warn("the {} run failed", kind.id(), failure);
        }
    }

    private void finish(RecordedCheckpoint record, RunResult result, Run run) {
        try {
            switch (result.outcome()) {
                case SUCCEEDED -> record.end(OperationState.SUCCEEDED, "", run.counts());
                case INCOMPLETE ->
                        record.end(OperationState.INCOMPLETE, result.message(), run.counts());
                case FAILED -> record.end(OperationState.FAILED, result.message(), run.counts());
                case LEFT_OFF -> run.save();
                case CANCELLED -> {
                    if (closing) {
                        run.save();
                    } else {
                        record.end(OperationState.CANCELLED, result.message(), run.counts());
                    }
                }
                case ELSEWHERE -> {}
            }
            operations.prune(REMEMBERED);
        } catch (RuntimeException e) {
            // The record stays RUNNING at an earlier checkpoint; the next run resumes there.
            log.warn("what became of the {} run could not be recorded", run.kind().id(), e);
        }
    }

    private boolean holdsLease(Lane lane, TaskKind kind) {
        if (!kind.once() || lane.lease != null && lane.lease.held()) {
            return true;
        }
        Optional<MaintenanceLease> taken =
                MaintenanceLease.tryTake(
                        parts.metadata(), parts.time(), kind.id(), parts.holder(), LEASE_TTL);
        lane.lease = taken.orElse(null);
        return taken.isPresent();
    }

    /** So that another process may run what it is asked for; the next run here takes it again. */
    private static void giveBack(Lane lane) {
        if (lane.lease != null) {
            lane.lease.close();
            lane.lease = null;
        }
    }

    /** Who runs a kind now, here or elsewhere; empty when nobody does. */
    Optional<String> runner(TaskKind kind) {
        return MaintenanceLease.holder(parts.metadata(), kind.id());
    }

    /** Asks the run of a kind that is under way to end; does not wait. */
    public void cancel(TaskKind kind) {
        Run run = lane(kind).current;
        if (run != null) {
            run.cancel();
        }
    }

    private Lane lane(TaskKind kind) {
        return Objects.requireNonNull(lanes.get(kind));
    }

    /** Cancels what runs, waits for it to end and gives the leases back. Idempotent. */
    @Override
    public void close() {
        closing = true;
        lanes.keySet().forEach(this::cancel);
        for (Lane lane : lanes.values()) {
            lane.running.lock();
            try {
                if (lane.lease != null) {
                    lane.lease.close();
                }
            } finally {
                lane.running.unlock();
            }
        }
    }
}
