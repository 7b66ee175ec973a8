package io.lilio.simulation;

/** Where something is that a fault may meet: a request, or a run of maintenance. */
enum Phase {
    UPLOAD_BEGUN(Work.WRITE),
    CHUNKS_WRITTEN(Work.WRITE),
    COMMIT_SENT(Work.WRITE),
    COMMIT_UNKNOWN(Work.WRITE),
    COMMITTED_UNCONFIRMED(Work.WRITE),
    READING(Work.READ),
    GC_LISTING(Work.COLLECT),
    GC_WALKING(Work.COLLECT),
    GC_WAITING(Work.COLLECT),
    GC_DELETING(Work.COLLECT),
    MOVER_CLOSING(Work.MOVE),
    MOVER_LISTING(Work.MOVE),
    MOVER_COPYING(Work.MOVE),
    MOVER_SETTLING(Work.MOVE),
    DROP_LOOKING(Work.DROP),
    DROP_DELETING(Work.DROP),
    SWEEP_LISTING(Work.SWEEP),
    SWEEP_DELETING(Work.SWEEP),
    LOOK_UP_READING(Work.LOOK_UP),
    LOOK_UP_HEALING(Work.LOOK_UP),
    LOOK_UP_DELETING(Work.LOOK_UP),
    REPAIR_LISTING(Work.REPAIR),
    REPAIR_COPYING(Work.REPAIR);

    /** What is done. */
    enum Work {
        WRITE,
        READ,
        COLLECT,
        MOVE,
        DROP,
        SWEEP,
        LOOK_UP,
        REPAIR
    }

    private final Work work;

    Phase(Work work) {
        this.work = work;
    }

    Work work() {
        return work;
    }

    /** Whether nothing is sent then, or nothing that anybody waits for. */
    boolean isSilent() {
        return this == COMMITTED_UNCONFIRMED || this == DROP_DELETING || this == LOOK_UP_DELETING;
    }

    /** Whether other nodes are called, and not only the metadata. */
    boolean callsNodes() {
        return switch (this) {
            case UPLOAD_BEGUN,
                    COMMIT_SENT,
                    COMMIT_UNKNOWN,
                    GC_WALKING,
                    GC_WAITING,
                    MOVER_CLOSING,
                    MOVER_SETTLING,
                    DROP_LOOKING,
                    SWEEP_LISTING,
                    LOOK_UP_READING ->
                    false;
            default -> true;
        };
    }

    /** Where a kind of work begins. */
    static Phase first(Work work) {
        for (Phase phase : values()) {
            if (phase.work == work) {
                return phase;
            }
        }
        throw new IllegalArgumentException("no phase of " + work);
    }
}
