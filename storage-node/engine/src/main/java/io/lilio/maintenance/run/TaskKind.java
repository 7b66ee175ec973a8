package io.lilio.maintenance.run;

import java.util.Locale;

/** The kinds of maintenance. */
public enum TaskKind {
    /** Deletes what was overwritten or removed, once no reader can need it. */
    TRASH(true, false),
    /** Looks up what stays unconfirmed: heals what has an owner, deletes orphans. */
    ORPHANS(false, false),
    /** The full walk: deletes every chunk that no record owns, and counts usage anew. */
    GC(true, true),
    /** Compares what members hold and copies what is missing. */
    REPAIR(true, true),
    /** Reads and verifies every chunk, and replaces bad ones. */
    SCRUB(true, true),
    /** Moves chunks to where a changed ring places them. */
    REBALANCE(true, true),
    /** Deletes what a changed ring does not place on this node's members any more. */
    DROP(false, false),
    /** Writes what was counted of each bucket's usage. */
    USAGE(false, false);

    private final boolean once;
    private final boolean recorded;

    TaskKind(boolean once, boolean recorded) {
        this.once = once;
        this.recorded = recorded;
    }

    /** Whether one process runs it for the whole cluster; the others are run by each for itself. */
    public boolean once() {
        return once;
    }

    /** Whether a run has a record with its result and a checkpoint to resume from. */
    public boolean recorded() {
        return recorded;
    }

    /** In lower case: for records and metrics. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
