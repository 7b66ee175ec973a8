package io.lilio.maintenance.collect;

import io.lilio.maintenance.brake.DeletionBrake;
import io.lilio.metadata.MetadataUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many blobs one collection may delete because an administrator has accepted that. Not
 * thread-safe.
 */
final class AcceptedShare {

    private static final Logger log = LoggerFactory.getLogger(AcceptedShare.class);

    private final DeletionBrake brake;
    private long accepted;

    AcceptedShare(DeletionBrake brake) {
        this.brake = brake;
    }

    /**
     * Asks whether so many may be deleted.
     *
     * @throws io.lilio.maintenance.brake.BrakeEngagedException when they may not
     */
    void check(long orphaned, long suspected) {
        accepted = Math.max(accepted, brake.checkShare(orphaned, suspected));
    }

    /** The collection ends before all of it is deleted; the next need not ask again. */
    void giveBack() {
        if (accepted == 0) {
            return;
        }
        try {
            brake.giveBack(accepted);
        } catch (MetadataUnavailableException e) {
            log.warn("what was accepted is not given back, and is asked for again", e);
        }
    }
}
