package io.lilio.maintenance.run;

import java.util.Optional;

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
     * What a run that did all it could left over, and a later one may be able to do: a sentence for
     * people. The run is INCOMPLETE then, and one that nodes began by themselves is run again soon,
     * from its beginning, instead of after its interval.
     *
     * @param result what the run counted
     * @return empty when nothing is left
     */
    default Optional<String> leftWork(RunResult result) {
        return Optional.empty();
    }
}
