package io.lilio.operator.cluster;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.lilio.admin.api.BrakeStatus;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterStatus;
import io.lilio.operator.plan.Answers;
import io.lilio.operator.plan.Hold;
import io.lilio.operator.plan.Operation;
import io.lilio.operator.plan.Plan;
import io.lilio.operator.plan.PodState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a pass has to tell: all that status follows from.
 *
 * @param cluster as it was read, with its status before
 * @param sighting what was seen
 * @param plan what is done next
 * @param template identifies the pod template that follows from the resource
 * @param faults what was found besides
 */
record Report(
        LilioCluster cluster, Sighting sighting, Plan plan, String template, List<Fault> faults) {

    /** A pod that comes back from a new template takes no longer than that when all is well. */
    private static final Duration LONGEST_RESTART = Duration.ofMinutes(5);

    Report {
        faults = List.copyOf(faults);
    }

    Instant now() {
        return sighting.observed().now();
    }

    Optional<LilioClusterStatus> before() {
        @Nullable LilioClusterStatus status = cluster.getStatus();
        return Optional.ofNullable(status);
    }

    Optional<Answers> answers() {
        return sighting.observed().answers();
    }

    Optional<Operation> operation() {
        return plan.operation();
    }

    Optional<Hold> hold() {
        return plan.hold();
    }

    List<PodState> pods() {
        return sighting.observed().pods();
    }

    /** Whether the cluster was ever there: its identity is known. */
    boolean isFounded() {
        return answers().isPresent() || before().map(LilioClusterStatus::clusterId).isPresent();
    }

    /** Storage pods that the StatefulSet is to have now. */
    int replicas() {
        return sighting.observed().replicas().orElse(0);
    }

    int ready() {
        return (int) pods().stream().filter(PodState::isWell).count();
    }

    boolean isOutdated(PodState pod) {
        return !pod.template().equals(template);
    }

    /** What is wrong with the managed etcd, as far as its StatefulSet tells. */
    Optional<String> etcdTrouble() {
        return sighting.etcd()
                .filter(etcd -> serving(etcd) < etcd.getSpec().getReplicas())
                .map(
                        etcd ->
                                "%d of %d members of etcd serve: see the pods of %s"
                                        .formatted(
                                                serving(etcd),
                                                etcd.getSpec().getReplicas(),
                                                etcd.getMetadata().getName()));
    }

    private static int serving(StatefulSet etcd) {
        @Nullable Integer ready =
                etcd.getStatus() == null ? null : etcd.getStatus().getReadyReplicas();
        return ready == null ? 0 : ready;
    }

    /** When to look again at the latest, where nobody wants it left alone. */
    Duration again() {
        boolean held =
                faults.stream().anyMatch(Fault::holds)
                        || hold().filter(hold -> !Reasons.isPassing(hold.reason())).isPresent();
        boolean busy =
                operation().isPresent()
                        || hold().isPresent()
                        || replacesEtcdMember()
                        || !isFounded();
        if (held) {
            return Outcome.HELD;
        }
        return busy ? Outcome.BUSY : Outcome.IDLE;
    }

    /** Whether a member of the managed etcd is being replaced. */
    private boolean replacesEtcdMember() {
        return before().map(LilioClusterStatus::etcdMembers)
                .flatMap(EtcdReplacement::lost)
                .isPresent();
    }

    /** The pod that is away because the operator wants it so; -1 for none. */
    int away() {
        return operation()
                .filter(
                        operation ->
                                switch (operation.phase()) {
                                    case SHRINKING, RESTARTING, RENEWING -> true;
                                    case ASKING, MOVING, CANCELLING -> false;
                                })
                .filter(_ -> halted().isEmpty())
                .map(Operation::ordinal)
                .orElse(-1);
    }

    /** The pod that was restarted and does not come back. */
    Optional<PodState> halted() {
        return operation()
                .filter(operation -> operation.phase() == Operation.Phase.RESTARTING)
                .flatMap(
                        operation ->
                                pods().stream()
                                        .filter(pod -> pod.ordinal() == operation.ordinal())
                                        .filter(pod -> !pod.uid().equals(operation.pod()))
                                        .findFirst())
                .filter(pod -> !pod.isWell() && !isOutdated(pod))
                .filter(
                        pod ->
                                pod.trouble().isPresent()
                                        || now().isAfter(pod.created().plus(LONGEST_RESTART)));
    }

    /** Whether nodes say that the metadata are empty, or another cluster's. */
    boolean isForeign() {
        return answers()
                .map(Answers::brake)
                .filter(BrakeStatus::engaged)
                .map(BrakeStatus::reason)
                .filter(reason -> reason.contains("cannot be acknowledged"))
                .isPresent();
    }
}
