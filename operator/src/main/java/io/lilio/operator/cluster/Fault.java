package io.lilio.operator.cluster;

import io.lilio.crd.cluster.ClusterReason;

/**
 * Something that is not as it should be.
 *
 * @param weight what it means
 * @param reason for programs
 * @param message what it is, and what an administrator can do
 */
record Fault(Weight weight, ClusterReason reason, String message) {

    /** What a fault means, the heavier first. */
    enum Weight {
        /** Nothing is done before it is gone. */
        HOLDS,
        /** Something is worse than it should be. */
        DEGRADES,
        /** Something could be better. */
        WARNS
    }

    static Fault holding(ClusterReason reason, String message) {
        return new Fault(Weight.HOLDS, reason, message);
    }

    static Fault degrading(ClusterReason reason, String message) {
        return new Fault(Weight.DEGRADES, reason, message);
    }

    static Fault warning(ClusterReason reason, String message) {
        return new Fault(Weight.WARNS, reason, message);
    }

    boolean holds() {
        return weight == Weight.HOLDS;
    }
}
