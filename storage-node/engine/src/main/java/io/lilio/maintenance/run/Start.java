package io.lilio.maintenance.run;

import java.util.function.BooleanSupplier;

/**
 * Where a run begins, and where the next would that takes it up.
 *
 * @param afresh whether it begins at the first partition, wherever an earlier process left off
 * @param outdated whether a reason for another run has come up since this one began, so that who
 *     takes it up must not rely on what it has done
 */
record Start(boolean afresh, BooleanSupplier outdated) {

    /** Goes on where an earlier process left off. */
    static final Start WHERE_LEFT_OFF = new Start(false, () -> false);
}
