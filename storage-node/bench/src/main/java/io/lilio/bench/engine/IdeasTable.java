package io.lilio.bench.engine;

import io.lilio.bench.Report;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.backend.local.LocalChunkStoreSettings;
import io.lilio.chunk.buffer.BufferPool;
import io.lilio.chunk.buffer.BufferPoolSettings;
import io.lilio.chunk.buffer.PooledBuffer;
import io.lilio.engine.EngineSettings;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.Txn;
import io.lilio.object.ObjectSettings;
import io.lilio.placement.Replication;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/** Each idea on and off in one run. */
final class IdeasTable {

    private static final int SMALL = 1 << 10;
    private static final int MIDDLE = 64 << 10;
    private static final int CHUNK = 1 << 20;

    private final int rounds;
    private final double effort;

    IdeasTable(int rounds, double effort) {
        this.rounds = rounds;
        this.effort = effort;
    }

    void run(Report report) throws IOException, InterruptedException {
        report.section(
                "What each idea buys",
                "make bench ONLY=engine",
                """
                The same engine with one idea on and off; three local backends and RocksDB, everything synced, unless \
                another ground is named. Off is configuration where the product has it, else this benchmark's own \
                wiring.\
                """);
        report.table(List.of("idea", "work", "on", "off", "ratio"));
        earlyExit(report);
        bufferPool(report);
        parallelChunks(report);
        groupCommit(report);
        inlineObjects(report);
        segments(report);
        directWrites(report);
    }

    private void earlyExit(Report report) throws IOException, InterruptedException {
        row(
                report,
                "early exit (off: W=3)",
                "PUT 1 MiB, memory, 0 to 10 ms at random per replica, 1 client, per s",
                puts(randomlyDelayed(), quorum(2), 1, CHUNK, 100),
                puts(randomlyDelayed(), quorum(3), 1, CHUNK, 100));
    }

    private void bufferPool(Report report) throws IOException, InterruptedException {
        int operations = operations(4_000);
        Trial trial = new Trial(2, operations, CHUNK);
        try (Ground ground = Ground.inMemory(1 << 20)) {
            BufferPool pool =
                    new BufferPool(BufferPoolSettings.ofCapacity(64 << 20), ground.time());
            row(
                    report,
                    "buffer pool (off: a new direct buffer each)",
                    "take and fill 1 MiB, 2 threads, per s",
                    Figures.median(
                            rounds,
                            () ->
                                    trial.run(
                                            _ -> {
                                                try (PooledBuffer buffer =
                                                        pool.acquire(
                                                                CHUNK, Duration.ofSeconds(5))) {
                                                    fill(buffer.buffer());
                                                }
                                            })),
                    Figures.median(
                            rounds, () -> trial.run(_ -> fill(ByteBuffer.allocateDirect(CHUNK)))));
        }
    }

    private static void fill(ByteBuffer buffer) {
        new PatternSource(CHUNK).read(buffer);
    }

    private void parallelChunks(Report report) throws IOException, InterruptedException {
        ObjectSettings on = ObjectSettings.defaults();
        ObjectSettings off =
                new ObjectSettings(
                        on.inlineMaxBytes(), 0, 0, on.bufferWait(), on.pace(), on.etags());
        row(
                report,
                "parallel chunks (off: one after the other)",
                "PUT 16 MiB, 1 client, per s",
                puts(Ground.durable(s -> s), s -> s.withObjects(on), 1, 16 * CHUNK, 16),
                puts(Ground.durable(s -> s), s -> s.withObjects(off), 1, 16 * CHUNK, 16));
    }

    private void groupCommit(Report report) throws IOException, InterruptedException {
        int operations = operations(20_000);
        ReentrantLock alone = new ReentrantLock();
        Trial trial = new Trial(64, operations, 0);
        try (Ground ground = Ground.durable(s -> s)) {
            MetadataStore store = ground.metadata();
            Trial.Operation together = n -> commit(store, n);
            Trial.Operation oneByOne =
                    n -> {
                        alone.lock();
                        try {
                            commit(store, n);
                        } finally {
                            alone.unlock();
                        }
                    };
            trial.run(together);
            row(
                    report,
                    "group commit (off: a sync for each)",
                    "metadata commits, 64 callers, per s",
                    Figures.median(rounds, () -> trial.run(together)),
                    Figures.median(rounds, () -> new Trial(64, operations / 4, 0).run(oneByOne)));
        }
    }

    private static void commit(MetadataStore store, int n) {
        Bytes key = Bytes.ofUtf8("z" + n % 5_000);
        if (!(store.commit(Txn.grow().put(key, Bytes.wrap(new byte[200])).build())
                instanceof CommitResult.Committed)) {
            throw new IllegalStateException("a commit failed");
        }
    }

    private void inlineObjects(Report report) throws IOException, InterruptedException {
        ObjectSettings on = ObjectSettings.defaults();
        ObjectSettings off =
                new ObjectSettings(
                        0,
                        on.writeWindowBytes(),
                        on.readAheadBytes(),
                        on.bufferWait(),
                        on.pace(),
                        on.etags());
        row(
                report,
                "inline objects (off: a chunk each)",
                "PUT 1 KiB, 16 clients, per s",
                puts(Ground.durable(s -> s), s -> s.withObjects(on), 16, SMALL, 8_000),
                puts(Ground.durable(s -> s), s -> s.withObjects(off), 16, SMALL, 4_000));
        row(
                report,
                "inline objects (off: a chunk each)",
                "GET 1 KiB, 16 clients, per s",
                gets(Ground.durable(s -> s), s -> s.withObjects(on), 16, SMALL, 40_000),
                gets(Ground.durable(s -> s), s -> s.withObjects(off), 16, SMALL, 20_000));
    }

    private void segments(Report report) throws IOException, InterruptedException {
        UnaryOperator<LocalChunkStoreSettings> files = s -> s.withFileThresholdBytes(1);
        row(
                report,
                "segments (off: a file for each chunk)",
                "PUT 64 KiB, 16 clients, per s",
                puts(Ground.durable(s -> s), s -> s, 16, MIDDLE, 3_000),
                puts(Ground.durable(files), s -> s, 16, MIDDLE, 1_500));
        UnaryOperator<LocalChunkStoreSettings> segments =
                s -> s.withFileThresholdBytes(Integer.MAX_VALUE);
        row(
                report,
                "files for large chunks (off: segments for all)",
                "PUT 1 MiB, 8 clients, per s",
                puts(Ground.durable(s -> s), s -> s, 8, CHUNK, 800),
                puts(Ground.durable(segments), s -> s, 8, CHUNK, 800));
    }

    private void directWrites(Report report) throws IOException, InterruptedException {
        row(
                report,
                "direct writes (off: through the page cache)",
                "PUT 1 MiB, 8 clients, per s",
                puts(Ground.durable(s -> s), s -> s, 8, CHUNK, 800),
                puts(Ground.durable(s -> s.withDirectWrites(false)), s -> s, 8, CHUNK, 800));
    }

    private static Ground randomlyDelayed() {
        Ground ground = Ground.inMemory(512L << 20);
        List<ChunkStore> delayed = new ArrayList<>();
        for (ChunkStore store : ground.stores()) {
            delayed.add(
                    new DelayedChunkStore(
                            store, () -> ThreadLocalRandom.current().nextLong(10_000_000)));
        }
        return ground.withStores(delayed);
    }

    private static UnaryOperator<EngineSettings> quorum(int write) {
        return settings ->
                settings.withReplication(
                        new Replication(3, write, 2, Replication.Spread.HOST, false));
    }

    private Figures puts(
            Ground ground, UnaryOperator<EngineSettings> settings, int clients, int bytes, int full)
            throws InterruptedException {
        Trial trial = new Trial(clients, operations(full), bytes);
        try (EngineUnderTest engine =
                new EngineUnderTest(ground, EngineUnderTest.DEFAULT_CHUNK, settings)) {
            Figures.Run run =
                    () -> {
                        Figures figures = trial.run(n -> engine.put("put-" + n % 2_000, bytes));
                        engine.forgetChunks();
                        return figures;
                    };
            run.once();
            return Figures.median(rounds, run);
        }
    }

    private Figures gets(
            Ground ground, UnaryOperator<EngineSettings> settings, int clients, int bytes, int full)
            throws InterruptedException {
        int keys = 500;
        try (EngineUnderTest engine =
                new EngineUnderTest(ground, EngineUnderTest.DEFAULT_CHUNK, settings)) {
            new Trial(clients, keys, bytes).run(n -> engine.put("get-" + n, bytes));
            Trial trial = new Trial(clients, operations(full), bytes);
            trial.run(n -> engine.get("get-" + n % keys));
            return Figures.median(rounds, () -> trial.run(n -> engine.get("get-" + n % keys)));
        }
    }

    private int operations(int full) {
        return (int) Math.max(4, full * effort);
    }

    private static void row(Report report, String idea, String work, Figures on, Figures off) {
        report.row(
                idea,
                work,
                Figures.number(on.operationsPerSecond()),
                Figures.number(off.operationsPerSecond()),
                Figures.ratio(on.operationsPerSecond() / off.operationsPerSecond()));
    }
}
