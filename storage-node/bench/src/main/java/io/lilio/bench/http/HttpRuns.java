package io.lilio.bench.http;

import io.lilio.bench.profile.Profiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Runs of workloads against one server.
 *
 * @param rounds of which each figure is the median
 */
record HttpRuns(ServerUnderTest server, LoadGenerator load, int rounds, Profiles profiles) {

    /** What a workload needs to be there, and then the workload. */
    void once(Workload workload) throws IOException, InterruptedException {
        Workload preparation = workload.preparation();
        if (preparation != null) {
            load.run(preparation);
        }
        load.run(workload);
    }

    /** The run in the middle, by the row's figure. */
    Measured median(Row row, Workload workload) throws IOException, InterruptedException {
        List<Measured> runs = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            runs.add(load.run(workload));
        }
        runs.sort(Comparator.comparingDouble(row::figure));
        return runs.get(runs.size() / 2);
    }

    /** What limits a row that missed its goal; empty when it did not. */
    String bottleneck(String name, Row row, Workload workload, Measured median)
            throws IOException, InterruptedException {
        return profiles.bottleneck(
                name,
                row.missed(median),
                server.pid(),
                median.busyCores(),
                () -> median(row, workload));
    }
}
