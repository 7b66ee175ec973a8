package io.lilio.bench.http;

import io.lilio.bench.Report;
import io.lilio.bench.profile.Profiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The real server over HTTP, durable, three local backends, N=3 W=2 R=2: one process for the
 * server, one for the clients, both on this machine. Each row is the median of {@code rounds} runs
 * after one that is not counted; runs of different rows take turns within a row only.
 */
public final class HttpBenchmark {

    private final Path repository;
    private final int rounds;
    private final double effort;

    /**
     * @param rounds runs of each row; 5 or more for figures that are published
     * @param effort share of the operations of a full run, for trying things out
     */
    public HttpBenchmark(Path repository, int rounds, double effort) {
        this.repository = repository;
        this.rounds = rounds;
        this.effort = effort;
    }

    /** Runs every row whose name contains {@code only}, and writes the section. */
    public void run(Report report, String only) throws IOException, InterruptedException {
        report.section(
                "Through HTTP, durable, three local backends",
                "make bench ONLY=http",
                """
                Signed with SigV4, body hash included up to 10 MiB. Objects up to 4 KiB ride in their metadata record: \
                one copy, synced. Larger ones are answered when two of three copies and the commit are synced, and the \
                third follows. Most peers write one copy and do not sync. CPU is that of the server, and in brackets of the \
                load generator, which shares the two cores.\
                """);
        report.table(
                List.of(
                        "work",
                        "Lilio",
                        "goal",
                        "best peer",
                        "ratio",
                        "median",
                        "p99",
                        "CPU ms per request",
                        "goal",
                        "best peer",
                        "ratio",
                        "bottleneck where missed"));
        try (ServerUnderTest server = ServerUnderTest.start(repository, Map.of())) {
            RequestSigner signer =
                    new RequestSigner(
                            server.endpoint(),
                            ServerUnderTest.ACCESS_KEY,
                            ServerUnderTest.SECRET_KEY);
            HttpWorkloads workloads = new HttpWorkloads(signer);
            try (KeptAliveConnection connection = new KeptAliveConnection(server.endpoint())) {
                workloads.createBucket(connection);
            }
            Profiles profiles =
                    new Profiles(
                            repository,
                            "[docs/performance.md](docs/performance.md#put-of-large-objects)");
            HttpRuns runs = new HttpRuns(server, new LoadGenerator(server), rounds, profiles);
            warmUp(runs, workloads);
            for (Row row : rows(workloads)) {
                workloads.forgetSignatures();
                Workload workload = row.workload().get();
                String name = workload.name() + clients(workload);
                if (name.contains(only)) {
                    measure(report, runs, name, row, workload);
                }
            }
            listings(report, runs, workloads, only);
            profiles.write(report);
        }
    }

    private static void measure(
            Report report, HttpRuns runs, String name, Row row, Workload workload)
            throws IOException, InterruptedException {
        runs.once(workload);
        Measured median = runs.median(row, workload);
        report(report, name, row, median, runs.bottleneck(name, row, workload, median));
    }

    private void warmUp(HttpRuns runs, HttpWorkloads workloads)
            throws IOException, InterruptedException {
        runs.once(workloads.put(1 << 10, 16, (long) (20_000 * effort) + 600));
        runs.once(workloads.get(1 << 10, 16, (long) (40_000 * effort) + 600));
        runs.once(workloads.put(1 << 20, 8, 200));
        runs.once(workloads.get(1 << 20, 8, 400));
    }

    private List<Row> rows(HttpWorkloads w) {
        int kib = 1 << 10;
        int mib = 1 << 20;
        return List.of(
                row("/s", 2_500, 5_995, "Garage", () -> w.put(kib, 1, ops(6_000))),
                row("/s", 9_000, 8_382, "Garage", () -> w.put(kib, 16, ops(30_000)))
                        .withCpu(0, 0.14, "Garage"),
                row("/s", 12_000, 8_866, "Garage", () -> w.put(kib, 64, ops(40_000))),
                row("/s", 0, 0, "", () -> w.get(kib, 1, ops(15_000))),
                row("/s", 24_000, 23_589, "Garage", () -> w.get(kib, 16, ops(80_000)))
                        .withCpu(0, 0.03, "Garage"),
                row("/s", 26_000, 25_534, "Garage", () -> w.get(kib, 64, ops(80_000))),
                row("/s", 0, 0, "", () -> w.put(4 * kib, 1, ops(5_000))),
                row("/s", 6_000, 4_232, "SeaweedFS", () -> w.put(4 * kib, 8, ops(20_000))),
                row("/s", 0, 0, "", () -> w.get(4 * kib, 1, ops(15_000))),
                row("/s", 12_000, 10_920, "Lilio in Go", () -> w.get(4 * kib, 8, ops(50_000))),
                row("MiB/s", 280, 268, "Lilio in Go", () -> w.put(mib, 1, ops(400))),
                row("MiB/s", 420, 418, "MinIO", () -> w.put(mib, 8, ops(800))),
                row("MiB/s", 1_400, 1_379, "SeaweedFS", () -> w.get(mib, 1, ops(2_000))),
                row("MiB/s", 2_300, 2_270, "SeaweedFS", () -> w.get(mib, 8, ops(4_000))),
                row("MiB/s", 0, 0, "", () -> w.put(10 * mib, 1, ops(80))),
                row("MiB/s", 450, 488, "MinIO", () -> w.put(10 * mib, 8, ops(120))),
                row("MiB/s", 0, 0, "", () -> w.get(10 * mib, 1, ops(300))),
                row("MiB/s", 4_300, 4_232, "MinIO", () -> w.get(10 * mib, 8, ops(800))),
                row("MiB/s", 500, 686, "MinIO, 4 drives", () -> w.put(kib * mib, 1, 1))
                        .withCpu(3_000, 2_500, "MinIO"),
                row("MiB/s", 3_300, 3_280, "SeaweedFS", () -> w.get(kib * mib, 1, 1))
                        .withCpu(450, 350, "MinIO"));
    }

    private static Row row(
            String unit, double goal, double bestPeer, String peer, Supplier<Workload> workload) {
        return new Row(unit, goal, bestPeer, peer, 1, Row.Cpu.NONE, workload);
    }

    private void listings(Report report, HttpRuns runs, HttpWorkloads workloads, String only)
            throws IOException, InterruptedException {
        for (int keys : new int[] {10_000, 1_000_000}) {
            if (!("LIST " + keys).contains(only) || (keys > 10_000 && effort < 1)) {
                continue;
            }
            Workload workload = workloads.list(keys);
            Row row = new Row("/s", 120_000, 105_000, "Garage", 1000, Row.Cpu.NONE, () -> workload);
            measure(report, runs, workload.name() + " keys", row, workload);
        }
    }

    private long ops(long full) {
        return Math.max(32, (long) (full * effort));
    }

    private static void report(
            Report report, String name, Row row, Measured run, String bottleneck) {
        double figure = row.figure(run);
        report.row(
                name,
                number(figure) + " " + row.unit(),
                row.goal() == 0 ? "" : number(row.goal()),
                row.bestPeer() == 0 ? "" : number(row.bestPeer()) + " (" + row.peer() + ")",
                row.bestPeer() == 0
                        ? ""
                        : String.format(Locale.ROOT, "%.2f", figure / row.bestPeer()),
                number(run.medianMicros()) + " µs",
                number(run.p99Micros()) + " µs",
                String.format(
                        Locale.ROOT, "%.3f (%.3f)", run.serverCpuMillis(), run.clientCpuMillis()),
                row.cpu().goalMillis() == 0 ? "" : "≤ " + number(row.cpu().goalMillis()),
                row.cpu().bestPeerMillis() == 0
                        ? ""
                        : "%s (%s)".formatted(row.cpu().bestPeerMillis(), row.cpu().peer()),
                row.cpu().bestPeerMillis() == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                "%.2f",
                                run.serverCpuMillis() / row.cpu().bestPeerMillis()),
                bottleneck);
    }

    private static String clients(Workload workload) {
        return workload.clients() == 1 ? ", 1 client" : ", " + workload.clients() + " clients";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.1f" : "%,.0f", value);
    }
}
