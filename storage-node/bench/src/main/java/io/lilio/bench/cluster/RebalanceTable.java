package io.lilio.bench.cluster;

import io.lilio.bench.Report;
import io.lilio.bench.http.HttpWorkloads;
import io.lilio.bench.http.LoadGenerator;
import io.lilio.bench.http.Workload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How fast a node that joins gets its share, and what clients feel of it. */
final class RebalanceTable {

    static final String TITLE = "Rebalance, and what clients feel of it";

    private static final int MIB = 1 << 20;
    private static final int KEYS = 64;

    private final Ground ground;

    RebalanceTable(Ground ground) {
        this.ground = ground;
    }

    void run(Report report) throws IOException, InterruptedException {
        report.section(
                TITLE,
                "make bench-cluster ONLY=rebalance",
                """
                %s

                A fourth node joins three, which hold %d objects of 16 MiB, while 4 clients PUT 1 KiB and 4 clients GET 1 MiB \
                without a pause: medians of %d runs, each on a new cluster. MB (10^6 bytes) are what the new node holds at \
                the end, by its own account. The pace is `lilio.maintenance.rebalance.max-bytes-per-second` of each node: \
                its default, and as good as none; rebalance makes way for clients in either case. "Before" is the same load in \
                the %d seconds before.\
                """
                        .formatted(
                                ground.describe(),
                                objects(),
                                ground.rounds(),
                                quietMillis() / 1000));
        report.table(
                List.of(
                        "pace",
                        "moved",
                        "time",
                        "rate",
                        "PUT 1 KiB per s: before",
                        "meanwhile",
                        "p99: before",
                        "meanwhile",
                        "GET 1 MiB per s: before",
                        "meanwhile",
                        "p99: before",
                        "meanwhile",
                        "failed requests"));
        paced(report, "128M");
        paced(report, "100G");
    }

    private int objects() {
        return ground.share(128, 16);
    }

    private long quietMillis() {
        return ground.share(10_000, 3_000);
    }

    private void paced(Report report, String pace) throws IOException, InterruptedException {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < ground.rounds(); i++) {
            changes.add(once(pace));
        }
        changes.sort((a, b) -> Double.compare(a.rate(), b.rate()));
        Change median = changes.get(changes.size() / 2);
        Latencies.Period putBefore = median.before().get(0);
        Latencies.Period putMeanwhile = median.meanwhile().get(0);
        Latencies.Period getBefore = median.before().get(1);
        Latencies.Period getMeanwhile = median.meanwhile().get(1);
        report.row(
                pace + "/s",
                Rounds.number(median.megabytes()) + " MB",
                String.format(Locale.ROOT, "%.1f s", median.seconds()),
                Rounds.number(median.rate()) + " MB/s",
                Rounds.number(putBefore.perSecond()),
                Rounds.number(putMeanwhile.perSecond()),
                Rounds.micros(putBefore.p99Micros()),
                Rounds.micros(putMeanwhile.p99Micros()),
                Rounds.number(getBefore.perSecond()),
                Rounds.number(getMeanwhile.perSecond()),
                Rounds.micros(getBefore.p99Micros()),
                Rounds.micros(getMeanwhile.p99Micros()),
                Rounds.number((double) (putMeanwhile.failed() + getMeanwhile.failed())));
    }

    /** One join, from the command to the last partition that is settled. */
    private record Change(
            double megabytes,
            double seconds,
            List<Latencies.Period> before,
            List<Latencies.Period> meanwhile) {

        double rate() {
            return megabytes / seconds;
        }
    }

    private Change once(String pace) throws IOException, InterruptedException {
        Map<String, String> settings =
                Map.of("LILIO_MAINTENANCE_REBALANCE_MAX_BYTES_PER_SECOND", pace);
        try (ClusterUnderTest cluster = ClusterUnderTest.start(ground.repository(), 3, settings)) {
            HttpWorkloads workloads = ground.workloads(cluster);
            LoadGenerator load = new LoadGenerator(cluster);
            load.run(workloads.putNew("moved", 16 * MIB, 4, objects()));
            Workload put = workloads.put(1 << 10, 4, 1);
            Workload get = workloads.get(MIB, 4, 1);
            load.run(workloads.put(MIB, 1, KEYS));
            RingAdmin ring = new RingAdmin(cluster.admin());
            try (SteadyLoad steady = new SteadyLoad(cluster, List.of(put, get))) {
                Thread.sleep(quietMillis() / 2);
                steady.endPeriod();
                String node = cluster.join();
                steady.endPeriod();
                Thread.sleep(quietMillis());
                List<Latencies.Period> before = steady.endPeriod();
                long begin = System.nanoTime();
                ring.admit(node);
                ring.awaitSettled();
                double seconds = (System.nanoTime() - begin) / 1e9;
                List<Latencies.Period> meanwhile = steady.endPeriod();
                return new Change(ring.storedBytes(node) / 1e6, seconds, before, meanwhile);
            }
        }
    }
}
