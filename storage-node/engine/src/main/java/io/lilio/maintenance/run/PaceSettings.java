package io.lilio.maintenance.run;

import java.time.Duration;

/**
 * How fast a kind of maintenance may go.
 *
 * @param stepsPerSecond chunks or records, 1 or more
 * @param bytesPerSecond payload read or copied, 1 or more
 * @param yield how long each step waits while clients are busy; zero to take no notice
 */
public record PaceSettings(long stepsPerSecond, long bytesPerSecond, Duration yield) {

    /** As fast as it goes: for tests and for an administrator who waits. */
    public static final PaceSettings UNLIMITED =
            new PaceSettings(Long.MAX_VALUE, Long.MAX_VALUE, Duration.ZERO);

    public PaceSettings {
        if (stepsPerSecond < 1 || bytesPerSecond < 1 || yield.isNegative()) {
            throw new IllegalArgumentException(
                    "a pace is at least one step and one byte per second: %d, %d, %s"
                            .formatted(stepsPerSecond, bytesPerSecond, yield));
        }
    }
}
