package io.lilio.bench.cluster;

import io.lilio.bench.Report;
import io.lilio.bench.http.HttpWorkloads;
import io.lilio.bench.http.LoadGenerator;
import io.lilio.bench.http.Measured;
import io.lilio.bench.http.Workload;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What objects of several sizes take in etcd, at rest and while they are written and read. */
final class CostsTable {

    static final String TITLE = "What an object costs in etcd";

    /** Of inline objects, of those with one chunk, of those with many. */
    private static final int[] SIZES = {256, 1 << 10, 1 << 20, 16 << 20};

    private final Ground ground;

    CostsTable(Ground ground) {
        this.ground = ground;
    }

    void run(Report report) throws IOException, InterruptedException {
        report.section(
                TITLE,
                "make bench-cluster ONLY=costs",
                """
                %s

                New objects with keys of 20 to 30 bytes, 16 clients, three nodes and an etcd of one member. At rest is what \
                etcd's database grew by when the history was compacted; transactions are proposals to its log, in which \
                commits that come together share one; the log's bytes and syncs are what it wrote meanwhile, the nodes' own \
                heartbeats and marks included.\
                """
                        .formatted(ground.describe()));
        report.table(
                List.of(
                        "object",
                        "stored",
                        "per s",
                        "at rest, bytes each",
                        "keys each",
                        "transactions each",
                        "syncs each",
                        "log bytes each",
                        "etcd's CPU ms each",
                        "ranges of a GET"));
        try (ClusterUnderTest cluster = ClusterUnderTest.start(ground.repository(), 3, Map.of())) {
            HttpWorkloads workloads = ground.workloads(cluster);
            LoadGenerator load = new LoadGenerator(cluster);
            load.run(workloads.put(1 << 10, 16, 1_000));
            for (int size : SIZES) {
                measure(report, cluster, load, workloads, size);
            }
        }
    }

    private void measure(
            Report report,
            ClusterUnderTest cluster,
            LoadGenerator load,
            HttpWorkloads workloads,
            int size)
            throws IOException, InterruptedException {
        EtcdUnderTest etcd = cluster.etcd();
        int full = size >= 16 << 20 ? 64 : size >= 1 << 20 ? 1_024 : 32_000;
        long objects = ground.share(full, size >= 16 << 20 ? 16 : 64) / 16 * 16L;
        settle();
        long atRest = etcd.bytesAtRest();
        workloads.forgetSignatures();
        Workload put = workloads.putNew("cost", size, 16, (int) objects);
        double cpu = etcd.cpuSeconds();
        Snapshot before = Snapshot.of(etcd);
        Measured written = load.run(put);
        double cpuAfter = etcd.cpuSeconds();
        Snapshot after = Snapshot.of(etcd);
        settle();
        long grown = etcd.bytesAtRest() - atRest;
        Snapshot settled = Snapshot.of(etcd);
        double ranges = etcd.metric("etcd_mvcc_range_total");
        Measured read = load.run(workloads.getNew("cost", size, 16, (int) objects));
        ranges = etcd.metric("etcd_mvcc_range_total") - ranges;
        report.row(
                label(size),
                Rounds.number((double) objects),
                Rounds.number(written.operationsPerSecond()),
                Rounds.number((double) grown / objects),
                each(settled.keys() - before.keys(), objects),
                each(after.proposals() - before.proposals(), objects),
                each(after.syncs() - before.syncs(), objects),
                Rounds.number((after.logBytes() - before.logBytes()) / objects),
                String.format(Locale.ROOT, "%.3f", (cpuAfter - cpu) * 1e3 / objects),
                each(ranges, Math.round(read.operationsPerSecond() * read.seconds())));
    }

    /** Marks move on, confirmations and trash are over. */
    private void settle() throws InterruptedException {
        Thread.sleep(ground.share(10_000, 5_000));
    }

    private static String each(double all, long objects) {
        return String.format(Locale.ROOT, "%.2f", all / objects);
    }

    private static String label(int size) {
        return size >= 1 << 20
                ? (size >> 20) + " MiB"
                : size >= 1 << 10 ? (size >> 10) + " KiB" : size + " bytes";
    }

    /** Etcd's counters at a moment. */
    private record Snapshot(double keys, double proposals, double syncs, double logBytes) {

        static Snapshot of(EtcdUnderTest etcd) throws IOException, InterruptedException {
            return new Snapshot(
                    etcd.metric("etcd_debugging_mvcc_keys_total"),
                    etcd.metric("etcd_server_proposals_committed_total"),
                    etcd.metric("etcd_disk_wal_fsync_duration_seconds_count"),
                    etcd.metric("etcd_disk_wal_write_bytes_total"));
        }
    }
}
