package io.lilio.bench.cluster;

import io.lilio.bench.Report;
import java.io.IOException;
import java.util.List;

/** Real clusters over HTTP, durable: what {@code make bench-cluster} measures. */
public final class ClusterBenchmark {

    /** Its sections of the report. */
    public static final List<String> TITLES =
            List.of(
                    WorkTable.TITLE,
                    NodesTable.TITLE,
                    ListTable.TITLE,
                    RebalanceTable.TITLE,
                    CostsTable.TITLE);

    private final Ground ground;

    public ClusterBenchmark(Ground ground) {
        this.ground = ground;
    }

    /**
     * Runs and writes its sections.
     *
     * @param only one of work, nodes, list, rebalance, costs; empty for all
     * @param row rows whose name contains it
     */
    public void run(Report report, String only, String row)
            throws IOException, InterruptedException {
        if (isAsked("work", only)) {
            new WorkTable(ground).run(report, row);
        }
        if (isAsked("nodes", only)) {
            new NodesTable(ground).run(report, row);
        }
        if (isAsked("list", only)) {
            new ListTable(ground).run(report);
        }
        if (isAsked("rebalance", only)) {
            new RebalanceTable(ground).run(report);
        }
        if (isAsked("costs", only)) {
            new CostsTable(ground).run(report);
        }
    }

    private static boolean isAsked(String part, String only) {
        return only.isEmpty() || only.equals(part);
    }
}
