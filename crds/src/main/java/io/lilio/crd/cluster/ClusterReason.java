package io.lilio.crd.cluster;

import io.lilio.crd.ConditionReason;

/** Why a condition of a LilioCluster has its status. */
public enum ClusterReason implements ConditionReason {
    /** All is as the spec has it. */
    AS_EXPECTED("AsExpected"),
    /** The spec is new, and the operator has not acted on it yet. */
    NOT_YET_OBSERVED("NotYetObserved"),
    /** {@code paused} is set. */
    PAUSED("Paused"),
    /** The resource is being deleted. */
    DELETING("Deleting"),
    /** The cluster is being founded. */
    BOOTSTRAPPING("Bootstrapping"),
    /** New storage nodes join. */
    SCALING_UP("ScalingUp"),
    /** A storage node is drained. */
    SCALING_DOWN("ScalingDown"),
    /** Data move to where the newest placement wants them. */
    REBALANCING("Rebalancing"),
    /** Missing copies are made. */
    REPAIRING("Repairing"),
    /** A member that fails gives way to a new one. */
    REPLACING("Replacing"),
    /** Storage nodes are restarted, one at a time. */
    UPGRADING("Upgrading"),
    /** An operation was taken back by the spec, and what it did is undone. */
    CANCELLING("Cancelling"),
    /** Pods are not ready, or there are none. */
    PODS_NOT_READY("PodsNotReady"),
    /** A volume has not been provided. */
    VOLUME_PENDING("VolumePending"),
    /** An image cannot be fetched. */
    IMAGE_PULL_FAILED("ImagePullFailed"),
    /** The first pod of an upgrade does not become ready; the others keep the old version. */
    UPGRADE_HALTED("UpgradeHalted"),
    /** What would be left after scaling down has too little room; the message says how much. */
    INSUFFICIENT_CAPACITY("InsufficientCapacity"),
    /** A member does not answer; nobody has acknowledged that it is lost. */
    MEMBER_UNREACHABLE("MemberUnreachable"),
    /** A member answers, and its volume is full or broken. */
    MEMBER_UNHEALTHY("MemberUnhealthy"),
    /** A member that is acknowledged as lost answers. */
    MEMBER_ANSWERS("MemberAnswers"),
    /** Something lacks copies, so that no pod may be taken away now. */
    UNDER_REPLICATED("UnderReplicated"),
    /** The storage nodes refused a change of the ring; the message says why. */
    CHANGE_REFUSED("ChangeRefused"),
    /** Of something no verified copy may be left; an administrator has to accept that. */
    DATA_LOSS_POSSIBLE("DataLossPossible"),
    /** Too few members answer for reads or writes. */
    QUORUM_LOST("QuorumLost"),
    /** One copy alone acknowledges a write, as {@code writeQuorum} has it. */
    ONE_COPY_ACKNOWLEDGES("OneCopyAcknowledges"),
    /** A member of the managed etcd has lost its volume, or never had data, and is let in. */
    ETCD_MEMBER_LOST("EtcdMemberLost"),
    /** Too few members of the managed etcd have their volumes: everything is held. */
    ETCD_VOLUMES_LOST("EtcdVolumesLost"),
    /** Etcd does not answer. */
    METADATA_UNREACHABLE("MetadataUnreachable"),
    /** Etcd is empty or another cluster's, though members hold data: nothing is touched. */
    METADATA_FOREIGN("MetadataForeign"),
    /** Nodes have stopped all deletion until an administrator releases it. */
    DELETION_BRAKE("DeletionBrake"),
    /** No node answers to the operator, or not what it understands. */
    ADMIN_API_UNREACHABLE("AdminApiUnreachable"),
    /** The nodes' release, or the one that the spec asks for, is too far from the operator's. */
    VERSION_UNSUPPORTED("VersionUnsupported"),
    /** A Secret that the cluster was made with, or that the spec names, is not there. */
    SECRET_MISSING("SecretMissing"),
    /** An object of the name that the operator needs belongs to somebody else. */
    OBJECT_OWNED_BY_ANOTHER("ObjectOwnedByAnother"),
    /** The operator may not read the nodes of Kubernetes, and no topology is given. */
    TOPOLOGY_UNKNOWN("TopologyUnknown"),
    /** A run of maintenance cannot begin, or failed as often as it was tried. */
    JOB_FAILED("JobFailed"),
    /** The spec is valid and cannot be had; the message says why. */
    SPEC_IMPOSSIBLE("SpecImpossible");

    private final String text;

    ClusterReason(String text) {
        this.text = text;
    }

    @Override
    public String text() {
        return text;
    }
}
