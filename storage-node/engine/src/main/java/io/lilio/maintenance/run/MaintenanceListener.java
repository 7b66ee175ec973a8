package io.lilio.maintenance.run;

import java.time.Duration;

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

    /** The deletion brake engaged ({@code reason}) or was released (empty). */
    default void brake(String reason) {}
}
