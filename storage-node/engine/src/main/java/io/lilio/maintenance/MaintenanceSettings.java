package io.lilio.maintenance;

import io.lilio.maintenance.brake.BrakeSettings;
import io.lilio.maintenance.collect.CollectionSettings;
import io.lilio.maintenance.run.PaceSettings;
import io.lilio.maintenance.run.TaskKind;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * When and how fast maintenance runs.
 *
 * @param timetable for each kind
 * @param brake when nothing may be deleted
 * @param collection the bounds of the full collection
 * @param unconfirmedAge how long a chunk may stay unconfirmed before its member looks it up
 * @param parallelism things done at once by one run, 1 or more
 */
public record MaintenanceSettings(
        Map<TaskKind, Timing> timetable,
        BrakeSettings brake,
        CollectionSettings collection,
        Duration unconfirmedAge,
        int parallelism) {

    /**
     * @param interval from the end of one run to the next
     * @param pace at which it runs
     */
    public record Timing(Duration interval, PaceSettings pace) {}

    public MaintenanceSettings {
        timetable = Map.copyOf(timetable);
        for (TaskKind kind : TaskKind.values()) {
            if (!timetable.containsKey(kind)) {
                throw new IllegalArgumentException("no timing for " + kind);
            }
        }
        if (parallelism < 1) {
            throw new IllegalArgumentException("parallelism is at least 1, not " + parallelism);
        }
    }

    /** What suits a machine that serves clients beside it. */
    public static MaintenanceSettings defaults() {
        Duration shortYield = Duration.ofMillis(1);
        Duration longYield = Duration.ofMillis(5);
        long mebibyte = 1024 * 1024;
        Map<TaskKind, Timing> times = new EnumMap<>(TaskKind.class);
        times.put(
                TaskKind.TRASH,
                new Timing(
                        Duration.ofSeconds(2),
                        new PaceSettings(100_000, Long.MAX_VALUE, shortYield)));
        times.put(
                TaskKind.ORPHANS,
                new Timing(
                        Duration.ofSeconds(15),
                        new PaceSettings(20_000, 128 * mebibyte, shortYield)));
        times.put(
                TaskKind.GC,
                new Timing(
                        Duration.ofDays(1), new PaceSettings(200_000, Long.MAX_VALUE, longYield)));
        times.put(
                TaskKind.REPAIR,
                new Timing(
                        Duration.ofHours(6), new PaceSettings(200_000, 128 * mebibyte, longYield)));
        times.put(
                TaskKind.SCRUB,
                new Timing(
                        Duration.ofDays(14), new PaceSettings(20_000, 32 * mebibyte, longYield)));
        times.put(
                TaskKind.REBALANCE,
                new Timing(
                        Duration.ofHours(1), new PaceSettings(200_000, 128 * mebibyte, longYield)));
        times.put(
                TaskKind.DROP,
                new Timing(
                        Duration.ofSeconds(15),
                        new PaceSettings(100_000, Long.MAX_VALUE, shortYield)));
        times.put(TaskKind.USAGE, new Timing(Duration.ofSeconds(30), PaceSettings.UNLIMITED));
        return new MaintenanceSettings(
                times,
                BrakeSettings.DEFAULTS,
                CollectionSettings.DEFAULTS,
                Duration.ofMinutes(1),
                8);
    }
}
