package io.lilio.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.owner.OwnerWalk;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.BlobId;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.FaultyChunkStore;
import io.lilio.chunk.FaultyChunkStore.Fault;
import io.lilio.chunk.FaultyChunkStore.Operation;
import io.lilio.engine.EngineSettings;
import io.lilio.engine.TestClients;
import io.lilio.engine.TestCluster;
import io.lilio.engine.TestEngine;
import io.lilio.maintenance.Maintenance;
import io.lilio.maintenance.run.RunResult;
import io.lilio.maintenance.run.TaskKind;
import io.lilio.metadata.session.SessionSettings;
import io.lilio.placement.Partitioning;
import io.lilio.replication.ReplicationSettings;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients put, overwrite, copy, delete and read, and all maintenance runs without a pause, while
 * one backend after the other goes wrong, bits turn over on one of them, answers of the metadata
 * get lost and leases end. Every read is what the client wrote last, and once all is well again and
 * has been maintained, the backends hold exactly the chunks that records name, each of them whole.
 */
class FaultsTest extends ObjectTest {

    private static final int BACKENDS = 3;
    private static final int CLIENTS = 6;

    /** Few, so that maintenance of all of them is short. */
    private static final int PARTITIONS = 128;

    private static final long STORE_BYTES = 128L << 20;
    private static final Duration MARK_INTERVAL = Duration.ofMillis(20);
    private static final Duration UNCONFIRMED_AGE = Duration.ofMillis(1);
    private static final Set<Kind> TEMPORARY =
            Set.of(Kind.UNAVAILABLE, Kind.SLOW_DOWN, Kind.STORAGE_FULL);
    private static final List<Operation> OPERATIONS =
            List.of(
                    Operation.PUT,
                    Operation.READ,
                    Operation.STAT,
                    Operation.DELETE,
                    Operation.CONFIRM);

    private final Set<TaskKind> maintained = ConcurrentHashMap.newKeySet();
    private volatile boolean over;

    @Override
    TestEngine open() {
        return TestEngine.open(STORE_BYTES, FaultsTest::quickToForgive);
    }

    /** Few partitions; breakers and marks that do not outlast the faults by much. */
    private static EngineSettings quickToForgive(EngineSettings usual) {
        ReplicationSettings members = ReplicationSettings.defaults();
        return new EngineSettings(
                usual.cluster(),
                new SessionSettings("node", "", List.of(), Duration.ofMinutes(1), MARK_INTERVAL),
                usual.host(),
                new EngineSettings.Founding(
                        Partitioning.of(PARTITIONS),
                        usual.founding().replication(),
                        Set.of("node")),
                usual.buffers(),
                new ReplicationSettings(
                        members.putDeadline(),
                        members.readDeadline(),
                        members.controlDeadline(),
                        members.maxInFlight(),
                        new ReplicationSettings.Breaker(
                                20, Duration.ofMillis(5), Duration.ofMillis(20)),
                        new ReplicationSettings.Hedge(Duration.ofMillis(5), Duration.ofMillis(50)),
                        members.confirmations(),
                        new ReplicationSettings.Repair(1_000, 2, Duration.ofMillis(50))),
                settings());
    }

    @Test
    void whateverGoesWrongNothingIsLostOrLeft() throws Exception {
        run(60, 1);
    }

    @Test
    @Tag("faults")
    @Timeout(1_800)
    void whateverGoesWrongForALongTimeNothingIsLostOrLeft() throws Exception {
        run(2_000, 2);
    }

    private void run(int faults, long seed) throws Exception {
        TestClients.Plan plan = new TestClients.Plan(_ -> calls(), CHUNK, 3, TEMPORARY, seed);
        TestClients clients = TestClients.start(plan, CLIENTS);
        try (Maintenance maintenance = lilio.maintenance(UNCONFIRMED_AGE)) {
            // What deletes beside what compares and copies.
            List<Thread> threads =
                    List.of(
                            maintainOn(maintenance, List.of(TaskKind.TRASH, TaskKind.ORPHANS)),
                            maintainOn(
                                    maintenance,
                                    List.of(
                                            TaskKind.GC,
                                            TaskKind.REPAIR,
                                            TaskKind.SCRUB,
                                            TaskKind.REBALANCE,
                                            TaskKind.DROP,
                                            TaskKind.USAGE)));
            try (clients) {
                goWrong(clients, new Random(seed), faults);
            } finally {
                over = true;
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        clients.stop();
        assertThat(clients.stored()).as("objects stored").isGreaterThan(CLIENTS);
        assertThat(clients.served()).as("objects read").isGreaterThan(CLIENTS);
        assertThat(strikes()).as("faults that hit").isGreaterThan(CLIENTS);

        lilio.awaitBuffers();
        try (Maintenance maintenance = lilio.maintenance(UNCONFIRMED_AGE)) {
            maintainUntilLevel(maintenance);
        }
        clients.readEverything();
    }

    private long strikes() {
        long strikes = 0;
        for (int number = 0; number < BACKENDS; number++) {
            for (Fault fault : Fault.values()) {
                strikes += lilio.store(number).hits(fault);
            }
        }
        return strikes;
    }

    /** Again and again, however it ends: it may well fail under faults. */
    private Thread maintainOn(Maintenance maintenance, List<TaskKind> kinds) {
        return Thread.ofVirtual()
                .start(
                        () -> {
                            while (!over) {
                                for (TaskKind kind : kinds) {
                                    maintenance.runNow(kind);
                                    maintained.add(kind);
                                    pause();
                                }
                            }
                        });
    }

    /** Each fault lasts until the clients have done something under it. */
    private void goWrong(TestClients clients, Random random, int faults) {
        Set<TaskKind> everyKind = EnumSet.allOf(TaskKind.class);
        for (int number = 0; number < faults || !maintained.containsAll(everyKind); number++) {
            spoilSome(random);
            FaultyChunkStore store = lilio.store(random.nextInt(BACKENDS));
            Operation operation = OPERATIONS.get(random.nextInt(OPERATIONS.size()));
            switch (random.nextInt(10)) {
                case 0 -> store.fail(Reason.IO);
                case 1 -> store.fail(Reason.IO, operation);
                case 2 -> store.delay(Duration.ofMillis(1 + random.nextInt(60)), operation);
                case 3 -> store.fillDisk();
                case 4 -> store.loseAnswers(operation);
                case 5 -> store.fail(Reason.OVERLOADED, operation);
                case 6 -> lilio.metadata().applyAndVanish();
                case 7 -> lilio.metadata().endLeases();
                case 8 -> store.delay(MARK_INTERVAL.multipliedBy(3), Operation.PUT);
                default -> lilio.metadata().dropAndVanish();
            }
            clients.act(CLIENTS + random.nextInt(3 * CLIENTS));
            store.heal();
            lilio.metadata().heal();
        }
    }

    /** Bits turn over on the last backend only, so that two good copies stay in the end. */
    private void spoilSome(Random random) {
        FaultyChunkStore sick = lilio.store(BACKENDS - 1);
        for (int some = 0; some < PARTITIONS / 50; some++) {
            sick.list(random.nextInt(PARTITIONS), null, 5)
                    .forEach(header -> sick.flipBit(header.id()));
        }
    }

    private void maintainUntilLevel(Maintenance maintenance) {
        TestCluster.eventuallyEmpty(
                () -> {
                    for (TaskKind kind :
                            List.of(TaskKind.TRASH, TaskKind.ORPHANS, TaskKind.SCRUB)) {
                        RunResult result = maintenance.runNow(kind);
                        assertThat(result.outcome()).as("%s", result).isNotNull();
                    }
                    return whatIsAmiss();
                });
        lilio.metadata().endLeases(); // one could perhaps not be given back, as an answer was lost
        TestCluster.eventually(
                "not collected",
                () -> maintenance.runNow(TaskKind.GC).outcome() == RunResult.Outcome.SUCCEEDED);
        assertThat(whatIsAmiss()).as("after a full collection").isEmpty();
        for (int number = 0; number < BACKENDS; number++) {
            assertThat(lilio.store(number).usage().unconfirmed())
                    .as("unconfirmed on backend %d", number)
                    .isZero();
        }
    }

    /** Empty when each backend holds exactly the chunks of the blobs that records name, whole. */
    private String whatIsAmiss() {
        Set<BlobId> owned = blobsOwned();
        for (ChunkId chunk : lilio.inventory()) {
            if (!owned.contains(chunk.blob())) {
                return chunk + " is nobody's";
            }
            for (int number = 0; number < BACKENDS; number++) {
                try {
                    lilio.store(number).verify(chunk);
                } catch (RuntimeException e) {
                    return e.getMessage();
                }
                if (lilio.store(number).usage().unconfirmed() > 0) {
                    return "backend " + number + " waits for confirmations";
                }
            }
        }
        return "";
    }

    private Set<BlobId> blobsOwned() {
        Set<BlobId> blobs = new TreeSet<>();
        Optional<OwnerWalk.Cursor> next = Optional.empty();
        do {
            OwnerWalk.Page page =
                    lilio.engine().catalog().ownerWalk().next(next.orElse(null), 1_000);
            page.blobs().forEach(one -> blobs.add(one.blob().id()));
            next = page.next();
        } while (next.isPresent());
        return blobs;
    }

    private static void pause() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
