package io.lilio.maintenance.run;

import io.lilio.catalog.operation.Operation;
import io.lilio.catalog.operation.OperationState;
import io.lilio.catalog.operation.Operations;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs that were asked for by an id: they are requested, cancelled and looked at anywhere, and
 * taken up by whoever looks for them, one of a kind at a time and the oldest first. A run of the
 * same kind that a node has begun by itself gives way. Thread-safe.
 */
public final class RequestedRuns implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RequestedRuns.class);
    private static final Duration PERIOD = Duration.ofSeconds(2);

    /** How long the metadata may keep whoever waits for a run from going on with it. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** How many runs of each kind may wait to be taken up. */
    private static final int MOST_WAITING = 20;

    private final Runner runner;
    private final Map<TaskKind, Job> jobs;
    private final Time time;
    private final BooleanSupplier clientsBusy;
    private final boolean takesUp;
    private final Set<TaskKind> busy = EnumSet.noneOf(TaskKind.class);
    private Time.Cancellable next = () -> {};
    private boolean started;
    private boolean closed;

    /**
     * @param jobs what there is to be run, and how fast unless a run says so itself
     * @param clientsBusy whether requests of clients are under way: runs yield to them
     * @param takesUp whether this process carries out what was asked for by itself; if not, it only
     *     ends what was cancelled while nobody ran it
     */
    public RequestedRuns(
            Runner runner,
            Map<TaskKind, Job> jobs,
            Time time,
            BooleanSupplier clientsBusy,
            boolean takesUp) {
        this.runner = runner;
        this.jobs = Map.copyOf(jobs);
        this.time = time;
        this.clientsBusy = clientsBusy;
        this.takesUp = takesUp;
    }

    /** Begins to look for runs. One that is never started carries out what it is told to alone. */
    public void start() {
        synchronized (this) {
            started = true;
        }
        lookIn(PERIOD);
    }

    /**
     * Asks for a run, unless one of that id is there already.
     *
     * @param kind one that has a record
     * @param maxBytesPerSecond payload that it reads or copies at most; 0: as configured
     * @return the run of that id as it is now, whatever its kind
     * @throws TooManyRunsException when so many of its kind wait already
     * @throws MetadataUnavailableException when it is not known whether it was asked for
     */
    public Operation request(String id, TaskKind kind, long maxBytesPerSecond) {
        if (!kind.recorded() || !RunIds.allow(id)) {
            throw new IllegalArgumentException(
                    "no run of %s is asked for under the id %s".formatted(kind, id));
        }
        Operation wanted = Operation.requested(id, kind.id(), maxBytesPerSecond, time.now());
        Operation asked =
                operations()
                        .request(wanted, MOST_WAITING)
                        .orElseThrow(() -> new TooManyRunsException(kind, MOST_WAITING));
        lookIn(Duration.ZERO);
        return asked;
    }

    /**
     * Asks for a run that begins later than now, at its beginning: a new one, unless one waits that
     * was asked for in the same way.
     *
     * @param name of such runs, each of which has a number besides
     * @throws TooManyRunsException when others wait, each of which does as well
     * @throws MetadataUnavailableException when it is not known whether it was asked for
     */
    public Operation requestAnother(String name, TaskKind kind) {
        for (int number = 1; ; number++) {
            Operation asked = request(name + "-" + number, kind, 0);
            boolean waits = asked.state() == OperationState.REQUESTED;
            if (waits && asked.kind().equals(kind.id())) {
                return asked;
            }
        }
    }

    /**
     * Asks for a run to end soon, wherever it runs.
     *
     * @return the run as it is now; empty when there is none of that id
     */
    public Optional<Operation> cancel(String id) {
        Optional<Operation> asked = operations().cancel(id, time.now());
        operations().prune(Runner.REMEMBERED);
        lookIn(Duration.ZERO);
        return asked;
    }

    /** A run as it is now. */
    public Optional<Operation> find(String id) {
        return operations().find(id);
    }

    /** Every run that is remembered, those that nodes began by themselves among them. */
    public List<Operation> all() {
        return operations().all();
    }

    /**
     * Carries a run out and waits for its end, here or wherever else it is run meanwhile. While the
     * metadata do not answer it tries again, for five minutes.
     *
     * @param maxBytesPerSecond payload that it reads or copies here at most; 0: as it was asked for
     * @return the run as it is when it is over; not over when this was closed meanwhile
     * @throws IllegalArgumentException when there is no run of that id
     * @throws MetadataUnavailableException when the metadata do not answer for longer; the run is
     *     left off
     * @throws InterruptedException when the thread is interrupted; the run goes on elsewhere or is
     *     left off
     */
    public Operation carryOut(String id, long maxBytesPerSecond) throws InterruptedException {
        var outage = new Outage(time, PATIENCE);
        while (true) {
            try {
                Operation run = known(id);
                outage.heard(run.revision());
                if (run.state().ended() || isClosed()) {
                    return run;
                }
                Job job =
                        job(run).orElseThrow(
                                        () ->
                                                new IllegalArgumentException(
                                                        "there is no such kind of run"));
                carryOut(run, job, maxBytesPerSecond);
                outage.ended();
                if (known(id).state().ended()) {
                    continue;
                }
            } catch (MetadataUnavailableException e) {
                if (outage.isTooLong() || isClosed()) {
                    throw e;
                }
                log.info("run {} goes on when the metadata answer: {}", id, e.getMessage());
            }
            time.sleep(PERIOD);
        }
    }

    private Operation known(String id) {
        return find(id).orElseThrow(() -> new IllegalArgumentException("there is no run " + id));
    }

    /**
     * @throws MetadataUnavailableException when they do not answer; the run is left off
     */
    private void carryOut(Operation run, Job job, long maxBytesPerSecond) {
        TaskKind kind = job.task().kind();
        Optional<String> other = runner.runner(kind);
        if (other.isPresent()) {
            operations()
                    .find(kind.id())
                    .filter(own -> own.state() == OperationState.RUNNING)
                    .ifPresent(own -> operations().cancel(own.id(), time.now()));
            return;
        }
        log.info("run {} ({}) is taken up", run.id(), kind.id());
        RunResult result =
                runner.run(
                        job.task(),
                        new Pace(pace(run, job, maxBytesPerSecond), time, clientsBusy),
                        run.id());
        log.info("run {} ({}): {} {}", run.id(), kind.id(), result.outcome(), result.message());
        if (result.outcome() == RunResult.Outcome.LEFT_OFF) {
            throw new MetadataUnavailableException(result.message(), null);
        }
    }

    private static PaceSettings pace(Operation run, Job job, long maxBytesPerSecond) {
        long asked = maxBytesPerSecond == 0 ? run.request().maxBytesPerSecond() : maxBytesPerSecond;
        PaceSettings usual = job.pace();
        return asked == 0 ? usual : new PaceSettings(usual.stepsPerSecond(), asked, usual.yield());
    }

    private Optional<Job> job(Operation run) {
        return jobs.values().stream()
                .filter(job -> job.task().kind().id().equals(run.kind()))
                .findFirst();
    }

    private Operations operations() {
        return runner.operations();
    }

    private synchronized void lookIn(Duration delay) {
        if (started && !closed) {
            next.cancel();
            next = time.schedule(delay, this::look);
        }
    }

    private void look() {
        try {
            operations().all().stream()
                    .filter(run -> !run.state().ended() && !run.ownOfNodes())
                    .filter(run -> takesUp || run.request().cancelled())
                    .sorted(Comparator.comparing(Operation::started))
                    .forEach(run -> job(run).ifPresent(job -> begin(run, job)));
        } catch (MetadataUnavailableException e) {
            log.debug("what runs were asked for cannot be read", e);
        } finally {
            lookIn(PERIOD);
        }
    }

    /** One of a kind at a time: the others wait for the next look. */
    private void begin(Operation run, Job job) {
        TaskKind kind = job.task().kind();
        synchronized (this) {
            if (closed || !busy.add(kind)) {
                return;
            }
        }
        time.schedule(
                Duration.ZERO,
                () -> {
                    try {
                        carryOut(run, job, 0);
                    } catch (MetadataUnavailableException e) {
                        log.debug("run {} cannot go on now", run.id(), e);
                    } finally {
                        synchronized (this) {
                            busy.remove(kind);
                        }
                    }
                });
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Looks for no more runs; those under way are left off by the runner that is closed next. */
    @Override
    public synchronized void close() {
        closed = true;
        next.cancel();
    }
}
