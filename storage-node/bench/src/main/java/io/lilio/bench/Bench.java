package io.lilio.bench;

import io.lilio.bench.cluster.ClusterBenchmark;
import io.lilio.bench.cluster.Ground;
import io.lilio.bench.engine.EngineBenchmark;
import io.lilio.bench.http.HttpBenchmark;
import io.lilio.bench.http.MemoryBenchmark;
import io.lilio.bench.machine.MachineBenchmark;
import io.lilio.bench.machine.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * What {@code make bench} starts. {@code ONLY} in the environment picks one part (machine, engine,
 * http, memory), whose sections then replace those in the file; with {@code ROW}, one table of the
 * engine or rows of the HTTP table, and with {@code QUICK=1}, short runs and rough figures, nothing
 * is written; with {@code PROFILE=1}, rows that met their goals are profiled as well. The argument
 * {@code cluster} after the file has clusters measured in place of these; their sections stay when
 * the others are measured, and the other way round.
 */
public final class Bench {

    /** Fewer than of one process: a round of three nodes takes several times as long. */
    private static final int CLUSTER_ROUNDS = 3;

    private Bench() {}

    /** Runs the benchmarks and writes the file named by the first argument. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path repository = Path.of("").toAbsolutePath();
        Path file = Path.of(arguments[0]);
        String only = System.getenv().getOrDefault("ONLY", "");
        String row = System.getenv().getOrDefault("ROW", "");
        boolean quick = System.getenv().containsKey("QUICK");
        int rounds = quick ? 3 : 5;
        double effort = quick ? 0.1 : 1;
        String head =
                """
                        # Benchmarks

                        `make bench` wrote this file: medians of 5 runs each. What limits the figures, with the profiles \
                        behind it, stands in [docs/performance.md](docs/performance.md).

                        %s
                        """
                        .formatted(new Surroundings(repository).describe());
        boolean shown = !row.isEmpty() || quick;
        if (arguments.length > 1 && arguments[1].equals("cluster")) {
            Report report = Report.continuing(file, head);
            new ClusterBenchmark(new Ground(repository, CLUSTER_ROUNDS, effort))
                    .run(report, only, row);
            finish(report, file, shown);
            return;
        }
        Report report = new Report(head);
        boolean foreign = !shown && !only.isEmpty() && !report.goOnFrom(file);
        if (isAsked("machine", only)) {
            new MachineBenchmark(repository, rounds).run(report);
        }
        if (isAsked("engine", only)) {
            new EngineBenchmark(repository, rounds, effort).run(report, row);
        }
        if (isAsked("http", only)) {
            new HttpBenchmark(repository, rounds, effort).run(report, row);
        }
        if (isAsked("memory", only)) {
            new MemoryBenchmark(repository, rounds, !quick).run(report);
        }
        if (foreign) {
            System.out.println(
                    "\n(Not written to " + file + ", which is not of this machine and version.)");
            return;
        }
        report.keep(file, ClusterBenchmark.TITLES);
        finish(report, file, shown);
    }

    private static void finish(Report report, Path file, boolean shown) throws IOException {
        if (shown) {
            System.out.println("\n(Not written to " + file + ", since ROW or QUICK is set.)");
            return;
        }
        Path whole = file.resolveSibling(file.getFileName() + ".part");
        report.save(whole);
        Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean isAsked(String part, String only) {
        return only.isEmpty() || only.equals(part);
    }
}
