package io.lilio.maintenance.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.operation.MaintenanceLease;
import io.lilio.catalog.operation.Operation;
import io.lilio.catalog.operation.OperationState;
import io.lilio.maintenance.run.RunResult.Outcome;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.memory.MemoryMetadataStore;
import io.lilio.time.ManualTime;
import io.lilio.time.SystemTime;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RunnerTest {

    private final SystemTime time = new SystemTime();
    private final MetadataStore metadata = new MemoryMetadataStore(time);
    private final Runner runner = runner("one");
    private final Pace pace = new Pace(PaceSettings.UNLIMITED, time, () -> false);

    private Runner runner(String holder) {
        return new Runner(
                new RunnerParts(metadata, time, new Random(1), holder, MaintenanceListener.NONE));
    }

    @AfterEach
    void close() {
        runner.close();
        metadata.close();
        time.close();
    }

    @Test
    void theRecordHoldsTheResult() {
        RunResult result = runner.run(task(TaskKind.GC, run -> run.count(Counter.BYTES, 7)), pace);

        assertThat(result.outcome()).isEqualTo(Outcome.SUCCEEDED);
        Operation record = runner.operations().find("gc").orElseThrow();
        assertThat(record.state()).isEqualTo(OperationState.SUCCEEDED);
        assertThat(record.counts()).containsEntry("bytes", 7L);
        assertThat(record.finished()).isPresent();
    }

    @Test
    void aRunThatFailsSaysWhyAndTheNextBeginsAnew() {
        RunResult failed =
                runner.run(
                        task(
                                TaskKind.GC,
                                run -> {
                                    run.reached(5);
                                    throw new IllegalStateException("no luck");
                                }),
                        pace);
        assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(runner.operations().find("gc").orElseThrow().message()).contains("no luck");

        List<Integer> began = new ArrayList<>();
        runner.run(task(TaskKind.GC, run -> began.add(run.firstPartition())), pace);
        assertThat(began).containsExactly(0);
    }

    @Test
    void aRunThatAProcessLeftOffIsResumedAtItsCheckpoint() throws Exception {
        leaveOffAt(TaskKind.REPAIR, 3);
        assertThat(runner.operations().find("repair").orElseThrow().state())
                .isEqualTo(OperationState.RUNNING);

        List<Integer> began = new ArrayList<>();
        RunResult result =
                runner.run(
                        task(
                                TaskKind.REPAIR,
                                run -> {
                                    began.add(run.firstPartition());
                                    run.count(Counter.PARTITIONS, 1);
                                }),
                        pace);
        assertThat(began).containsExactly(3);
        assertThat(result.count(Counter.PARTITIONS)).isEqualTo(4);
    }

    @Test
    void oneProcessRunsAKindForAll() {
        assertThat(runner.run(task(TaskKind.TRASH, run -> {}), pace).outcome())
                .isEqualTo(Outcome.SUCCEEDED);
        try (Runner other = runner("other")) {
            assertThat(other.run(task(TaskKind.TRASH, run -> {}), pace).outcome())
                    .isEqualTo(Outcome.ELSEWHERE);
            assertThat(other.run(task(TaskKind.ORPHANS, run -> {}), pace).outcome())
                    .isEqualTo(Outcome.SUCCEEDED);
            runner.close();
            assertThat(other.run(task(TaskKind.TRASH, run -> {}), pace).outcome())
                    .isEqualTo(Outcome.SUCCEEDED);
        }
    }

    @Test
    void aKindRunsOnceAtATime() throws Exception {
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<RunResult>> runs = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                runs.add(
                        threads.submit(
                                () ->
                                        runner.run(
                                                task(
                                                        TaskKind.SCRUB,
                                                        run -> {
                                                            most.accumulateAndGet(
                                                                    running.incrementAndGet(),
                                                                    Math::max);
                                                            LockSupport.parkNanos(1_000_000);
                                                            running.decrementAndGet();
                                                        }),
                                                pace)));
            }
            for (Future<RunResult> run : runs) {
                assertThat(run.get().outcome()).isEqualTo(Outcome.SUCCEEDED);
            }
        }
        assertThat(most).hasValue(1);
    }

    @Test
    void aScheduledJobRunsAgainAndAgainAndWhenItIsTriggered() throws Exception {
        var often = new CountDownLatch(5);
        var triggered = new CountDownLatch(1);
        List<Job> jobs =
                List.of(
                        new Job(
                                task(TaskKind.USAGE, run -> often.countDown()),
                                Duration.ofMillis(1),
                                PaceSettings.UNLIMITED),
                        new Job(
                                task(TaskKind.REPAIR, run -> triggered.countDown()),
                                Duration.ofDays(1),
                                PaceSettings.UNLIMITED));
        try (Scheduler scheduler = new Scheduler(runner, jobs, time, () -> true)) {
            scheduler.start();
            often.await();
            assertThat(triggered.getCount()).isEqualTo(1);
            scheduler.trigger(TaskKind.REPAIR);
            triggered.await();
            assertThat(scheduler.runNow(TaskKind.REPAIR).outcome()).isEqualTo(Outcome.SUCCEEDED);
        }
    }

    /** A process left a run off, then a disk was replaced: what was done before counts no more. */
    @Test
    void aTriggeredRunBeginsAfreshThoughAnotherWasLeftOff() throws Exception {
        leaveOffAt(TaskKind.REPAIR, 3);
        List<Integer> began = Collections.synchronizedList(new ArrayList<>());
        var done = new CountDownLatch(1);
        Job job =
                new Job(
                        task(
                                TaskKind.REPAIR,
                                run -> {
                                    began.add(run.firstPartition());
                                    if (run.firstPartition() == 0) {
                                        done.countDown();
                                    }
                                }),
                        Duration.ofDays(1),
                        PaceSettings.UNLIMITED);
        try (Scheduler scheduler = new Scheduler(runner, List.of(job), time, () -> false)) {
            scheduler.start(); // is to take the run up at once
            scheduler.trigger(TaskKind.REPAIR);
            done.await();
        }
        assertThat(began).last().isEqualTo(0);
    }

    @Test
    void aRunThatIsTriggeredAgainIsNotResumedByTheNextProcess() throws Exception {
        var begun = new CountDownLatch(1);
        var triggered = new CountDownLatch(1);
        Job job =
                new Job(
                        task(
                                TaskKind.REPAIR,
                                run -> {
                                    run.reached(3);
                                    begun.countDown();
                                    await(triggered);
                                    while (true) {
                                        run.step(0);
                                    }
                                }),
                        Duration.ofDays(1),
                        PaceSettings.UNLIMITED);
        Runner dying = runner("dying");
        try (Scheduler scheduler = new Scheduler(dying, List.of(job), time, () -> false)) {
            scheduler.start();
            scheduler.trigger(TaskKind.REPAIR);
            begun.await();
            scheduler.trigger(TaskKind.REPAIR);
            triggered.countDown();
            scheduler.close();
            dying.close();
        }
        List<Integer> began = new ArrayList<>();
        runner.run(task(TaskKind.REPAIR, run -> began.add(run.firstPartition())), pace);
        assertThat(began).containsExactly(0);
    }

    /** Two nodes with the same timetable: the work of one is not done again by the other. */
    @Test
    void whatAnotherProcessHasRunLatelyIsNotRunAgainBeforeItsTime() {
        var manual = new ManualTime();
        var runs = new AtomicInteger();
        var job =
                new Job(
                        task(TaskKind.SCRUB, run -> runs.incrementAndGet()),
                        Duration.ofDays(1),
                        PaceSettings.UNLIMITED);
        try (Runner one = new Runner(parts(manual, "one"));
                Runner two = new Runner(parts(manual, "two"));
                Scheduler first = new Scheduler(one, List.of(job), manual, () -> false);
                Scheduler second = new Scheduler(two, List.of(job), manual, () -> false)) {
            first.start();
            second.start();
            for (int hour = 1; hour <= 24 * 10; hour++) {
                manual.advance(Duration.ofHours(1));
            }
            assertThat(runs.get()).isBetween(8, 10);
        }
    }

    /** Its clock was ahead by years when it ran it: nobody may wait for that time to come. */
    @Test
    void whatAProcessWithAWrongClockHasRunIsRunAgain() {
        var wrong = new ManualTime();
        wrong.setClock(Duration.ofDays(1_000));
        var runs = new AtomicInteger();
        var task = task(TaskKind.SCRUB, run -> runs.incrementAndGet());
        try (Runner ahead = new Runner(parts(wrong, "ahead"))) {
            ahead.run(task, new Pace(PaceSettings.UNLIMITED, wrong, () -> false));
        }
        var manual = new ManualTime();
        var job = new Job(task, Duration.ofDays(1), PaceSettings.UNLIMITED);
        try (Runner right = new Runner(parts(manual, "right"));
                Scheduler scheduler = new Scheduler(right, List.of(job), manual, () -> false)) {
            scheduler.start();
            manual.advance(Duration.ofHours(1));
            assertThat(runs.get()).isEqualTo(2);
            manual.advance(Duration.ofHours(24));
            assertThat(runs.get()).isEqualTo(3);
        }
    }

    private RunnerParts parts(Time of, String holder) {
        return new RunnerParts(metadata, of, new Random(2), holder, MaintenanceListener.NONE);
    }

    @Test
    void aTriggeredRunThatAnotherProcessKeepsFromBeginningIsTriedAgainSoon() {
        var manual = new ManualTime();
        List<Integer> began = new ArrayList<>();
        var job =
                new Job(
                        task(TaskKind.REPAIR, run -> began.add(run.firstPartition())),
                        Duration.ofDays(1),
                        PaceSettings.UNLIMITED);
        MaintenanceLease other = lease();
        try (Scheduler scheduler = new Scheduler(runner, List.of(job), manual, () -> false)) {
            scheduler.start();
            scheduler.trigger(TaskKind.REPAIR);
            manual.advance(Duration.ZERO);
            assertThat(began).isEmpty();
            other.close();
            manual.advance(Duration.ofMinutes(1));
            assertThat(began).containsExactly(0);
        }
    }

    @Test
    void aRunThatLeftWorkIsRunAgainSoonAndLessOftenTheLongerItLasts() {
        var manual = new ManualTime();
        var runs = new AtomicInteger();
        var left = new AtomicInteger(1);
        MaintenanceTask task = leaving(left, runs);
        var job = new Job(task, Duration.ofDays(1), PaceSettings.UNLIMITED);
        try (Scheduler scheduler = new Scheduler(runner, List.of(job), manual, () -> false)) {
            scheduler.start();
            scheduler.trigger(TaskKind.REPAIR);
            manual.advance(Duration.ZERO);
            assertThat(runs).hasValue(1);
            manual.advance(Duration.ofMinutes(1));
            assertThat(runs).hasValue(2);
            manual.advance(Duration.ofMinutes(1));
            assertThat(runs).hasValue(2);
            left.set(0);
            manual.advance(Duration.ofMinutes(1));
            assertThat(runs).hasValue(3);
            manual.advance(Duration.ofHours(23));
            assertThat(runs).as("nothing was left").hasValue(3);
        }
    }

    @Test
    void aRunThatLeftWorkIsRecordedAsIncompleteAndSaysWhatIsLeft() {
        MaintenanceTask task = leaving(new AtomicInteger(3), new AtomicInteger());
        runner.operations().request(Operation.requested("asked", "repair", 0, time.now()), 1);
        RunResult result = runner.run(task, pace, "asked");
        assertThat(result.outcome()).isEqualTo(Outcome.INCOMPLETE);
        Operation record = runner.operations().find("asked").orElseThrow();
        assertThat(record.state()).isEqualTo(OperationState.INCOMPLETE);
        assertThat(record.state().ended()).isTrue();
        assertThat(record.message()).isEqualTo("work is left");
        assertThat(record.counts()).containsEntry("chunks_unrepaired", 3L);
    }

    @Test
    void aRunThatAnotherProcessBeganAfterThisOneWasWantedDoesForBoth() {
        var manual = new ManualTime();
        var here = new AtomicInteger();
        var there = new AtomicInteger();
        var job =
                new Job(
                        leaving(new AtomicInteger(), here),
                        Duration.ofDays(1),
                        PaceSettings.UNLIMITED);
        try (Runner one = new Runner(parts(manual, "one"));
                Runner two = new Runner(parts(manual, "two"));
                Scheduler scheduler = new Scheduler(one, List.of(job), manual, () -> false)) {
            Pace free = new Pace(PaceSettings.UNLIMITED, manual, () -> false);
            scheduler.start();
            two.run(leaving(new AtomicInteger(), there), free);
            manual.advance(Duration.ofSeconds(1));
            MaintenanceLease other = lease();
            scheduler.trigger(TaskKind.REPAIR);
            manual.advance(Duration.ZERO);
            assertThat(here).as("another runs it").hasValue(0);
            other.close();
            two.run(leaving(new AtomicInteger(), there), free);
            manual.advance(Duration.ofMinutes(10));
            assertThat(here).as("that one began later").hasValue(0);
            scheduler.trigger(TaskKind.REPAIR);
            manual.advance(Duration.ZERO);
            assertThat(here).as("none has begun since").hasValue(1);
        }
    }

    @Test
    void processesThatLeaveTheSameWorkTryAgainByTurnsAndNotEachForItself() {
        var manual = new ManualTime();
        var runs = new AtomicInteger();
        var job =
                new Job(
                        leaving(new AtomicInteger(1), runs),
                        Duration.ofDays(1),
                        PaceSettings.UNLIMITED);
        List<Runner> runners = new ArrayList<>();
        List<Scheduler> schedulers = new ArrayList<>();
        for (String node : List.of("one", "two", "three", "four")) {
            Runner each = new Runner(parts(manual, node));
            runners.add(each);
            schedulers.add(new Scheduler(each, List.of(job), manual, () -> false));
        }
        try {
            schedulers.forEach(Scheduler::start);
            for (Scheduler each : schedulers) {
                manual.advance(Duration.ofMillis(100));
                each.trigger(TaskKind.REPAIR);
            }
            manual.advance(Duration.ZERO);
            runs.set(0);
            for (int second = 0; second < 3_600; second++) {
                manual.advance(Duration.ofSeconds(1));
            }
            // One alone runs after 1, 3, 7, 15 and 31 minutes.
            assertThat(runs.get()).isBetween(4, 10);
        } finally {
            schedulers.forEach(Scheduler::close);
            runners.forEach(Runner::close);
        }
    }

    private MaintenanceLease lease() {
        return MaintenanceLease.tryTake(metadata, time, "repair", "other", Duration.ofMinutes(10))
                .orElseThrow();
    }

    /** A repair that leaves so many chunks unrepaired, and counts how often it ran. */
    private static MaintenanceTask leaving(AtomicInteger left, AtomicInteger runs) {
        return new MaintenanceTask() {
            @Override
            public TaskKind kind() {
                return TaskKind.REPAIR;
            }

            @Override
            public void run(Run run) {
                run.count(Counter.CHUNKS_UNREPAIRED, left.get());
                runs.incrementAndGet();
            }

            @Override
            public Optional<String> leftWork(RunResult result) {
                return result.count(Counter.CHUNKS_UNREPAIRED) > 0
                        ? Optional.of("work is left")
                        : Optional.empty();
            }
        };
    }

    private void leaveOffAt(TaskKind kind, int partition) throws Exception {
        var reached = new CountDownLatch(1);
        Runner dying = runner("dying");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<RunResult> left =
                    threads.submit(
                            () ->
                                    dying.run(
                                            task(
                                                    kind,
                                                    run -> {
                                                        run.count(Counter.PARTITIONS, partition);
                                                        run.reached(partition);
                                                        reached.countDown();
                                                        while (true) {
                                                            run.step(0);
                                                        }
                                                    }),
                                            pace));
            reached.await();
            dying.close();
            assertThat(left.get().outcome()).isEqualTo(Outcome.CANCELLED);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static MaintenanceTask task(TaskKind kind, Consumer<Run> work) {
        return new MaintenanceTask() {
            @Override
            public TaskKind kind() {
                return kind;
            }

            @Override
            public void run(Run run) {
                work.accept(run);
            }
        };
    }
}
