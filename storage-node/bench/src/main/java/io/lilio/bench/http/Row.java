package io.lilio.bench.http;

import java.util.function.Supplier;

/**
 * A row of the table.
 *
 * @param unit "/s" for requests or keys per second, "MiB/s" for payload
 * @param goal what we want, in that unit; 0 for none
 * @param bestPeer the best figure among the peers of FIGURES.md, measured on such a machine; 0 for
 *     none
 * @param peer whose that is
 * @param scale operations count this much each (keys of a listing page)
 * @param workload made when its turn comes, so that signatures are fresh
 */
record Row(
        String unit,
        double goal,
        double bestPeer,
        String peer,
        int scale,
        Supplier<Workload> workload) {

    double figure(Measured run) {
        return unit.equals("MiB/s") ? run.mebibytesPerSecond() : run.operationsPerSecond() * scale;
    }
}
