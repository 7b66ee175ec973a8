package io.lilio.operator.runtime;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The operator's own meters. In Prometheus: {@code lilio_operator_reconcile_seconds} (by kind and
 * result), {@code lilio_operator_hold}, {@code lilio_operator_operation_age_seconds}, {@code
 * lilio_operator_admin_errors_total} and {@code lilio_operator_leader}. Thread-safe.
 */
final class OperatorMetrics {

    /** How a pass ended. */
    enum Result {
        DONE,
        /** Something is waited for. */
        HOLD,
        /** Kubernetes did not answer, or not as expected. */
        KUBERNETES,
        /** A mistake of ours. */
        ERROR
    }

    private record Key(String kind, String namespace, String name) {

        static Key of(HasMetadata resource) {
            return new Key(
                    resource.getKind(),
                    resource.getMetadata().getNamespace(),
                    resource.getMetadata().getName());
        }

        Tags tags() {
            return Tags.of("kind", kind, "namespace", namespace, "name", name);
        }
    }

    private final MeterRegistry registry;
    private final InstantSource clock;
    private final MultiGauge holds;
    private final MultiGauge operations;
    private final Map<Key, Report> reports = new LinkedHashMap<>(); // guarded by this
    private final AtomicBoolean leading = new AtomicBoolean();

    OperatorMetrics(MeterRegistry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
        holds =
                MultiGauge.builder("lilio.operator.hold")
                        .description("1 while nothing more is done for a resource, by reason")
                        .register(registry);
        operations =
                MultiGauge.builder("lilio.operator.operation.age")
                        .description("Time since an operation was begun, by its type and phase")
                        .baseUnit("seconds")
                        .register(registry);
        Gauge.builder("lilio.operator.leader", leading, each -> each.get() ? 1 : 0)
                .description("1 in the replica that acts")
                .register(registry);
    }

    /** A pass has ended. */
    void ended(HasMetadata resource, Result result, Duration took) {
        Timer.builder("lilio.operator.reconcile")
                .description("Passes over resources")
                .tag("kind", resource.getKind())
                .tag("result", result.name().toLowerCase(Locale.ROOT))
                .register(registry)
                .record(took);
    }

    /** What a pass has told of a resource. */
    synchronized void told(HasMetadata resource, Report report) {
        Report before = reports.put(Key.of(resource), report);
        if (before == null
                || !before.hold().equals(report.hold())
                || !before.operation().equals(report.operation())) {
            register();
        }
    }

    /** A resource is gone. */
    synchronized void gone(HasMetadata resource) {
        reports.remove(Key.of(resource));
        register();
    }

    private void register() {
        holds.register(
                reports.entrySet().stream()
                        .flatMap(
                                each ->
                                        each.getValue().hold().stream()
                                                .map(reason -> hold(each.getKey(), reason)))
                        .toList(),
                true);
        operations.register(
                reports.entrySet().stream()
                        .flatMap(
                                each ->
                                        each.getValue().operation().stream()
                                                .map(work -> operation(each.getKey(), work)))
                        .toList(),
                true);
    }

    private static MultiGauge.Row<Number> hold(Key key, String reason) {
        return MultiGauge.Row.of(key.tags().and("reason", reason), 1);
    }

    private MultiGauge.Row<Instant> operation(Key key, Report.Work work) {
        return MultiGauge.Row.of(
                key.tags().and("type", work.type(), "phase", work.phase()),
                work.startedAt(),
                started -> Duration.between(started, clock.instant()).toSeconds());
    }

    /**
     * A call of an admin API failed.
     *
     * @param cause the status of HTTP, or why there is none
     */
    void adminError(String cause) {
        registry.counter("lilio.operator.admin.errors", "cause", cause).increment();
    }

    /** Whether this replica is the one that acts. */
    void leading(boolean is) {
        leading.set(is);
    }
}
