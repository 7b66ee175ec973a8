package io.lilio.bench.cluster;

import io.lilio.bench.Report;
import io.lilio.bench.http.LoadGenerator;
import io.lilio.bench.http.Measured;
import io.lilio.bench.http.Row;
import io.lilio.bench.http.ServerUnderTest;
import io.lilio.bench.http.Workload;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Listings of a bucket with a million keys, beside one process alone. */
final class ListTable {

    static final String TITLE = "Listings in a cluster";

    private static final int KEYS = 1_000_000;

    private final Ground ground;

    ListTable(Ground ground) {
        this.ground = ground;
    }

    void run(Report report) throws IOException, InterruptedException {
        int keys = ground.share(KEYS / 1_000, 20) * 1_000;
        if (ground.effort() < 1) {
            keys = 20_000;
        }
        int directories = keys / ManyKeys.IN_DIRECTORY;
        report.section(
                TITLE,
                "make bench-cluster ONLY=list",
                String.format(
                        Locale.ROOT,
                        """
                        %s

                        %,d keys in %,d directories of 1,000, one client, pages of 1,000: medians of %d runs. A page of \
                        directories (delimiter `/`) has to find the end of each; the seek is what one of them takes. Garage \
                        listed 15,000 keys per second.\
                        """,
                        ground.describe(),
                        keys,
                        directories,
                        ground.rounds()));
        report.table(List.of("listing", "cluster", "p99", "alone", "p99", "cluster / alone"));
        try (ServerUnderTest alone = ServerUnderTest.start(ground.repository(), Map.of());
                ClusterUnderTest cluster =
                        ClusterUnderTest.start(ground.repository(), 3, Map.of())) {
            ground.createBucket(ground.workloads(cluster), alone);
            LoadGenerator ofCluster = new LoadGenerator(cluster);
            LoadGenerator ofOne = new LoadGenerator(alone);
            ManyKeys many = new ManyKeys(ground.signer(cluster), keys);
            many.fill(ofCluster);
            many.fill(ofOne);
            Rounds rounds = new Rounds(List.of(ofCluster, ofOne), ground.rounds());
            pages(report, rounds, many.all(), "%s keys/s, whole", ManyKeys.IN_DIRECTORY);
            int times = ground.share(200, 20);
            int shown = Math.min(directories, ManyKeys.IN_DIRECTORY);
            latency(report, rounds, many.oneDirectory(times), "page of one directory", 1);
            latency(report, rounds, many.directories(times), "page of directories", 1);
            latency(report, rounds, many.directories(times), "seek, of these", shown);
        }
    }

    private static Row row(int scale) {
        return new Row("/s", 0, 0, "", scale, Row.Cpu.NONE, () -> null);
    }

    private static void pages(
            Report report, Rounds rounds, Workload workload, String name, int scale)
            throws IOException, InterruptedException {
        Row row = row(scale);
        List<Measured> medians = rounds.medians(row, workload);
        double cluster = row.figure(medians.get(0));
        double alone = row.figure(medians.get(1));
        report.row(
                workload.name(),
                name.formatted(Rounds.number(cluster)),
                Rounds.micros(medians.get(0).p99Micros()),
                name.formatted(Rounds.number(alone)),
                Rounds.micros(medians.get(1).p99Micros()),
                Rounds.ratio(cluster, alone));
    }

    private static void latency(
            Report report, Rounds rounds, Workload workload, String name, int parts)
            throws IOException, InterruptedException {
        List<Measured> medians = rounds.medians(row(1), workload);
        Measured cluster = medians.get(0);
        Measured alone = medians.get(1);
        report.row(
                name,
                Rounds.micros(cluster.medianMicros() / parts),
                Rounds.micros(cluster.p99Micros() / parts),
                Rounds.micros(alone.medianMicros() / parts),
                Rounds.micros(alone.p99Micros() / parts),
                Rounds.ratio(cluster.medianMicros(), alone.medianMicros()));
    }
}
