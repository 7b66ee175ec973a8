package io.lilio.bench.engine;

import io.lilio.bench.Report;
import io.lilio.chunk.buffer.BufferPoolSettings;
import java.io.IOException;
import java.util.List;

/** The same large object in chunks of different size. */
final class ChunkSizeTable {

    private static final int OBJECT = 256 << 20;
    private static final int[] CHUNKS = {64 << 10, 1 << 20, 4 << 20, 16 << 20, 64 << 20};

    private final int rounds;
    private final double effort;

    ChunkSizeTable(int rounds, double effort) {
        this.rounds = rounds;
        this.effort = effort;
    }

    void run(Report report) throws IOException, InterruptedException {
        report.section(
                "Chunk size",
                "make bench ONLY=engine",
                """
                In process, three local backends and RocksDB, everything synced, N=3 W=2 R=2; one client, objects of \
                256 MiB, a buffer pool of 512 MiB so that the largest chunks fit.\
                """);
        report.table(List.of("chunk", "PUT MB/s", "GET MB/s"));
        for (int chunk : CHUNKS) {
            measure(report, chunk);
        }
    }

    private void measure(Report report, int chunk) throws IOException, InterruptedException {
        try (EngineUnderTest engine =
                new EngineUnderTest(
                        Ground.durable(s -> s),
                        chunk,
                        s -> s.withBuffers(BufferPoolSettings.ofCapacity(512L << 20)))) {
            Trial put = new Trial(1, 1, OBJECT);
            Figures.Run puts =
                    () -> {
                        engine.forgetChunks();
                        return put.run(n -> engine.put("object", OBJECT));
                    };
            puts.once();
            Figures written = Figures.median(rounds, puts);
            Trial get = new Trial(1, (int) Math.max(1, 8 * effort), OBJECT);
            get.run(n -> engine.get("object"));
            Figures read = Figures.median(rounds, () -> get.run(n -> engine.get("object")));
            report.row(
                    chunk < (1 << 20) ? (chunk >> 10) + " KiB" : (chunk >> 20) + " MiB",
                    written.megabytes(),
                    read.megabytes());
        }
    }
}
