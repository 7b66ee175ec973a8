package io.lilio.server.bootstrap;

import io.lilio.engine.Backend;
import io.lilio.maintenance.brake.Engagement;
import io.lilio.metadata.etcd.EtcdMetadataStore;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

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
    private volatile Function<Backend, Optional<String>> trouble = _ -> Optional.empty();
    private volatile Supplier<Optional<Engagement>> brake = Optional::empty;
    private volatile Supplier<Optional<EtcdMetadataStore.Status>> etcd = Optional::empty;

    Phase phase() {
        return phase;
    }

    List<Backend> backends() {
        return backends;
    }

    /** How calls to a backend fail; empty when they go well. */
    Optional<String> trouble(Backend backend) {
        return trouble.apply(backend);
    }

    /** Why nothing may be deleted; empty when it may. */
    Optional<Engagement> brake() {
        return brake.get();
    }

    /** How the etcd of the metadata fares; empty without one. */
    Optional<EtcdMetadataStore.Status> etcd() {
        return etcd.get();
    }

    /**
     * @param status of the metadata's etcd; asked by every health check, so it never blocks
     */
    void metadata(Supplier<Optional<EtcdMetadataStore.Status>> status) {
        etcd = status;
    }

    /**
     * @param calls how they go to the backends
     * @param engagement of the deletion brake; asked by every health check, so it never blocks
     */
    void serving(
            List<Backend> opened, BackendCalls calls, Supplier<Optional<Engagement>> engagement) {
        backends = List.copyOf(opened);
        trouble = calls::trouble;
        brake = engagement;
        phase = Phase.SERVING;
    }

    void leaving() {
        phase = Phase.LEAVING;
    }
}
