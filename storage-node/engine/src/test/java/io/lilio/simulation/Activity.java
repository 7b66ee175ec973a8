package io.lilio.simulation;

/** A request or a run of maintenance of one process, and where it is. */
final class Activity {

    private final SimulatedProcess process;
    private Phase phase;

    Activity(SimulatedProcess process, Phase.Work work) {
        this.process = process;
        this.phase = Phase.first(work);
    }

    SimulatedProcess process() {
        return process;
    }

    Phase phase() {
        return phase;
    }

    void enter(Phase next) {
        phase = next;
    }
}
