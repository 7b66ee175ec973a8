package io.lilio.server.bootstrap;

import io.lilio.chunk.BackendHealth;
import io.lilio.engine.Backend;
import io.lilio.server.metrics.NodeMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/** What Quarkus is given: the state that health checks ask, the checks, the meters. */
@Singleton
final class Beans {

    @Produces
    @Singleton
    NodeState state() {
        return new NodeState();
    }

    @Produces
    @Singleton
    NodeMetrics metrics(MeterRegistry registry) {
        return NodeMetrics.in(registry);
    }

    @Produces
    @Singleton
    @Liveness
    HealthCheck alive() {
        return () -> HealthCheckResponse.up("process");
    }

    @Produces
    @Singleton
    @Startup
    HealthCheck started(NodeState state) {
        return () -> check("started", state.phase() != NodeState.Phase.STARTING);
    }

    /**
     * Local on purpose: what others lack must not take every endpoint away at once (DESIGN §12).
     */
    @Produces
    @Singleton
    @Readiness
    HealthCheck ready(NodeState state) {
        return () -> check("serving", state.phase() == NodeState.Phase.SERVING);
    }

    /**
     * For people and tools: one backend that fails or rots is invisible to clients, so it stays UP.
     */
    @Produces
    @Singleton
    @Readiness
    HealthCheck backends(NodeState state, NodeMetrics metrics) {
        return () -> {
            HealthCheckResponseBuilder answer = HealthCheckResponse.named("backends").up();
            for (Backend backend : state.backends()) {
                String name = backend.name();
                long corrupt = metrics.quorums().corruptReplicas(name);
                Optional<String> trouble = state.trouble(backend);
                answer.withData(name, describe(backend.store().health(), trouble, corrupt));
            }
            return answer.build();
        };
    }

    /** The state first; what else there is to say behind a colon or a semicolon. */
    private static String describe(BackendHealth health, Optional<String> trouble, long corrupt) {
        StringBuilder text = new StringBuilder(health.state().name());
        if (!health.detail().isEmpty()) {
            text.append(": ").append(health.detail());
        }
        trouble.ifPresent(what -> text.append("; warning: ").append(what));
        if (corrupt > 0) {
            text.append("; warning: damaged copies found since the start: ").append(corrupt);
        }
        return text.toString();
    }

    /**
     * The nodes of a cluster all lose an etcd at once: they stay ready, and answer 503 until it is
     * back, rather than refuse connections.
     */
    @Produces
    @Singleton
    @Readiness
    HealthCheck metadata(NodeState state) {
        return () -> {
            HealthCheckResponseBuilder answer = HealthCheckResponse.named("metadata").up();
            state.etcd().map(EtcdHealth::describe).ifPresent(all -> all.forEach(answer::withData));
            return answer.build();
        };
    }

    /** For people and tools too: requests are served as ever while nothing is deleted. */
    @Produces
    @Singleton
    @Readiness
    HealthCheck deletion(NodeState state) {
        return () -> {
            HealthCheckResponseBuilder answer = HealthCheckResponse.named("deletion").up();
            state.brake()
                    .ifPresent(
                            why ->
                                    answer.withData("stopped", why.reason())
                                            .withData(
                                                    "lilio.maintenance.acknowledge", why.token()));
            return answer.build();
        };
    }

    private static HealthCheckResponse check(String name, boolean up) {
        return HealthCheckResponse.named(name).status(up).build();
    }
}
