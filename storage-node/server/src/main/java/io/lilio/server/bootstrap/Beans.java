package io.lilio.server.bootstrap;

import io.lilio.chunk.BackendHealth;
import io.lilio.engine.Backend;
import io.lilio.server.metrics.NodeMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
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

    /** For people and tools: one backend that fails is invisible to clients, so it stays UP. */
    @Produces
    @Singleton
    @Readiness
    HealthCheck backends(NodeState state) {
        return () -> {
            HealthCheckResponseBuilder answer = HealthCheckResponse.named("backends").up();
            for (Backend backend : state.backends()) {
                BackendHealth health = backend.store().health();
                answer.withData(
                        backend.name(),
                        health.detail().isEmpty()
                                ? health.state().name()
                                : health.state().name() + ": " + health.detail());
            }
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
