package io.lilio.maintenance.brake;

import java.time.Duration;

/**
 * When the brake engages.
 *
 * @param maxShare the share of all blobs looked at that one collection run may find orphaned, above
 *     0 to 1
 * @param alwaysAllowed orphaned blobs that are no reason to stop, whatever their share
 * @param remember how often the highest revision is written down, when it has grown; above 0
 */
public record BrakeSettings(double maxShare, long alwaysAllowed, Duration remember) {

    /** A fifth, but at least fifty blobs; ten seconds. */
    public static final BrakeSettings DEFAULTS = new BrakeSettings(0.2, 50, Duration.ofSeconds(10));

    public BrakeSettings {
        if (!(maxShare > 0 && maxShare <= 1) || alwaysAllowed < 0 || !remember.isPositive()) {
            throw new IllegalArgumentException(
                    "a collection may delete a share above 0 to 1 of all blobs, not " + maxShare);
        }
    }
}
