package io.lilio.operator.plan;

/**
 * Why nothing more is done now.
 *
 * @param reason for programs
 * @param message what is waited for, and what an administrator can do
 */
public record Hold(Reason reason, String message) {

    /** What is waited for. */
    public enum Reason {
        PAUSED,
        ADMIN_API_UNREACHABLE,
        METADATA_UNHEALTHY,
        DELETION_BRAKE,
        /** Pods are to come, or to serve. */
        PODS_NOT_READY,
        /** Chunks move. */
        MOVING,
        /** Somebody else has the ring change. */
        FOREIGN_CHANGE,
        /** The survivors lack room. */
        INSUFFICIENT_CAPACITY,
        /** What is asked for would lose data. */
        DATA_LOSS,
        /** A member that is said to be lost answers. */
        MEMBER_ALIVE,
        /** The ring refuses for another reason. */
        REFUSED,
        /** Chunks lack copies, so that no pod may be taken away. */
        UNDER_REPLICATED,
        TOPOLOGY_UNKNOWN
    }
}
