package io.lilio.operator.cluster;

import io.lilio.crd.cluster.ClusterReason;
import io.lilio.operator.plan.Hold;
import io.lilio.operator.plan.Operation;

/** What the planner says, as the reasons of conditions. */
final class Reasons {

    private Reasons() {}

    /** What an operation is about. */
    static ClusterReason of(Operation operation) {
        if (operation.phase() == Operation.Phase.CANCELLING) {
            return ClusterReason.CANCELLING;
        }
        return switch (operation.type()) {
            case ADMIT -> ClusterReason.SCALING_UP;
            case DRAIN, SHRINK -> ClusterReason.SCALING_DOWN;
            case MARK_LOST -> ClusterReason.REPAIRING;
            case REPLACE -> ClusterReason.REPLACING;
            case READMIT, RELOCATE, REMOVE -> ClusterReason.REBALANCING;
            case RESTART -> ClusterReason.UPGRADING;
        };
    }

    /** Why nothing more is done. */
    static ClusterReason of(Hold.Reason reason) {
        return switch (reason) {
            case PAUSED -> ClusterReason.PAUSED;
            case ADMIN_API_UNREACHABLE -> ClusterReason.ADMIN_API_UNREACHABLE;
            case METADATA_UNHEALTHY -> ClusterReason.METADATA_UNREACHABLE;
            case DELETION_BRAKE -> ClusterReason.DELETION_BRAKE;
            case PODS_NOT_READY -> ClusterReason.PODS_NOT_READY;
            case MOVING, FOREIGN_CHANGE -> ClusterReason.REBALANCING;
            case INSUFFICIENT_CAPACITY -> ClusterReason.INSUFFICIENT_CAPACITY;
            case DATA_LOSS -> ClusterReason.DATA_LOSS_POSSIBLE;
            case MEMBER_ALIVE -> ClusterReason.MEMBER_ANSWERS;
            case REFUSED -> ClusterReason.CHANGE_REFUSED;
            case UNDER_REPLICATED -> ClusterReason.UNDER_REPLICATED;
            case TOPOLOGY_UNKNOWN -> ClusterReason.TOPOLOGY_UNKNOWN;
        };
    }

    /** Whether what is waited for comes by itself, rather than from an administrator. */
    static boolean isPassing(Hold.Reason reason) {
        return switch (reason) {
            case PODS_NOT_READY, MOVING, FOREIGN_CHANGE, UNDER_REPLICATED -> true;
            case PAUSED,
                    ADMIN_API_UNREACHABLE,
                    METADATA_UNHEALTHY,
                    DELETION_BRAKE,
                    INSUFFICIENT_CAPACITY,
                    DATA_LOSS,
                    MEMBER_ALIVE,
                    REFUSED,
                    TOPOLOGY_UNKNOWN ->
                    false;
        };
    }

    /** What an administrator can do about a hold, beyond what its message says. */
    static String advice(Hold.Reason reason) {
        return switch (reason) {
            case PAUSED -> "set spec.paused to false to go on";
            case ADMIN_API_UNREACHABLE -> "see the events and logs of the storage pods";
            case METADATA_UNHEALTHY -> "see the pods and logs of etcd";
            case PODS_NOT_READY -> "see the events of the pod";
            case INSUFFICIENT_CAPACITY ->
                    "raise spec.replicas again, or delete objects: it is tried again";
            case DATA_LOSS ->
                    "bring the members back, or name the lost ones in the annotation "
                            + Requests.ACCEPT_DATA_LOSS
                            + " too";
            case MEMBER_ALIVE ->
                    "take it out of the annotation "
                            + Requests.ACKNOWLEDGE_LOST
                            + ", or stop its pod for good";
            case TOPOLOGY_UNKNOWN ->
                    "let the operator read nodes of Kubernetes, or make the cluster with"
                            + " replication.spread host";
            case REFUSED -> "it is tried again";
            case DELETION_BRAKE, MOVING, FOREIGN_CHANGE, UNDER_REPLICATED -> "";
        };
    }

    /** A hold's sentence, and what can be done. */
    static String sentence(Hold hold) {
        String advice = advice(hold.reason());
        return advice.isEmpty()
                ? hold.message()
                : hold.message().replaceFirst("\\.$", "") + "; " + advice;
    }
}
