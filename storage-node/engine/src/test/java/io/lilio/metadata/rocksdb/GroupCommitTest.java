package io.lilio.metadata.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.Compare;
import io.lilio.metadata.Txn;
import io.lilio.rocks.RocksMemory;
import io.lilio.time.SystemTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Syncs are counted and, where a test says so, held back. No clock is looked at. */
class GroupCommitTest {

    @TempDir Path directory;

    private final RocksMemory memory = new RocksMemory(16 << 20, 4 << 20);
    private final SystemTime time = new SystemTime();
    private final AtomicInteger syncs = new AtomicInteger();
    private final Semaphore mayWrite = new Semaphore(0);

    @AfterEach
    void close() {
        time.close();
        memory.close();
    }

    @Test
    void theMoreWritersTheMoreTransactionsToASyncAndEveryOneIsSynced() throws Exception {
        double alone = transactionsPerSync(1, 20);
        double eight = transactionsPerSync(8, 10);
        double many = transactionsPerSync(64, 10);

        assertThat(alone).isEqualTo(1);
        assertThat(eight).isGreaterThan(3);
        assertThat(many).isGreaterThan(2.5 * eight);
    }

    @Test
    void transactionsOfOneBatchSeeEachOtherInTheOrderOfTheirRevisions() throws Exception {
        try (RocksMetadataStore store = open(this::gated);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<CommitResult> first =
                    callers.submit(() -> store.commit(put("first", "1").build()));
            awaitWriting();
            List<Future<CommitResult>> racing = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                String value = "racer " + i;
                racing.add(
                        callers.submit(
                                () ->
                                        store.commit(
                                                put("prize", value)
                                                        .when(new Compare.Absent(bytes("prize")))
                                                        .elseRead(bytes("prize"))
                                                        .build())));
            }
            awaitWaiting(store, 10);
            mayWrite.release(2);

            long before = committed(first.get());
            int winners = 0;
            for (Future<CommitResult> racer : racing) {
                switch (racer.get()) {
                    case CommitResult.Committed(long revision) -> {
                        winners++;
                        assertThat(revision).isEqualTo(before + 1);
                    }
                    case CommitResult.Refused(var reads) ->
                            assertThat(reads.get(0).orElseThrow().modRevision())
                                    .isEqualTo(before + 1);
                    case CommitResult.Unknown(Throwable cause) -> throw new AssertionError(cause);
                }
            }
            assertThat(winners).isEqualTo(1);
            assertThat(syncs).as("one for the first, one for all racers").hasValue(2);
        }
    }

    @Test
    void nothingIsAnsweredOrSeenBeforeItsSync() throws Exception {
        try (RocksMetadataStore store = open(this::gated);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            long before = store.revision();
            Future<CommitResult> commit = callers.submit(() -> store.commit(put("a", "1").build()));
            awaitWriting();
            assertThat(commit.isDone()).isFalse();
            assertThat(store.read(List.of(bytes("a"))).get(0)).isEmpty();
            assertThat(store.revision()).isEqualTo(before);
            mayWrite.release();
            assertThat(committed(commit.get())).isEqualTo(before + 1);
        }
    }

    /**
     * Every sync waits until all writers but the one or two that were just answered queue again.
     */
    private double transactionsPerSync(int writers, int rounds) throws Exception {
        syncs.set(0);
        Path own = directory.resolve("writers" + writers);
        AtomicInteger left = new AtomicInteger(writers);
        RocksMetadataStore[] opened = new RocksMetadataStore[1];
        try (RocksMetadataStore store =
                        open(own, (database, batch) -> slow(opened[0], database, batch, left));
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            opened[0] = store;
            List<Future<?>> writing = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                String key = "writer " + i;
                writing.add(
                        callers.submit(
                                () -> {
                                    for (int j = 0; j < rounds; j++) {
                                        committed(store.commit(put(key, "" + j).build()));
                                    }
                                    left.decrementAndGet();
                                }));
            }
            for (Future<?> writer : writing) {
                writer.get();
            }
            assertThat(store.stats().committed()).isEqualTo((long) writers * rounds);
            assertThat(store.stats().syncs()).isEqualTo(syncs.get());
            return (double) writers * rounds / syncs.get();
        }
    }

    /**
     * A disk so slow that whoever can queue has queued: those who wait for this very sync cannot.
     */
    private void slow(
            RocksMetadataStore store, Database database, WriteBatch batch, AtomicInteger left)
            throws RocksDBException {
        syncs.incrementAndGet();
        // A batch holds one put for each writer and one for the revision.
        int inBatch = batch.count() - 1;
        while (store.stats().waiting() + inBatch < left.get() / 2) {
            Thread.onSpinWait();
        }
        database.write(batch);
    }

    private void gated(Database database, WriteBatch batch) throws RocksDBException {
        syncs.incrementAndGet();
        mayWrite.acquireUninterruptibly();
        database.write(batch);
    }

    private RocksMetadataStore open(Committer.Journal journal) {
        return open(directory, journal);
    }

    private RocksMetadataStore open(Path where, Committer.Journal journal) {
        return new RocksMetadataStore(
                new RocksMetadataSettings(where, Duration.ofMinutes(2), 2, 0),
                new Storage(where, memory),
                time,
                journal,
                () -> Long.MAX_VALUE);
    }

    private void awaitWriting() {
        while (syncs.get() == 0) {
            Thread.onSpinWait();
        }
    }

    private static void awaitWaiting(RocksMetadataStore store, int count) {
        while (store.stats().waiting() < count) {
            Thread.onSpinWait();
        }
    }

    private static long committed(CommitResult result) {
        assertThat(result).isInstanceOf(CommitResult.Committed.class);
        return ((CommitResult.Committed) result).revision();
    }

    private static Txn.Builder put(String key, String value) {
        return Txn.grow().put(bytes(key), bytes(value));
    }

    private static Bytes bytes(String text) {
        return Bytes.ofUtf8(text);
    }
}
