package io.lilio.crd.cluster;

import io.lilio.crd.ConditionType;

/** The conditions of a LilioCluster. */
public enum ClusterConditionType implements ConditionType {
    /** Clients are served, by as many nodes as there are to be, as the spec has it. */
    READY("Ready"),
    /** The operator is on its way from what is to what the spec has. */
    PROGRESSING("Progressing"),
    /** Something is worse than it should be, and clients need not notice. */
    DEGRADED("Degraded"),
    /** Everything lies where the newest placement wants it. */
    RING_CONVERGED("RingConverged"),
    /** Enough members answer for every read and write. */
    QUORUM_AVAILABLE("QuorumAvailable"),
    /** The metadata answer, and are those of this cluster. */
    METADATA_REACHABLE("MetadataReachable"),
    /** The operator leaves everything as it is, because {@code paused} says so. */
    PAUSED("Paused");

    private final String text;

    ClusterConditionType(String text) {
        this.text = text;
    }

    @Override
    public String text() {
        return text;
    }
}
