package io.lilio.server.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.Supplier;

/**
 * All meters of the process. Thread-safe.
 *
 * @param registry where they are registered
 */
public record NodeMetrics(
        MeterRegistry registry,
        RequestMetrics requests,
        QuorumMetrics quorums,
        MaintenanceMetrics maintenance) {

    public static NodeMetrics in(MeterRegistry registry) {
        return new NodeMetrics(
                registry,
                new RequestMetrics(registry),
                new QuorumMetrics(registry),
                new MaintenanceMetrics(registry));
    }

    /**
     * Shows a number that somebody else keeps.
     *
     * @param number asked at every scrape: quick, and throws nothing
     * @param labels name, value, name, value
     */
    public void gauge(
            String name, String description, Supplier<? extends Number> number, String... labels) {
        // The meter must hold on to the supplier, or it would be collected.
        Gauge.builder(name, number, supplied -> supplied.get().doubleValue())
                .description(description)
                .tags(Tags.of(labels))
                .strongReference(true)
                .register(registry);
    }
}
