package io.lilio.bench.http;

import io.lilio.bench.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The real server over HTTP, durable, three local backends, N=3 W=2 R=2: one process for the
 * server, one for the clients, both on this machine. Each row is the median of {@code rounds} runs
 * after one that is not counted; runs of different rows take turns within a row only.
 */
public final class HttpBenchmark {

    private static final long GIB = 1L << 30;

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
                Signed with SigV4, body hash included up to 10 MiB. Every copy and every commit is synced before the \
                answer; most peers write one copy and do not sync. CPU is that of the server, and in brackets of the \
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
                        "CPU ms per request"));
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
            LoadGenerator load = new LoadGenerator(server);
            warmUp(load, workloads);
            for (Row row : rows(workloads)) {
                workloads.forgetSignatures();
                Workload workload = row.workload().get();
                String name = workload.name() + clients(workload);
                if (name.contains(only)) {
                    report(report, name, row, median(load, row, workload));
                }
            }
            listings(report, load, workloads, only);
        }
    }

    private void warmUp(LoadGenerator load, HttpWorkloads workloads)
            throws IOException, InterruptedException {
        load.run(workloads.put("warm-up", 1024, 16, (long) (20_000 * effort) + 600));
        load.run(workloads.get("warm-up", 1024, 16, (long) (40_000 * effort) + 600));
        load.run(workloads.put("warm-up", 1 << 20, 8, 200));
        load.run(workloads.get("warm-up", 1 << 20, 8, 400));
    }

    private List<Row> rows(HttpWorkloads w) {
        List<Row> rows = new ArrayList<>();
        rows.add(
                new Row(
                        "/s",
                        2_500,
                        5_995,
                        "Garage",
                        1,
                        () -> w.put("1 KiB", 1024, 1, ops(6_000))));
        rows.add(
                new Row(
                        "/s",
                        9_000,
                        8_382,
                        "Garage",
                        1,
                        () -> w.put("1 KiB", 1024, 16, ops(30_000))));
        rows.add(
                new Row(
                        "/s",
                        12_000,
                        8_866,
                        "Garage",
                        1,
                        () -> w.put("1 KiB", 1024, 64, ops(40_000))));
        rows.add(new Row("/s", 0, 0, "", 1, () -> w.get("1 KiB", 1024, 1, ops(15_000))));
        rows.add(
                new Row(
                        "/s",
                        24_000,
                        23_589,
                        "Garage",
                        1,
                        () -> w.get("1 KiB", 1024, 16, ops(80_000))));
        rows.add(
                new Row(
                        "/s",
                        26_000,
                        25_534,
                        "Garage",
                        1,
                        () -> w.get("1 KiB", 1024, 64, ops(80_000))));
        rows.add(new Row("/s", 0, 0, "", 1, () -> w.put("4 KiB", 4096, 1, ops(5_000))));
        rows.add(
                new Row(
                        "/s",
                        6_000,
                        4_232,
                        "SeaweedFS",
                        1,
                        () -> w.put("4 KiB", 4096, 8, ops(20_000))));
        rows.add(new Row("/s", 0, 0, "", 1, () -> w.get("4 KiB", 4096, 1, ops(15_000))));
        rows.add(
                new Row(
                        "/s",
                        12_000,
                        10_920,
                        "Lilio in Go",
                        1,
                        () -> w.get("4 KiB", 4096, 8, ops(50_000))));
        rows.add(
                new Row(
                        "MiB/s",
                        280,
                        268,
                        "Lilio in Go",
                        1,
                        () -> w.put("1 MiB", 1 << 20, 1, ops(400))));
        rows.add(
                new Row("MiB/s", 420, 418, "MinIO", 1, () -> w.put("1 MiB", 1 << 20, 8, ops(800))));
        rows.add(
                new Row(
                        "MiB/s",
                        1_400,
                        1_379,
                        "SeaweedFS",
                        1,
                        () -> w.get("1 MiB", 1 << 20, 1, ops(2_000))));
        rows.add(
                new Row(
                        "MiB/s",
                        2_300,
                        2_270,
                        "SeaweedFS",
                        1,
                        () -> w.get("1 MiB", 1 << 20, 8, ops(4_000))));
        rows.add(new Row("MiB/s", 0, 0, "", 1, () -> w.put("10 MiB", 10 << 20, 1, ops(80))));
        rows.add(
                new Row(
                        "MiB/s",
                        450,
                        488,
                        "MinIO",
                        1,
                        () -> w.put("10 MiB", 10 << 20, 8, ops(120))));
        rows.add(new Row("MiB/s", 0, 0, "", 1, () -> w.get("10 MiB", 10 << 20, 1, ops(300))));
        rows.add(
                new Row(
                        "MiB/s",
                        4_300,
                        4_232,
                        "MinIO",
                        1,
                        () -> w.get("10 MiB", 10 << 20, 8, ops(800))));
        rows.add(new Row("MiB/s", 500, 686, "MinIO, 4 drives", 1, () -> w.putLarge("1 GiB", GIB)));
        rows.add(new Row("MiB/s", 3_300, 3_280, "SeaweedFS", 1, () -> w.getLarge("1 GiB", GIB)));
        return rows;
    }

    private void listings(Report report, LoadGenerator load, HttpWorkloads workloads, String only)
            throws IOException, InterruptedException {
        for (int keys : new int[] {10_000, 1_000_000}) {
            if (!("LIST " + keys).contains(only) || (keys > 10_000 && effort < 1)) {
                continue;
            }
            load.run(workloads.fillForListing(keys, 50));
            Workload workload = workloads.list(keys);
            Row row = new Row("/s", 120_000, 105_000, "Garage", 1000, () -> workload);
            report(report, workload.name() + " keys", row, median(load, row, workload));
        }
    }

    private long ops(long full) {
        return Math.max(32, (long) (full * effort));
    }

    private Measured median(LoadGenerator load, Row row, Workload workload)
            throws IOException, InterruptedException {
        load.run(workload);
        List<Measured> runs = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            runs.add(load.run(workload));
        }
        runs.sort(Comparator.comparingDouble(row::figure));
        return runs.get(runs.size() / 2);
    }

    private static void report(Report report, String name, Row row, Measured run)
            throws IOException {
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
                        Locale.ROOT, "%.3f (%.3f)", run.serverCpuMillis(), run.clientCpuMillis()));
    }

    private static String clients(Workload workload) {
        return workload.clients() == 1 ? ", 1 client" : ", " + workload.clients() + " clients";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.1f" : "%,.0f", value);
    }
}
