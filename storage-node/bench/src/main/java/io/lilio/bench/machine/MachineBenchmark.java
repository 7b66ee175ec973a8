package io.lilio.bench.machine;

import io.lilio.bench.Report;
import io.lilio.bench.machine.SyncedWrites.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The parts of a PUT that nobody can leave out, measured bare on the same disk and the same
 * processors: digests, synced appends, synced files in three directories. Beside each stands what
 * the machine had on which the goals were set, so that goals and peers can be scaled.
 */
public final class MachineBenchmark {

    private final Path repository;
    private final int rounds;

    /**
     * @param repository where the benchmarks keep their data
     * @param rounds runs of each row; the median counts
     */
    public MachineBenchmark(Path repository, int rounds) {
        this.repository = repository;
        this.rounds = rounds;
    }

    /** Measures and writes the section. */
    public void run(Report report) throws IOException, InterruptedException {
        report.section(
                "The machine",
                "make bench ONLY=machine",
                """
                What this machine does without Lilio, and what the machine did on which the goals were set and the \
                peers were measured. Storing N=3 copies takes three synced writes, which four lines measure without \
                anything else: PUT of larger objects cannot be much faster, nor need less CPU. The last line is the same \
                for GET.\
                """);
        report.table(List.of("what", "here", "there"));
        report.row(
                "MD5, one core",
                megabytes(median(() -> Hashing.megabytesPerSecond("MD5"))),
                "900 MB/s");
        report.row(
                "SHA-256, one core",
                megabytes(median(() -> Hashing.megabytesPerSecond("SHA-256"))),
                "2,000 MB/s");
        Path directory =
                Files.createTempDirectory(
                        Files.createDirectories(repository.resolve("bench-data")), "machine");
        try (SyncedWrites disk = new SyncedWrites(directory)) {
            report.row(
                    "append of 4 KiB and sync, median",
                    number(median(disk::appendMicros)) + " µs",
                    "63 µs");
            report.row(
                    "1 MiB into three synced files, 8 writers, per second",
                    threeCopies(disk, Way.THROUGH_THE_CACHE),
                    "625 MiB/s");
            report.row("the same past the page cache", threeCopies(disk, Way.PAST_THE_CACHE), "");
            report.row(
                    "CPU for 1 GiB: MD5, SHA-256 and three synced copies",
                    cpu(disk, Way.THROUGH_THE_CACHE),
                    "2.7 s");
            report.row("the same past the page cache", cpu(disk, Way.PAST_THE_CACHE), "");
            try (LoopbackReads reads = new LoopbackReads(directory)) {
                report.row(
                        "files in the page cache, 1 MiB read and sent over loopback, 8 connections",
                        number(median(reads::mebibytesPerSecond)) + " MiB/s",
                        "");
            }
        }
    }

    private String threeCopies(SyncedWrites disk, Way way)
            throws IOException, InterruptedException {
        return number(median(() -> disk.threeCopiesMebibytesPerSecond(way))) + " MiB/s";
    }

    private String cpu(SyncedWrites disk, Way way) throws IOException, InterruptedException {
        return String.format(Locale.ROOT, "%.1f s", median(() -> disk.cpuSecondsPerGibibyte(way)));
    }

    @FunctionalInterface
    private interface Trial {
        double run() throws IOException, InterruptedException;
    }

    private double median(Trial trial) throws IOException, InterruptedException {
        trial.run();
        double[] figures = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            figures[i] = trial.run();
        }
        Arrays.sort(figures);
        return figures[rounds / 2];
    }

    private static String megabytes(double value) {
        return number(value) + " MB/s";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }
}
