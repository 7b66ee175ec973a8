package io.lilio.maintenance.run;

/** A kind of maintenance that can be run. Thread-safe, though one kind runs once at a time. */
public interface MaintenanceTask {

    TaskKind kind();

    /**
     * Runs until done.
     *
     * @throws RunCancelledException when the run was cancelled
     * @throws RuntimeException when it cannot go on; what was done stands
     */
    void run(Run run);

    /**
     * Whether a run that succeeded left over what a later one may be able to do. It is then run
     * again soon, from its beginning, instead of after its interval.
     */
    default boolean leftWork(RunResult result) {
        return false;
    }
}
