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
 * @param cpu what the server's processor time is compared with
 * @param workload made when its turn comes, so that signatures are fresh
 */
public record Row(
        String unit,
        double goal,
        double bestPeer,
        String peer,
        int scale,
        Cpu cpu,
        Supplier<Workload> workload) {

    /**
     * CPU time of the server, for one request.
     *
     * @param goalMillis that it may take; 0 for no goal
     * @param bestPeerMillis that the most sparing peer of FIGURES.md takes; 0 for none
     * @param peer whose that is
     */
    public record Cpu(double goalMillis, double bestPeerMillis, String peer) {

        /** Nothing to compare with. */
        public static final Cpu NONE = new Cpu(0, 0, "");
    }

    Row withCpu(double goalMillis, double bestPeerMillis, String whose) {
        Cpu compared = new Cpu(goalMillis, bestPeerMillis, whose);
        return new Row(unit, goal, bestPeer, peer, scale, compared, workload);
    }

    /** Whether a run did less than its goal, or took more processor time than it may. */
    boolean missed(Measured run) {
        boolean tooDear = cpu.goalMillis() > 0 && run.serverCpuMillis() > cpu.goalMillis();
        return figure(run) < goal || tooDear;
    }

    /** What the row shows, in its unit. */
    public double figure(Measured run) {
        return unit.equals("MiB/s") ? run.mebibytesPerSecond() : run.operationsPerSecond() * scale;
    }
}
