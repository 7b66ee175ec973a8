package io.lilio.replication;

/** Whether calls to a member are made at all. */
public enum BreakerState {
    /** They are. */
    CLOSED,
    /** They fail at once: too many failed in a row. */
    OPEN,
    /** One is made, and its outcome decides. */
    HALF_OPEN
}
