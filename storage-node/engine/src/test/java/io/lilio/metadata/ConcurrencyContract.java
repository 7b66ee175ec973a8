package io.lilio.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Many callers at once. Writers are virtual threads; readers, which may never block, are platform
 * threads, so that they leave the writers a carrier.
 */
public abstract class ConcurrencyContract extends MetadataStoreContract {

    private static final int WRITERS = 16;
    private static final int ROUNDS = 100;

    @Test
    void noUpdateIsLost() throws Exception {
        put("counter", "0");
        ConcurrentSkipListSet<Long> revisions = new ConcurrentSkipListSet<>();
        all(
                WRITERS,
                () -> {
                    for (int i = 0; i < ROUNDS; i++) {
                        assertThat(revisions.add(increment("counter"))).isTrue();
                    }
                });
        assertThat(value("counter")).isEqualTo(String.valueOf(WRITERS * ROUNDS));
        assertThat(revisions).hasSize(WRITERS * ROUNDS);
    }

    @Test
    void whatACommitReturnedIsSeenByEveryReadThatBeginsLater() throws Exception {
        AtomicLong acknowledged = new AtomicLong(store.revision());
        AtomicBoolean writing = new AtomicBoolean(true);
        try (ExecutorService readers = Executors.newCachedThreadPool()) {
            List<Future<?>> reading = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                reading.add(
                        readers.submit(
                                () -> {
                                    while (writing.get()) {
                                        long atLeast = acknowledged.get();
                                        assertThat(store.revision())
                                                .isGreaterThanOrEqualTo(atLeast);
                                        assertThat(store.read(List.of(bytes("k0"))).revision())
                                                .isGreaterThanOrEqualTo(atLeast);
                                        try (ReadView view = store.view()) {
                                            assertThat(view.revision())
                                                    .isGreaterThanOrEqualTo(atLeast);
                                        }
                                    }
                                }));
            }
            AtomicInteger writer = new AtomicInteger();
            all(
                    4,
                    () -> {
                        String key = "k" + writer.getAndIncrement();
                        for (int i = 0; i < ROUNDS; i++) {
                            long revision = put(key, String.valueOf(i));
                            acknowledged.accumulateAndGet(revision, Math::max);
                            assertThat(value(key)).isEqualTo(String.valueOf(i));
                        }
                    });
            writing.set(false);
            for (Future<?> future : reading) {
                future.get();
            }
        }
    }

    @Test
    void aReadOfSeveralKeysIsNeverTorn() throws Exception {
        List<Bytes> keys = List.of(bytes("x"), bytes("m"), bytes("a"));
        writeAll(keys, 0);
        AtomicBoolean writing = new AtomicBoolean(true);
        try (ExecutorService readers = Executors.newCachedThreadPool()) {
            List<Future<?>> reading = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                boolean byView = i % 2 == 0;
                reading.add(
                        readers.submit(
                                () -> {
                                    while (writing.get()) {
                                        expectWhole(byView ? viewed(keys) : store.read(keys));
                                    }
                                }));
            }
            AtomicInteger round = new AtomicInteger();
            all(
                    4,
                    () -> {
                        for (int i = 0; i < 2 * ROUNDS; i++) {
                            writeAll(keys, round.incrementAndGet());
                        }
                    });
            writing.set(false);
            for (Future<?> future : reading) {
                future.get();
            }
        }
    }

    @Test
    void onlyOneOfManyCreatesAKey() throws Exception {
        for (int i = 0; i < 20; i++) {
            Bytes key = bytes("once" + i);
            AtomicInteger winners = new AtomicInteger();
            all(
                    8,
                    () -> {
                        Txn txn =
                                Txn.grow()
                                        .when(new Compare.Absent(key))
                                        .put(key, bytes("mine"))
                                        .elseRead(key)
                                        .build();
                        switch (store.commit(txn)) {
                            case CommitResult.Committed _ -> winners.incrementAndGet();
                            case CommitResult.Refused(ReadResult reads) ->
                                    assertThat(reads.get(0)).isPresent();
                            case CommitResult.Unknown(Throwable cause) ->
                                    throw new AssertionError(cause);
                        }
                    });
            assertThat(winners).hasValue(1);
        }
    }

    /** A bucket is deleted when it is empty, while objects are put if it exists. */
    @Test
    void anEmptyRangeIsComparedAgainstRacingInserts() throws Exception {
        for (int i = 0; i < 50; i++) {
            String bucket = "bucket" + i;
            put(bucket, "here");
            AtomicInteger inserted = new AtomicInteger();
            AtomicInteger deleted = new AtomicInteger();
            AtomicInteger number = new AtomicInteger();
            all(
                    4,
                    () -> {
                        int mine = number.getAndIncrement();
                        if (mine == 0) {
                            if (store.commit(
                                            Txn.upkeep()
                                                    .when(
                                                            new Compare.RangeEmpty(
                                                                    KeyRange.ofPrefix(
                                                                            bytes(bucket + "/"))))
                                                    .delete(bytes(bucket))
                                                    .build())
                                    instanceof CommitResult.Committed) {
                                deleted.incrementAndGet();
                            }
                        } else if (store.commit(
                                        Txn.grow()
                                                .when(new Compare.Present(bytes(bucket)))
                                                .put(bytes(bucket + "/" + mine), bytes("object"))
                                                .build())
                                instanceof CommitResult.Committed) {
                            inserted.incrementAndGet();
                        }
                    });
            assertThat(get(bucket).isPresent()).isEqualTo(deleted.get() == 0);
            assertThat(inserted.get() > 0)
                    .as("an object without its bucket")
                    .isEqualTo(deleted.get() == 0);
        }
    }

    @Test
    void callersThatAreInterruptedStillLearnHowTheirCommitEnded() throws Exception {
        all(
                4,
                () -> {
                    for (int i = 0; i < 20; i++) {
                        Thread.currentThread().interrupt();
                        increment("interrupted");
                        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
                    }
                });
        assertThat(value("interrupted")).isEqualTo("80");
    }

    private long increment(String key) {
        while (true) {
            Optional<KeyValue> old = get(key);
            int next = old.map(found -> Integer.parseInt(text(found)) + 1).orElse(1);
            Compare unchanged =
                    old.<Compare>map(f -> new Compare.ModRevision(f.key(), f.modRevision()))
                            .orElse(new Compare.Absent(bytes(key)));
            if (store.commit(
                            Txn.grow()
                                    .when(unchanged)
                                    .put(bytes(key), bytes(String.valueOf(next)))
                                    .build())
                    instanceof CommitResult.Committed(long revision)) {
                return revision;
            }
        }
    }

    private void writeAll(List<Bytes> keys, int round) {
        Txn.Builder txn = Txn.grow();
        keys.forEach(key -> txn.put(key, bytes(String.valueOf(round))));
        committed(txn.build());
    }

    private ReadResult viewed(List<Bytes> keys) {
        try (ReadView view = store.view()) {
            return view.read(keys);
        }
    }

    private static void expectWhole(ReadResult read) {
        assertThat(read.values().stream().map(found -> text(found.orElseThrow())).distinct())
                .as("values of one transaction")
                .hasSize(1);
        assertThat(read.values().stream().map(found -> found.orElseThrow().modRevision()))
                .allMatch(revision -> revision <= read.revision())
                .as("revisions of one transaction")
                .hasSize(read.values().size());
        assertThat(
                        read.values().stream()
                                .map(found -> found.orElseThrow().modRevision())
                                .distinct())
                .hasSize(1);
    }

    /** Runs a task on several virtual threads and waits for all. */
    private static void all(int threads, Runnable task) throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Object>> tasks = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                tasks.add(Executors.callable(task));
            }
            for (Future<Object> done : executor.invokeAll(tasks)) {
                done.get();
            }
        }
    }
}
