package io.lilio.maintenance.run;

import java.time.Duration;

/**
 * A task with its timetable.
 *
 * @param interval from the end of one run to the next
 * @param pace how fast it may go when it runs by itself
 */
public record Job(MaintenanceTask task, Duration interval, PaceSettings pace) {

    public Job {
        if (!interval.isPositive()) {
            throw new IllegalArgumentException("an interval is positive, not " + interval);
        }
    }
}
