package io.lilio.operator.cluster;

import io.lilio.admin.api.OperationStatus;
import io.lilio.admin.api.OperationsApi;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.operator.dependent.MaintenanceKind;
import io.lilio.operator.dependent.Names;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Runs of maintenance that nobody carries out any more: their CronJob's pod was killed, say, or
 * nodes asked for them. The newest of each kind is carried out, one at a time and what keeps data
 * safe first; what it covers is cancelled.
 */
final class LeftOverRuns {

    /** A runner says how far it is every few seconds, and a pod takes its time to start. */
    private static final Duration SILENCE = Duration.ofMinutes(2);

    /** What keeps data safe comes first. */
    private static final List<MaintenanceKind> ORDER =
            List.of(MaintenanceKind.REPAIR, MaintenanceKind.SCRUB, MaintenanceKind.GC);

    private final RunJobs jobs;

    LeftOverRuns(RunJobs jobs) {
        this.jobs = jobs;
    }

    /** Collections end soon: something is to be done that keeps data safe. */
    static void preempt(OperationsApi operations) {
        operations.list(MaintenanceKind.GC.text()).stream()
                .filter(run -> run.finished() == null && !run.cancelRequested())
                .filter(run -> !isOfNodes(run))
                .forEach(run -> operations.cancel(run.id()));
    }

    /** Begun by a node itself. */
    private static boolean isOfNodes(OperationStatus run) {
        return run.id().equals(run.kind());
    }

    /**
     * Sees to them, while nothing else is under way.
     *
     * @return what an administrator should know
     */
    Optional<Fault> see(LilioCluster cluster, OperationsApi operations, Instant now) {
        List<OperationStatus> open =
                operations.list(null).stream()
                        .filter(run -> run.finished() == null && !isOfNodes(run))
                        .filter(run -> !run.cancelRequested())
                        .sorted(Comparator.comparing(OperationStatus::requested).reversed())
                        .toList();
        List<OperationStatus> left =
                open.stream()
                        .filter(run -> RunJobs.isOver(run.updated(), SILENCE, now))
                        .filter(run -> !isCarriedOut(cluster, run))
                        .toList();
        left.stream()
                .filter(run -> run.kind().equals(Rebalances.KIND))
                .forEach(run -> operations.cancel(run.id())); // its change is over
        for (MaintenanceKind kind : ORDER) {
            List<OperationStatus> same =
                    left.stream().filter(run -> run.kind().equals(kind.text())).toList();
            same.stream().skip(1).forEach(run -> operations.cancel(run.id()));
            if (!same.isEmpty()) {
                if (kind == MaintenanceKind.REPAIR) {
                    preempt(operations);
                }
                return jobs.see(cluster, kind, same.getFirst(), false, now);
            }
            if (open.stream().anyMatch(run -> run.kind().equals(kind.text()))) {
                return Optional.empty(); // somebody carries it out, or is about to
            }
        }
        return Optional.empty();
    }

    /** By a Job of the operator's, or by that of a CronJob, which has the run's id as its name. */
    private boolean isCarriedOut(LilioCluster cluster, OperationStatus run) {
        if (jobs.isUnderWay(cluster, run.id())) {
            return true;
        }
        Names names = Names.of(cluster);
        return Arrays.stream(MaintenanceKind.values())
                .filter(kind -> kind.text().equals(run.kind()))
                .anyMatch(kind -> jobs.isUnderWay(cluster, names.run(kind, run.id())));
    }
}
