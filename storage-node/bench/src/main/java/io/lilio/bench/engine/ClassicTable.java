package io.lilio.bench.engine;

import io.lilio.bench.Report;
import io.lilio.bench.profile.Profiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The table that the Go original publishes: in process, three backends and the metadata in memory,
 * N=3 W=2 R=2.
 */
final class ClassicTable {

    private record Row(String name, int bytes, int callers, double goal, double original) {}

    private static final List<Row> UPLOADS =
            List.of(
                    new Row("1 KB", 1 << 10, 1, 60, 4.5),
                    new Row("100 KB", 100 << 10, 1, 450, 218),
                    new Row("1 MB", 1 << 20, 1, 650, 425),
                    new Row("10 MB", 10 << 20, 1, 750, 433),
                    new Row("100 MB", 100 << 20, 1, 750, 454),
                    new Row("1 MB, ten at once", 1 << 20, 10, 1_200, 795));

    private static final List<Row> DOWNLOADS =
            List.of(
                    new Row("1 KB", 1 << 10, 1, 200, 106),
                    new Row("100 KB", 100 << 10, 1, 1_500, 350),
                    new Row("1 MB", 1 << 20, 1, 2_500, 342),
                    new Row("100 MB", 100 << 20, 1, 2_500, 287));

    private static final long STORE_BYTES = 640L << 20;

    private final int rounds;
    private final double effort;

    private final Profiles profiles;

    /**
     * @param repository below which profiles are laid down
     */
    ClassicTable(Path repository, int rounds, double effort) {
        this.rounds = rounds;
        this.effort = effort;
        this.profiles =
                new Profiles(
                        repository,
                        "[docs/performance.md](docs/performance.md#uploads-in-process)");
    }

    void run(Report report) throws IOException, InterruptedException {
        report.section(
                "The classic table",
                "make bench ONLY=engine",
                """
                In process, three backends and the metadata in memory, N=3 W=2 R=2, chunks of 1 MiB, MD5 and SHA-256 \
                computed as in production. Sizes are powers of two as in the original's benchmark (1 KB is 1,024 \
                bytes), MB/s are 10^6 bytes. "Go" is the Go original on such a machine (best figure); allocated is \
                heap per operation, CPU that of the whole process per operation.\
                """);
        report.table(
                List.of(
                        "work",
                        "MB/s",
                        "goal",
                        "Go",
                        "ratio",
                        "latency",
                        "CPU",
                        "allocated",
                        "bottleneck where missed"));
        try (EngineUnderTest engine =
                new EngineUnderTest(
                        Ground.inMemory(STORE_BYTES), EngineUnderTest.DEFAULT_CHUNK, s -> s)) {
            for (Row row : UPLOADS) {
                uploads(engine, row, 1);
                measure(report, "upload " + row.name(), row, () -> uploads(engine, row, 0));
            }
            for (Row row : DOWNLOADS) {
                engine.put("download-" + row.bytes(), row.bytes());
                downloads(engine, row);
                measure(report, "download " + row.name(), row, () -> downloads(engine, row));
                engine.forgetChunks();
            }
        }
        profiles.write(report);
    }

    private void measure(Report report, String name, Row row, Figures.Run run)
            throws IOException, InterruptedException {
        Figures median = Figures.median(rounds, run);
        String bottleneck =
                profiles.bottleneck(
                        name,
                        median.megabytesPerSecond() < row.goal(),
                        ProcessHandle.current().pid(),
                        median.busyCores(),
                        () -> Figures.median(rounds, run));
        report(report, name, row, bottleneck, median);
    }

    private Figures uploads(EngineUnderTest engine, Row row, int warmUp)
            throws InterruptedException {
        int operations = operations(row, 384L << 20, 20_000);
        Trial trial = new Trial(row.callers(), operations, row.bytes());
        Figures figures =
                trial.run(n -> engine.put("upload-" + row.bytes() + "-" + n % 1_000, row.bytes()));
        engine.forgetChunks();
        if (warmUp > 0 && row.bytes() <= (1 << 20)) {
            // Small operations need the JIT to have seen many of them.
            trial.run(n -> engine.put("upload-" + row.bytes() + "-" + n % 1_000, row.bytes()));
            engine.forgetChunks();
        }
        return figures;
    }

    private Figures downloads(EngineUnderTest engine, Row row) throws InterruptedException {
        int operations = operations(row, 2_048L << 20, 100_000);
        return new Trial(row.callers(), operations, row.bytes())
                .run(n -> engine.get("download-" + row.bytes()));
    }

    private int operations(Row row, long bytes, int most) {
        long full = Math.min(most, Math.max(1, bytes / row.bytes()));
        return (int) Math.max(row.callers(), full * effort);
    }

    private static void report(
            Report report, String name, Row row, String bottleneck, Figures figures) {
        report.row(
                name,
                figures.megabytes(),
                Figures.number(row.goal()),
                Figures.number(row.original()),
                Figures.ratio(figures.megabytesPerSecond() / row.original()),
                figures.latency(),
                figures.cpu(),
                Figures.number(figures.allocatedBytes() / 1024) + " KiB",
                bottleneck);
    }
}
