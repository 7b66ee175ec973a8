package io.lilio.placement;

/** What a member may be used for (DESIGN §5). */
public enum MemberState {
    /** Announced by its node; in no table yet. */
    JOINING,
    /** Admitted: new tables name it. */
    ACTIVE,
    /** Readable; new tables do not name it. */
    DRAINING,
    /** Gone for good, kept as a tombstone: the identity is never used again. */
    REMOVED,
    /** Acknowledged as gone: nobody waits for its answer. */
    LOST,
    /** Was lost and came back: read for repair only, never counted. */
    RETURNED;

    /** Whether new tables may name a member in this state. */
    public boolean placeable() {
        return this == ACTIVE;
    }

    /** Whether its answers count towards a quorum. */
    public boolean counted() {
        return this == ACTIVE || this == DRAINING;
    }

    /** Whether a sweep may end without its answer. */
    public boolean gone() {
        return this == LOST || this == REMOVED;
    }
}
