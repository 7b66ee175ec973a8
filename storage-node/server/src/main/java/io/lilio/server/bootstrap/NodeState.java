package io.lilio.server.bootstrap;

/** How far the process is in its life: what health checks tell. Thread-safe. */
public final class NodeState {

    /** From the beginning to the end. */
    public enum Phase {
        STARTING,
        /** Requests are welcome. */
        SERVING,
        /** The end is announced: no new work, please. */
        LEAVING
    }

    private volatile Phase phase = Phase.STARTING;

    public Phase phase() {
        return phase;
    }

    void enter(Phase next) {
        phase = next;
    }
}
