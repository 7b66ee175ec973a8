package io.lilio.simulation;

/** What goes wrong, or is changed, while clients are at work. */
enum Fault {
    REQUEST_LOST(Reach.MESSAGE),
    ANSWER_LOST(Reach.MESSAGE),
    MESSAGE_LATE(Reach.MESSAGE),
    MESSAGE_TWICE(Reach.MESSAGE),
    NODE_KILLED(Reach.NODE),
    NODE_FROZEN(Reach.NODE),
    CUT_FROM_PEERS(Reach.NODE),
    CUT_FROM_METADATA(Reach.NODE),
    METADATA_LOSSY(Reach.CLUSTER),
    NETWORK_LOSSY(Reach.CLUSTER),
    LEASE_ENDED(Reach.CLUSTER),
    WATCHES_DELAYED(Reach.CLUSTER),
    WATCHES_LOST(Reach.CLUSTER),
    METADATA_ROLLED_BACK(Reach.CLUSTER),
    DISK_ERRORS(Reach.CLUSTER),
    DISK_FULL(Reach.CLUSTER),
    DISK_SLOW(Reach.CLUSTER),
    DISK_WIPED(Reach.CLUSTER),
    CHUNKS_LOST(Reach.CLUSTER),
    BIT_ROT(Reach.CLUSTER),
    ADMIT(Reach.CLUSTER),
    DRAIN(Reach.CLUSTER),
    CANCEL(Reach.CLUSTER),
    MARK_LOST(Reach.CLUSTER),
    RETURN(Reach.CLUSTER),
    READMIT(Reach.CLUSTER),
    REPLACE(Reach.CLUSTER),
    REWEIGH(Reach.CLUSTER);

    /** Whom it meets. */
    enum Reach {
        /** Whoever sent the message. */
        MESSAGE,
        /** Whatever a node is at. */
        NODE,
        /** Whatever anybody is at. */
        CLUSTER
    }

    private final Reach reach;

    Fault(Reach reach) {
        this.reach = reach;
    }

    /** Whether it is a command of an administrator. */
    boolean isOfRing() {
        return switch (this) {
            case ADMIT, DRAIN, CANCEL, MARK_LOST, RETURN, READMIT, REPLACE, REWEIGH -> true;
            default -> false;
        };
    }

    /** Whether it strikes only when there are copies enough. */
    boolean waitsForCopies() {
        return switch (this) {
            case DISK_WIPED, CHUNKS_LOST, BIT_ROT, MARK_LOST -> true;
            default -> false;
        };
    }

    Reach reach() {
        return reach;
    }

    /**
     * Whether there is such a thing. After its commit a writer waits for no message any more; a
     * member looks and deletes at its own disk; and nothing that is sent to the metadata comes
     * twice, nor do they answer unasked.
     */
    boolean canMeet(Phase phase) {
        return switch (this) {
            case REQUEST_LOST, ANSWER_LOST, MESSAGE_LATE -> !phase.isSilent();
            case MESSAGE_TWICE -> !phase.isSilent() && phase.callsNodes();
            default -> true;
        };
    }
}
