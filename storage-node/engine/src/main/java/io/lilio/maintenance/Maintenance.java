package io.lilio.maintenance;

import io.lilio.catalog.ring.RingStore;
import io.lilio.maintenance.brake.DeletionBrake;
import io.lilio.maintenance.brake.MonotonicMetadataStore;
import io.lilio.maintenance.brake.RevisionWatch;
import io.lilio.maintenance.collect.CollectParts;
import io.lilio.maintenance.collect.FullCollection;
import io.lilio.maintenance.collect.TrashSweeper;
import io.lilio.maintenance.collect.UnconfirmedCheck;
import io.lilio.maintenance.collect.UsageCorrection;
import io.lilio.maintenance.drop.PartitionDrop;
import io.lilio.maintenance.move.Rebalance;
import io.lilio.maintenance.move.RingWatch;
import io.lilio.maintenance.repair.HealParts;
import io.lilio.maintenance.repair.PartitionRepair;
import io.lilio.maintenance.repair.RecoveryWatch;
import io.lilio.maintenance.repair.Scrub;
import io.lilio.maintenance.run.Job;
import io.lilio.maintenance.run.MaintenanceTask;
import io.lilio.maintenance.run.Parallel;
import io.lilio.maintenance.run.RequestedRuns;
import io.lilio.maintenance.run.RunResult;
import io.lilio.maintenance.run.Runner;
import io.lilio.maintenance.run.RunnerParts;
import io.lilio.maintenance.run.Scheduler;
import io.lilio.maintenance.run.TaskKind;
import io.lilio.maintenance.run.TooManyRunsException;
import io.lilio.maintenance.run.UsageFlush;
import io.lilio.metadata.MetadataStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All maintenance of a process: it runs by itself from {@link #start()} to {@link #close()}, and on
 * demand. Thread-safe.
 */
public final class Maintenance implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Maintenance.class);

    /** Names runs that are asked for here, each with a number. */
    private static final String REPAIR_AFTER_REBALANCE = "repair-after-rebalance";

    private static final Duration HEALTH_INTERVAL = Duration.ofSeconds(2);

    /** How long requests under way may hold up a change of the ring. */
    private static final Duration COURTESY = Duration.ofMinutes(10);

    /** Longer than the sessions of nodes that died live on, and than most requests take. */
    private static final Duration REFILL_PATIENCE = Duration.ofSeconds(30);

    private final DeletionBrake brake;
    private final Runner runner;
    private final Scheduler scheduler;
    private final RequestedRuns requested;
    private final RecoveryWatch recovery;
    private final RingWatch ringChanges;
    private final RevisionWatch revisions;

    /**
     * How it runs.
     *
     * @param runner time, leases, records, listener
     * @param threads makes virtual threads
     * @param clientsBusy whether requests of clients are under way
     * @param brake asked before anything is deleted
     * @param schedules whether long walks (those with a record) run by themselves here; if not,
     *     they are left to jobs
     */
    public record Surroundings(
            RunnerParts runner,
            ThreadFactory threads,
            BooleanSupplier clientsBusy,
            DeletionBrake brake,
            boolean schedules) {

        /** One where everything runs by itself. */
        public Surroundings(
                RunnerParts runner,
                ThreadFactory threads,
                BooleanSupplier clientsBusy,
                DeletionBrake brake) {
            this(runner, threads, clientsBusy, brake, true);
        }
    }

    private static LongSupplier grown(MetadataStore metadata) {
        return metadata instanceof MonotonicMetadataStore shared ? shared::grown : () -> 0;
    }

    public Maintenance(MaintenanceParts parts, Surroundings around, MaintenanceSettings settings) {
        RunnerParts run = around.runner();
        var parallel = new Parallel(around.threads(), settings.parallelism());
        brake = around.brake();
        revisions =
                new RevisionWatch(
                        brake, run.time(), settings.brake().remember(), grown(run.metadata()));
        var collect =
                new CollectParts(parts.ring(), parts.members(), parts.sessions(), brake, parallel);
        var heal =
                new HealParts(
                        parts.ring(),
                        parts.members(),
                        parts.sessions(),
                        parts.catalog().owners(),
                        parts.copier(),
                        parallel);
        MaintenanceParts.Catalog catalog = parts.catalog();
        List<MaintenanceTask> tasks =
                List.of(
                        new TrashSweeper(collect, catalog.trash(), run.time(), run.listener()),
                        new UnconfirmedCheck(heal, brake, settings.unconfirmedAge()),
                        new FullCollection(
                                collect,
                                catalog.walk(),
                                new UsageCorrection(
                                        catalog.usage(),
                                        catalog.buckets(),
                                        parts.sessions(),
                                        run.time(),
                                        timing(TaskKind.USAGE, settings)
                                                .interval()
                                                .multipliedBy(2)),
                                run.time(),
                                settings.collection()),
                        new PartitionRepair(heal, run.time(), REFILL_PATIENCE),
                        new Scrub(heal),
                        new Rebalance(
                                heal,
                                new RingStore(run.metadata()),
                                run.time(),
                                COURTESY,
                                this::askForRepair),
                        new PartitionDrop(parts.ring(), parts.members(), parts.sessions(), brake),
                        new UsageFlush(
                                catalog.usage(), catalog.buckets(), run.time(), run.listener()));
        runner = new Runner(run);
        List<Job> jobs = tasks.stream().map(task -> job(task, settings)).toList();
        scheduler =
                new Scheduler(runner, jobs, run.time(), around.clientsBusy(), around.schedules());
        requested =
                new RequestedRuns(
                        runner,
                        jobs.stream()
                                .filter(job -> job.task().kind().recorded())
                                .collect(Collectors.toMap(job -> job.task().kind(), job -> job)),
                        run.time(),
                        around.clientsBusy(),
                        around.schedules());
        recovery =
                new RecoveryWatch(
                        parts.members(),
                        run.time(),
                        HEALTH_INTERVAL,
                        () -> {
                            scheduler.trigger(TaskKind.REPAIR);
                            scheduler.trigger(TaskKind.REBALANCE);
                        });
        ringChanges =
                new RingWatch(
                        parts.ring(),
                        run.time(),
                        HEALTH_INTERVAL,
                        () -> scheduler.trigger(TaskKind.REBALANCE));
    }

    /**
     * What a rebalance leaves to repair is asked for in the metadata, so that it outlives a job,
     * and is seen where nothing runs by itself. A node that runs repairs goes on besides until
     * nothing is left.
     */
    private void askForRepair() {
        try {
            requested.requestAnother(REPAIR_AFTER_REBALANCE, TaskKind.REPAIR);
        } catch (TooManyRunsException othersWait) {
            log.info("{}: one of them does", othersWait.getMessage());
        }
        scheduler.trigger(TaskKind.REPAIR);
    }

    private static Job job(MaintenanceTask task, MaintenanceSettings settings) {
        var timing = timing(task.kind(), settings);
        return new Job(task, timing.interval(), timing.pace());
    }

    private static MaintenanceSettings.Timing timing(TaskKind kind, MaintenanceSettings settings) {
        return Objects.requireNonNull(settings.timetable().get(kind));
    }

    /** Begins. */
    public void start() {
        revisions.start();
        scheduler.start();
        requested.start();
        recovery.start();
        ringChanges.start();
    }

    /** The deletion brake, to be looked at. */
    public DeletionBrake brake() {
        return brake;
    }

    /**
     * Acknowledges an engagement of the deletion brake, and has what it held back go on.
     *
     * @return whether the brake was engaged under that token; if not, nothing has changed
     */
    public boolean acknowledge(String token) {
        boolean released = brake.acknowledge(token);
        if (released) {
            scheduler.trigger(TaskKind.GC);
        }
        return released;
    }

    /** Runs a kind now, at full speed, and waits for its end. */
    public RunResult runNow(TaskKind kind) {
        return scheduler.runNow(kind);
    }

    /** Has a kind run soon: repair, when a member is known to have lost something. */
    public void trigger(TaskKind kind) {
        scheduler.trigger(kind);
    }

    /** Asks the run of a kind that is under way to end. */
    public void cancel(TaskKind kind) {
        runner.cancel(kind);
    }

    /** Runs that are asked for by an id, and the latest that nodes began by themselves. */
    public RequestedRuns requested() {
        return requested;
    }

    /**
     * Ends everything; runs under way are left off at a checkpoint, and it is remembered how far
     * the metadata are. Requests must have ended. Idempotent.
     */
    @Override
    public void close() {
        recovery.close();
        ringChanges.close();
        scheduler.close();
        requested.close();
        runner.close();
        revisions.close();
    }
}
