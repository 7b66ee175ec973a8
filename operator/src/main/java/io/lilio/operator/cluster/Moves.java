package io.lilio.operator.cluster;

import io.lilio.admin.api.OperationRequest;
import io.lilio.admin.api.OperationStatus;
import io.lilio.admin.api.OperationsApi;
import io.lilio.crd.cluster.ClusterReason;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.operator.dependent.MaintenanceKind;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Has a change of the ring carried out: a run of the change's id, a Job for it, and both again when
 * they end before the change has.
 */
final class Moves {

    /** So many runs, and somebody should look. */
    private static final int EXHAUSTED = 4;

    private final RunJobs jobs;

    Moves(RunJobs jobs) {
        this.jobs = jobs;
    }

    /**
     * Sees to it that a change which is under way is carried out.
     *
     * @return what an administrator should know
     */
    Optional<Fault> see(LilioCluster cluster, OperationsApi operations, UUID change, Instant now) {
        Rebalances rebalances = Rebalances.of(operations, change);
        Optional<OperationStatus> latest = rebalances.latest();
        boolean open = latest.filter(run -> run.finished() == null).isPresent();
        if (open) {
            return jobs.see(cluster, MaintenanceKind.REBALANCE, latest.get(), false, now)
                    .or(() -> failed(rebalances));
        }
        boolean due =
                latest.map(run -> Objects.requireNonNullElse(run.finished(), run.updated()))
                        .map(ended -> isDue(rebalances, ended, now))
                        .orElse(true);
        if (due) {
            LeftOverRuns.preempt(operations);
            OperationStatus run =
                    operations.start(
                            new OperationRequest(Rebalances.KIND, rebalances.next(), null));
            jobs.see(cluster, MaintenanceKind.REBALANCE, run, true, now);
        }
        return failed(rebalances);
    }

    private static boolean isDue(Rebalances rebalances, Instant ended, Instant now) {
        return RunJobs.isOver(ended, RunJobs.pause(rebalances.count()), now);
    }

    private static Optional<Fault> failed(Rebalances rebalances) {
        Optional<OperationStatus> latest = rebalances.latest();
        return rebalances.count() < EXHAUSTED || latest.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Fault.degrading(
                                ClusterReason.JOB_FAILED,
                                ("%d runs of rebalance have not brought change %s to its end; the"
                                                + " latest is %s: %s. It is tried again")
                                        .formatted(
                                                rebalances.count(),
                                                rebalances.change(),
                                                latest.get().state(),
                                                latest.get().message())));
    }
}
