package io.lilio.bench.cluster;

import io.lilio.bench.Report;
import io.lilio.bench.http.HttpWorkloads;
import io.lilio.bench.http.LoadGenerator;
import io.lilio.bench.http.Measured;
import io.lilio.bench.http.Row;
import io.lilio.bench.http.ServerUnderTest;
import io.lilio.bench.http.Workload;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What three nodes do, beside one process alone and the goals. */
final class WorkTable {

    static final String TITLE = "Cluster of three nodes, durable";

    private final Ground ground;

    WorkTable(Ground ground) {
        this.ground = ground;
    }

    void run(Report report, String only) throws IOException, InterruptedException {
        report.section(
                TITLE,
                "make bench-cluster ONLY=work",
                """
                %s

                Three nodes with a disk each and an etcd of one member, against one process with three disks and RocksDB \
                ("alone"), by turns: medians of %d runs. Clients are dealt out to the nodes in turn; one client has one \
                node. All processes, the load generator among them, share this machine, and every copy, every commit and \
                etcd's log are synced to its one disk. What Garage did, with three nodes, its default durability (no sync) \
                and all on one machine too, was measured on the machine on which the goals were set. CPU is that of all \
                nodes and of etcd, and in brackets of the load generator.\
                """
                        .formatted(ground.describe(), ground.rounds()));
        report.table(
                List.of(
                        "work",
                        "cluster",
                        "goal",
                        "Garage",
                        "cluster / Garage",
                        "alone",
                        "cluster / alone",
                        "median",
                        "p99",
                        "alone: median",
                        "p99",
                        "CPU ms per request",
                        "alone"));
        try (ServerUnderTest alone = ServerUnderTest.start(ground.repository(), Map.of());
                ClusterUnderTest cluster =
                        ClusterUnderTest.start(ground.repository(), 3, Map.of())) {
            HttpWorkloads workloads = ground.workloads(cluster);
            ground.createBucket(workloads, alone);
            LoadGenerator ofCluster = new LoadGenerator(cluster);
            LoadGenerator ofOne = new LoadGenerator(alone);
            ground.warmUp(ofCluster, workloads);
            ground.warmUp(ofOne, workloads);
            Rounds rounds = new Rounds(List.of(ofCluster, ofOne), ground.rounds());
            for (Row row : new ClusterRows(workloads, ground.effort()).all()) {
                workloads.forgetSignatures();
                Workload workload = row.workload().get();
                if (Rounds.name(workload).contains(only)) {
                    List<Measured> medians = rounds.medians(row, workload);
                    report(report, row, workload, medians.get(0), medians.get(1));
                }
            }
        }
    }

    private static void report(
            Report report, Row row, Workload workload, Measured cluster, Measured alone) {
        double figure = row.figure(cluster);
        report.row(
                Rounds.name(workload),
                Rounds.number(figure) + " " + row.unit(),
                row.goal() == 0 ? "" : Rounds.number(row.goal()),
                row.bestPeer() == 0 ? "" : Rounds.number(row.bestPeer()),
                Rounds.ratio(figure, row.bestPeer()),
                Rounds.number(row.figure(alone)) + " " + row.unit(),
                Rounds.ratio(figure, row.figure(alone)),
                Rounds.micros(cluster.medianMicros()),
                Rounds.micros(cluster.p99Micros()),
                Rounds.micros(alone.medianMicros()),
                Rounds.micros(alone.p99Micros()),
                cpu(cluster),
                cpu(alone));
    }

    private static String cpu(Measured run) {
        return String.format(
                Locale.ROOT, "%.3f (%.3f)", run.serverCpuMillis(), run.clientCpuMillis());
    }
}
