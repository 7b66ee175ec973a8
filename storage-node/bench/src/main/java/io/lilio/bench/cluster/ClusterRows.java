package io.lilio.bench.cluster;

import io.lilio.bench.http.HttpWorkloads;
import io.lilio.bench.http.Row;
import io.lilio.bench.http.Workload;
import java.util.List;
import java.util.function.Supplier;

/**
 * The workloads of the HTTP table with the goals for a cluster, and beside them what Garage with
 * three nodes did on the machine on which those were set.
 */
final class ClusterRows {

    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;

    private final HttpWorkloads workloads;
    private final double effort;

    /**
     * @param effort share of the operations of a full run
     */
    ClusterRows(HttpWorkloads workloads, double effort) {
        this.workloads = workloads;
        this.effort = effort;
    }

    /** All of them. */
    List<Row> all() {
        return List.of(
                row("/s", 0, 32, () -> put(KIB, 1, 1_500)),
                row("/s", 2_000, 1_340, () -> put(KIB, 16, 10_000)),
                row("/s", 4_000, 3_588, () -> put(KIB, 64, 16_000)),
                row("/s", 0, 0, () -> get(KIB, 1, 5_000)),
                row("/s", 8_000, 15_141, () -> get(KIB, 16, 32_000)),
                row("/s", 8_000, 14_463, () -> get(KIB, 64, 32_000)),
                row("/s", 0, 0, () -> put(4 * KIB, 1, 1_500)),
                row("/s", 0, 492, () -> put(4 * KIB, 8, 8_000)),
                row("/s", 0, 0, () -> get(4 * KIB, 1, 5_000)),
                row("/s", 0, 167, () -> get(4 * KIB, 8, 20_000)),
                row("MiB/s", 0, 19, () -> put(MIB, 1, 300)),
                row("MiB/s", 180, 114, () -> put(MIB, 8, 800)),
                row("MiB/s", 0, 99, () -> get(MIB, 1, 1_000)),
                row("MiB/s", 1_200, 1_296, () -> get(MIB, 8, 3_000)),
                row("MiB/s", 0, 0, () -> put(10 * MIB, 1, 60)),
                row("MiB/s", 0, 124, () -> put(10 * MIB, 8, 120)),
                row("MiB/s", 0, 0, () -> get(10 * MIB, 1, 200)),
                row("MiB/s", 0, 1_416, () -> get(10 * MIB, 8, 600)),
                row("MiB/s", 220, 117, () -> workloads.put(KIB * MIB, 1, 1)),
                row("MiB/s", 1_500, 1_382, () -> workloads.get(KIB * MIB, 1, 1)));
    }

    /** Those that tell how a cluster grows. */
    List<Row> few() {
        return List.of(
                row("/s", 0, 0, () -> put(KIB, 16, 10_000)),
                row("/s", 0, 0, () -> put(KIB, 64, 16_000)),
                row("/s", 0, 0, () -> get(KIB, 16, 32_000)),
                row("/s", 0, 0, () -> get(KIB, 64, 32_000)),
                row("MiB/s", 0, 0, () -> put(MIB, 8, 800)),
                row("MiB/s", 0, 0, () -> get(MIB, 8, 3_000)));
    }

    private static Row row(String unit, double goal, double peer, Supplier<Workload> workload) {
        return new Row(unit, goal, peer, "Garage, 3 nodes", 1, Row.Cpu.NONE, workload);
    }

    private Workload put(int size, int clients, long operations) {
        return workloads.put(size, clients, operations(operations));
    }

    private Workload get(int size, int clients, long operations) {
        return workloads.get(size, clients, operations(operations));
    }

    private long operations(long full) {
        return Math.max(64, (long) (full * effort));
    }
}
