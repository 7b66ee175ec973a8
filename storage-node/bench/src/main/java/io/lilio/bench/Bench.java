package io.lilio.bench;

import io.lilio.bench.engine.EngineBenchmark;
import io.lilio.bench.http.HttpBenchmark;
import io.lilio.bench.http.MemoryBenchmark;
import io.lilio.bench.machine.MachineBenchmark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What {@code make bench} starts. {@code ONLY} in the environment picks one part (machine, engine,
 * http, memory, and with {@code ROW} one table of the engine or one row of the HTTP table), {@code
 * QUICK=1} makes runs short and figures rough.
 */
public final class Bench {

    private Bench() {}

    /** Runs the benchmarks and writes the file named by the first argument. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path repository = Path.of("").toAbsolutePath();
        String only = System.getenv().getOrDefault("ONLY", "");
        String row = System.getenv().getOrDefault("ROW", "");
        boolean quick = System.getenv().containsKey("QUICK");
        int rounds = quick ? 3 : 5;
        Report report = new Report(Path.of(arguments[0]));
        report.text("# Benchmarks");
        report.text(
                ("`make bench` wrote this file: medians of %d runs each. What limits the figures, with the"
                                + " profiles behind it, stands in docs/performance.md. %s")
                        .formatted(rounds, quick ? "**A quick run: rough figures.**" : ""));
        report.text(machine());
        if (only.isEmpty() || only.equals("machine")) {
            new MachineBenchmark(repository, rounds).run(report);
        }
        if (only.isEmpty() || only.equals("engine")) {
            new EngineBenchmark(rounds, quick ? 0.1 : 1).run(report, row);
        }
        if (only.isEmpty() || only.equals("http")) {
            new HttpBenchmark(repository, rounds, quick ? 0.1 : 1).run(report, row);
        }
        if (only.isEmpty() || only.equals("memory")) {
            new MemoryBenchmark(repository, rounds, !quick).run(report);
        }
    }

    private static String machine() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            List<String> models = lines.filter(line -> line.startsWith("model name")).toList();
            String model =
                    models.isEmpty() ? "unknown CPU" : models.getFirst().replaceAll(".*: ", "");
            return "Machine: %d cores, %s, Linux %s, JDK %s."
                    .formatted(
                            Runtime.getRuntime().availableProcessors(),
                            model,
                            System.getProperty("os.version"),
                            Runtime.version());
        }
    }
}
