package io.lilio.server.bootstrap;

import io.lilio.chunk.BackendHealth;
import io.lilio.chunk.buffer.BufferPool;
import io.lilio.engine.Backend;
import io.lilio.engine.Engine;
import io.lilio.metadata.session.Session;
import io.lilio.placement.MemberState;
import io.lilio.server.metrics.NodeMetrics;
import io.lilio.server.s3.http.S3Server;
import io.lilio.time.Time;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Numbers that the parts of a node keep anyway, shown at every scrape. */
final class NodeGauges {

    private final NodeMetrics metrics;
    private final Engine engine;
    private final List<Backend> backends;
    private final BackendCalls calls;
    private final WatermarkAge watermark;

    NodeGauges(NodeMetrics metrics, Engine engine, List<Backend> backends, Time time) {
        this.metrics = metrics;
        this.engine = engine;
        this.backends = backends;
        this.calls = new BackendCalls(engine.members());
        this.watermark = new WatermarkAge(time);
    }

    /**
     * @param network serves other nodes already
     */
    void register(S3Server server, Optional<NodeNetwork> network) {
        metrics.gauge(
                "lilio.requests.under.way", "Requests being served", server::requestsUnderWay);
        metrics.gauge("lilio.connections", "Connections on the S3 port", server::connectionsOpen);
        metrics.gauge(
                "lilio.ring.epoch", "Epoch of the ring", () -> engine.ring().current().epoch());
        metrics.gauge(
                "lilio.ring.partitions.unsettled",
                "Partitions whose chunks have not all moved to the newest table",
                () -> engine.ring().current().unsettled());
        for (MemberState state : MemberState.values()) {
            metrics.gauge(
                    "lilio.ring.members",
                    "Members of the ring",
                    () -> members(state),
                    "state",
                    state.name().toLowerCase(Locale.ROOT));
        }
        metrics.gauge(
                "lilio.ring.changing",
                "1 while a change of the ring is under way",
                () -> engine.ring().current().ring().operation().isPresent() ? 1 : 0);
        metrics.gauge(
                "lilio.session.lost",
                "1 while this node's session has ended and no other is open: it serves nothing",
                () -> engine.sessions().current().isEnded() ? 1 : 0);
        buffers("lilio.buffers", engine.buffers());
        network.ifPresent(links -> buffers("lilio.rpc.buffers", links.buffers()));
        metrics.gauge(
                "lilio.watermark.lag",
                "Revisions between this node's mark and the newest that it has seen",
                () -> {
                    Session session = engine.sessions().current();
                    return Math.max(0, session.lastRevisionSeen() - session.mark());
                });
        metrics.gauge(
                "lilio.watermark.age.seconds",
                "How long requests under way have held this node's mark where it is",
                () -> watermark.seconds(engine.sessions().current()));
        backends.forEach(this::backend);
    }

    private void buffers(String name, BufferPool buffers) {
        metrics.gauge(name + ".capacity.bytes", "Memory for payloads", buffers::capacityBytes);
        metrics.gauge(name + ".in.use.bytes", "Memory that payloads take now", buffers::inUseBytes);
        metrics.gauge(name + ".waiting", "Requests waiting for a buffer", buffers::waitingCount);
        metrics.gauge(
                name + ".refused",
                "Requests for a buffer refused since the start",
                buffers::refusedCount);
    }

    private void backend(Backend backend) {
        String[] labels = {
            "node", backend.name(), "member", backend.id().toString(),
        };
        metrics.gauge(
                "lilio.backend.health",
                "1 while a backend can do everything, else 0",
                () -> canDoEverything(backend) ? 1 : 0,
                labels);
        for (BackendHealth.State state : BackendHealth.State.values()) {
            metrics.gauge(
                    "lilio.backend.state",
                    "1 for the state that a backend is in",
                    () -> state(backend) == state ? 1 : 0,
                    "node",
                    backend.name(),
                    "member",
                    backend.id().toString(),
                    "state",
                    state.name().toLowerCase(Locale.ROOT));
        }
        metrics.gauge(
                "lilio.backend.free.bytes",
                "Free space, or -1 when unknown",
                () -> backend.store().health().freeBytes(),
                labels);
        metrics.gauge(
                "lilio.backend.stored.bytes",
                "What chunks take on the medium",
                () -> backend.store().usage().storedBytes(),
                labels);
        metrics.gauge(
                "lilio.backend.chunks",
                "Chunks kept",
                () -> backend.store().usage().chunks(),
                labels);
        metrics.gauge(
                "lilio.unconfirmed.chunks",
                "Chunks that are not yet known to be everywhere",
                () -> backend.store().usage().unconfirmed(),
                labels);
    }

    private long members(MemberState state) {
        return engine.ring().current().ring().members().stream()
                .filter(member -> member.state() == state)
                .count();
    }

    private boolean canDoEverything(Backend backend) {
        return state(backend) == BackendHealth.State.UP && calls.trouble(backend).isEmpty();
    }

    private static BackendHealth.State state(Backend backend) {
        return backend.store().health().state();
    }
}
