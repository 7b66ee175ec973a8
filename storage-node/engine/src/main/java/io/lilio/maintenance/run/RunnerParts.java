package io.lilio.maintenance.run;

import io.lilio.metadata.MetadataStore;
import io.lilio.time.Time;
import java.util.random.RandomGenerator;

/**
 * What running maintenance works with.
 *
 * @param metadata keeps leases and records of runs
 * @param random makes tokens
 * @param holder names this process in leases, for people
 * @param listener told of everything
 */
public record RunnerParts(
        MetadataStore metadata,
        Time time,
        RandomGenerator random,
        String holder,
        MaintenanceListener listener) {}
