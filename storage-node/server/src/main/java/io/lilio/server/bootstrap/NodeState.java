package io.lilio.server.bootstrap;

import io.lilio.engine.Backend;
import java.util.List;

/** How far the process is in its life, and what its health checks look at. Thread-safe. */
final class NodeState {

    /** From the beginning to the end. */
    enum Phase {
        STARTING,
        /** Requests are welcome. */
        SERVING,
        /** The end is announced: no new work, please. */
        LEAVING
    }

    private volatile Phase phase = Phase.STARTING;
    private volatile List<Backend> backends = List.of();

    Phase phase() {
        return phase;
    }

    List<Backend> backends() {
        return backends;
    }

    void serving(List<Backend> opened) {
        backends = List.copyOf(opened);
        phase = Phase.SERVING;
    }

    void leaving() {
        phase = Phase.LEAVING;
    }
}
