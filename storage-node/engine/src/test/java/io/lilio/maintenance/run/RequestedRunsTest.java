package io.lilio.maintenance.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.catalog.operation.Operation;
import io.lilio.catalog.operation.OperationState;
import io.lilio.engine.VanishingMetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.memory.MemoryMetadataStore;
import io.lilio.time.ManualTime;
import io.lilio.time.SystemTime;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs that are asked for by an id, in several processes on the same metadata. */
class RequestedRunsTest {

    private final SystemTime time = new SystemTime();
    private final VanishingMetadataStore metadata =
            new VanishingMetadataStore(new MemoryMetadataStore(time));
    private final List<AutoCloseable> opened = new ArrayList<>();

    /** A process that runs what a test says. */
    private RequestedRuns process(String name, boolean takesUp, Consumer<Run> work) {
        return process(name, takesUp, time, work);
    }

    private RequestedRuns process(String name, boolean takesUp, Time its, Consumer<Run> work) {
        Runner runner = runner(name, its);
        Map<TaskKind, Job> jobs = new EnumMap<>(TaskKind.class);
        for (TaskKind kind : TaskKind.values()) {
            if (kind.recorded()) {
                jobs.put(
                        kind,
                        new Job(task(kind, work), Duration.ofDays(1), PaceSettings.UNLIMITED));
            }
        }
        var runs = new RequestedRuns(runner, jobs, its, () -> false, takesUp);
        opened.add(runs);
        opened.add(runner);
        return runs;
    }

    private Runner runner(String name, Time its) {
        return new Runner(
                new RunnerParts(
                        metadata,
                        its,
                        new Random(name.hashCode()),
                        name,
                        MaintenanceListener.NONE));
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

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        metadata.close();
        time.close();
    }

    private static Operation awaitEnd(RequestedRuns runs, String id) throws InterruptedException {
        Operation run = runs.find(id).orElseThrow();
        while (!run.state().ended()) {
            Thread.sleep(5);
            run = runs.find(id).orElseThrow();
        }
        return run;
    }

    /** Works until it is told to stop. */
    private static void workForEver(Run run) {
        while (true) {
            run.step(0);
            try {
                Thread.sleep(2);
            } catch (InterruptedException e) {
                run.cancel();
            }
        }
    }

    @Test
    void whatIsAskedForIsRunOnceHoweverOftenItIsAskedForAndKeepsItsResult() throws Exception {
        List<String> ran = Collections.synchronizedList(new ArrayList<>());
        RequestedRuns runs =
                process(
                        "one",
                        true,
                        run -> {
                            ran.add(run.kind().id());
                            run.count(Counter.PARTITIONS, 3);
                        });
        runs.start();
        assertThat(runs.request("a", TaskKind.GC, 0).state()).isEqualTo(OperationState.REQUESTED);
        Operation over = awaitEnd(runs, "a");
        assertThat(over.state()).isEqualTo(OperationState.SUCCEEDED);
        assertThat(over.counts()).containsEntry("partitions", 3L);
        assertThat(over.runner().name()).isEqualTo("one");
        assertThat(runs.request("a", TaskKind.GC, 0).state()).isEqualTo(OperationState.SUCCEEDED);
        runs.request("b", TaskKind.SCRUB, 0);
        awaitEnd(runs, "b");
        assertThat(ran).containsExactly("gc", "scrub");
    }

    @Test
    void aRunIsCancelledFromAnyProcess() throws Exception {
        RequestedRuns there = process("there", true, RequestedRunsTest::workForEver);
        RequestedRuns here = process("here", false, run -> {});
        there.start();
        here.request("a", TaskKind.REPAIR, 0);
        while (here.find("a").orElseThrow().state() != OperationState.RUNNING) {
            Thread.sleep(5);
        }
        assertThat(here.cancel("a").orElseThrow().request().cancelled()).isTrue();
        assertThat(awaitEnd(here, "a").state()).isEqualTo(OperationState.CANCELLED);
        assertThat(here.cancel("a").orElseThrow().state()).isEqualTo(OperationState.CANCELLED);
        assertThat(here.cancel("nothing")).isEmpty();
    }

    @Test
    void whatNobodyHasTakenUpIsCancelledAtOnce() {
        RequestedRuns runs = process("one", false, run -> {});
        runs.start();
        runs.request("a", TaskKind.GC, 0);
        assertThat(runs.cancel("a").orElseThrow().state()).isEqualTo(OperationState.CANCELLED);
    }

    @Test
    void aProcessThatTakesNothingUpLeavesRunsToJobs() throws Exception {
        RequestedRuns node = process("node", false, run -> {});
        RequestedRuns job = process("job", false, run -> run.count(Counter.BYTES, 5));
        node.start();
        node.request("a", TaskKind.GC, 0);
        Operation over = job.carryOut("a", 0);
        assertThat(over.state()).isEqualTo(OperationState.SUCCEEDED);
        assertThat(over.runner().name()).isEqualTo("job");
        assertThat(node.find("a").orElseThrow().counts()).containsEntry("bytes", 5L);
    }

    @Test
    void whatAJobLeftOffIsResumedByTheNextAndCountsGoOn() throws Exception {
        var working = new CountDownLatch(1);
        RequestedRuns first =
                process(
                        "first",
                        false,
                        run -> {
                            run.count(Counter.PARTITIONS, 7);
                            run.reached(7);
                            working.countDown();
                            workForEver(run);
                        });
        first.request("a", TaskKind.SCRUB, 0);
        Thread job = Thread.startVirtualThread(() -> carryOut(first));
        working.await();
        for (AutoCloseable each : opened) {
            each.close();
        }
        job.join();
        assertThat(first.find("a").orElseThrow().state()).isEqualTo(OperationState.RUNNING);
        List<Integer> began = new ArrayList<>();
        RequestedRuns second =
                process(
                        "second",
                        false,
                        run -> {
                            began.add(run.firstPartition());
                            run.count(Counter.PARTITIONS, 1);
                        });
        Operation over = second.carryOut("a", 0);
        assertThat(began).containsExactly(7);
        assertThat(over.state()).isEqualTo(OperationState.SUCCEEDED);
        assertThat(over.counts()).containsEntry("partitions", 8L);
        assertThat(over.runner().partitionsBefore()).isEqualTo(7);
    }

    private static void carryOut(RequestedRuns runs) {
        try {
            runs.carryOut("a", 0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aRunThatANodeBeganByItselfGivesWay() throws Exception {
        var own = runner("node", time);
        opened.add(own);
        var working = new CountDownLatch(1);
        Thread node =
                Thread.startVirtualThread(
                        () ->
                                own.run(
                                        task(
                                                TaskKind.GC,
                                                run -> {
                                                    working.countDown();
                                                    workForEver(run);
                                                }),
                                        new Pace(PaceSettings.UNLIMITED, time, () -> false)));
        working.await();
        RequestedRuns job = process("job", false, run -> {});
        job.request("a", TaskKind.GC, 0);
        assertThat(job.carryOut("a", 0).state()).isEqualTo(OperationState.SUCCEEDED);
        node.join();
        assertThat(job.find("gc").orElseThrow().state()).isEqualTo(OperationState.CANCELLED);
    }

    @Test
    void onlyTheNewestRunsThatAreOverAreRemembered() throws Exception {
        RequestedRuns job = process("job", false, run -> {});
        for (int i = 0; i < 25; i++) {
            job.request("run-" + i, TaskKind.GC, 0);
            job.carryOut("run-" + i, 0);
        }
        assertThat(job.all()).hasSize(20).anyMatch(run -> run.id().equals("run-24"));
    }

    /** Nobody carries them out, and whoever asks does not notice. */
    @Test
    void onlySoManyRunsOfAKindWaitAndThoseThatAreCancelledAreForgottenToo() {
        RequestedRuns runs = process("asked", false, run -> {});
        for (int i = 0; i < 20; i++) {
            runs.request("run-" + i, TaskKind.GC, 0);
        }
        assertThatThrownBy(() -> runs.request("one-more", TaskKind.GC, 0))
                .isInstanceOf(TooManyRunsException.class)
                .hasMessageContaining("20 runs of gc wait");
        assertThat(runs.request("run-7", TaskKind.GC, 0).id()).isEqualTo("run-7");
        runs.request("another-kind", TaskKind.SCRUB, 0);
        for (int i = 0; i < 60; i++) {
            runs.cancel(i < 20 ? "run-" + i : "again-" + i);
            runs.request("again-" + (i + 1), TaskKind.GC, 0);
        }
        assertThat(runs.all()).hasSizeLessThanOrEqualTo(42);
    }

    /** Works up to partition 7 and meets an outage there; goes on to the end the next time. */
    private static Consumer<Run> workThroughAnOutage(List<Integer> began, Runnable outage) {
        return run -> {
            began.add(run.firstPartition());
            run.count(Counter.PARTITIONS, 1);
            if (run.firstPartition() == 0) {
                run.reached(7);
                run.save();
                outage.run();
                throw new MetadataUnavailableException("not now", null);
            }
        };
    }

    @Test
    void aRunThatMeetsALostAnswerGoesOnWhereItWasByTheNodesNextTurn() throws Exception {
        List<Integer> began = Collections.synchronizedList(new ArrayList<>());
        RequestedRuns node = process("node", true, workThroughAnOutage(began, () -> {}));
        node.start();
        node.request("a", TaskKind.GC, 0);
        Operation over = awaitEnd(node, "a");
        assertThat(over.state()).as(over.message()).isEqualTo(OperationState.SUCCEEDED);
        assertThat(over.counts()).containsEntry("partitions", 2L);
        assertThat(began).containsExactly(0, 7);
    }

    @Test
    void aJobGoesOnWhereItWasWhenTheMetadataAnswerAgain() throws Exception {
        List<Integer> began = Collections.synchronizedList(new ArrayList<>());
        var away = new CountDownLatch(1);
        RequestedRuns job =
                process(
                        "job",
                        false,
                        workThroughAnOutage(
                                began,
                                () -> {
                                    metadata.goAway();
                                    away.countDown();
                                }));
        job.request("a", TaskKind.GC, 0);
        Thread outage =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                away.await();
                                Thread.sleep(500);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            metadata.heal();
                            metadata.endLeases(); // which time does elsewhere
                        });
        Operation over = job.carryOut("a", 0);
        outage.join();
        assertThat(over.state()).as(over.message()).isEqualTo(OperationState.SUCCEEDED);
        assertThat(over.counts()).containsEntry("partitions", 2L);
        assertThat(began).containsExactly(0, 7);
    }

    @Test
    void aJobWaitsFiveMinutesForTheMetadataAndLeavesTheRunOff() throws Exception {
        var manual = new ManualTime();
        RequestedRuns job = process("job", false, manual, run -> {});
        job.request("a", TaskKind.GC, 0);
        metadata.goAway();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Operation> carriedOut = threads.submit(() -> job.carryOut("a", 0));
            int seconds = 0;
            while (!carriedOut.isDone()) {
                manual.advance(Duration.ofSeconds(1));
                seconds++;
                Thread.sleep(1);
            }
            assertThat(seconds).isGreaterThanOrEqualTo(300);
            assertThat(carriedOut.exceptionNow()).isInstanceOf(MetadataUnavailableException.class);
        }
        metadata.heal();
        assertThat(job.find("a").orElseThrow().state()).isEqualTo(OperationState.REQUESTED);
    }

    @Test
    void whatFailedSaysWhyAndNamesNoClasses() throws Exception {
        RequestedRuns job =
                process(
                        "job",
                        false,
                        run -> {
                            throw new IllegalStateException("no luck");
                        });
        job.request("a", TaskKind.GC, 0);
        Operation over = job.carryOut("a", 0);
        assertThat(over.state()).isEqualTo(OperationState.FAILED);
        assertThat(over.message()).isEqualTo("no luck");
    }

    @Test
    void anotherRunIsAskedForUnlessOneWaitsThatBeginsLater() throws Exception {
        RequestedRuns job = process("job", false, run -> {});
        assertThat(job.requestAnother("again", TaskKind.REPAIR).id()).isEqualTo("again-1");
        assertThat(job.requestAnother("again", TaskKind.REPAIR).id()).isEqualTo("again-1");
        job.carryOut("again-1", 0);
        job.request("again-2", TaskKind.GC, 0);
        assertThat(job.requestAnother("again", TaskKind.REPAIR).id()).isEqualTo("again-3");
        job.cancel("again-3");
        assertThat(job.requestAnother("again", TaskKind.REPAIR).id()).isEqualTo("again-4");
    }

    /** The record of what a node began by itself: its result is not what a job would be told. */
    @Test
    void theNamesOfKindsAreNotForRunsThatAreAskedFor() {
        RequestedRuns runs = process("job", false, run -> {});
        for (String taken : List.of("gc", "repair", "rebalance", "scrub", "", "a/b")) {
            assertThat(RunIds.allow(taken)).as(taken).isFalse();
            assertThatThrownBy(() -> runs.request(taken, TaskKind.GC, 0))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(RunIds.allow("gc-1")).isTrue();
    }
}
