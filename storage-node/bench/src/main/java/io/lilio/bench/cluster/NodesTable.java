package io.lilio.bench.cluster;

import io.lilio.bench.Report;
import io.lilio.bench.http.HttpWorkloads;
import io.lilio.bench.http.LoadGenerator;
import io.lilio.bench.http.Measured;
import io.lilio.bench.http.Row;
import io.lilio.bench.http.Workload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The same work for one, three and five nodes. */
final class NodesTable {

    static final String TITLE = "Clusters of one, three and five nodes";

    private static final int[] SIZES = {1, 3, 5};

    private final Ground ground;

    NodesTable(Ground ground) {
        this.ground = ground;
    }

    void run(Report report, String only) throws IOException, InterruptedException {
        report.section(
                TITLE,
                "make bench-cluster ONLY=nodes",
                """
                %s

                Three copies of everything, an etcd of one member, all on this machine, one cluster after the other: \
                medians of %d runs, and p99. More nodes bring no more disks or cores here; the table shows what a node \
                more costs. One node has three disks; of five, two in five have no copy of a given chunk, and fetch it.\
                """
                        .formatted(ground.describe(), ground.rounds()));
        Map<String, List<String>> cells = new LinkedHashMap<>();
        for (int size : SIZES) {
            measure(size, only, cells);
        }
        report.table(List.of("work", "1 node", "p99", "3 nodes", "p99", "5 nodes", "p99"));
        cells.forEach(
                (name, each) -> {
                    List<String> row = new ArrayList<>(List.of(name));
                    row.addAll(each);
                    report.row(row.toArray(String[]::new));
                });
    }

    private void measure(int size, String only, Map<String, List<String>> cells)
            throws IOException, InterruptedException {
        try (ClusterUnderTest cluster =
                ClusterUnderTest.start(ground.repository(), size, Map.of())) {
            HttpWorkloads workloads = ground.workloads(cluster);
            LoadGenerator load = new LoadGenerator(cluster);
            ground.warmUp(load, workloads);
            Rounds rounds = new Rounds(List.of(load), ground.rounds());
            for (Row row : new ClusterRows(workloads, ground.effort()).few()) {
                workloads.forgetSignatures();
                Workload workload = row.workload().get();
                String name = Rounds.name(workload);
                if (name.contains(only)) {
                    Measured median = rounds.medians(row, workload).getFirst();
                    List<String> its = cells.computeIfAbsent(name, n -> new ArrayList<>());
                    its.add(Rounds.number(row.figure(median)) + " " + row.unit());
                    its.add(Rounds.micros(median.p99Micros()));
                }
            }
        }
    }
}
