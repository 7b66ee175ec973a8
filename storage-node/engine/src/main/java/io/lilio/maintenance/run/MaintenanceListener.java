package io.lilio.maintenance.run;

import io.lilio.catalog.usage.Usage;
import java.time.Duration;
import java.util.Map;

/**
 * Told of what maintenance does: for metrics. Called from the threads that do the work, so
 * implementations are quick, thread-safe and throw nothing.
 */
public interface MaintenanceListener {

    /** Listens to nothing. */
    MaintenanceListener NONE = new MaintenanceListener() {};

    /** A run begins. */
    default void started(TaskKind kind) {}

    /** A run has ended. */
    default void finished(TaskKind kind, RunResult result, Duration took) {}

    /** A run has counted something. */
    default void counted(TaskKind kind, Counter counter, long by) {}

    /** All partitions before this one are done in the run under way. */
    default void progressed(TaskKind kind, int partitions) {}

    /** Trash records that were there at the last look. */
    default void trash(long records) {}

    /** What each bucket of the cluster holds, by its name, at the last look. */
    default void usage(Map<String, Usage> buckets) {}

    /** The deletion brake engaged ({@code reason}) or was released (empty). */
    default void brake(String reason) {}
}
