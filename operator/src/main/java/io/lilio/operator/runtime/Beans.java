package io.lilio.operator.runtime;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** What Quarkus is given: meters and health checks. */
@Singleton
final class Beans {

    private final Hearing hearing = new Hearing(Clock.systemUTC());

    @Produces
    @Singleton
    OperatorMetrics metrics(MeterRegistry registry) {
        return new OperatorMetrics(registry, Clock.systemUTC());
    }

    @Produces
    @Singleton
    @Liveness
    HealthCheck alive(OperatorLife life) {
        return () ->
                check(
                        "watches",
                        hearing.isAlive(life.running().map(RunningOperator::hears).orElse(true)));
    }

    /** A replica that waits for the Lease is ready too. */
    @Produces
    @Singleton
    @Readiness
    HealthCheck ready(OperatorLife life) {
        return () -> check("started", life.running().isPresent());
    }

    private static HealthCheckResponse check(String name, boolean up) {
        return HealthCheckResponse.named(name).status(up).build();
    }
}
