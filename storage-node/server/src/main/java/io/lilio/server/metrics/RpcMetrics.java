package io.lilio.server.metrics;

import io.lilio.server.rpc.RpcListener;
import io.lilio.server.rpc.RpcOperation;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what nodes ask of each other. Thread-safe. */
public final class RpcMetrics implements RpcListener {

    private final MeterRegistry registry;
    private final Map<Side, Traffic> traffic = new EnumMap<>(Side.class);
    private final Map<Call, Timer> calls = new ConcurrentHashMap<>();

    /** What has a timer of its own. */
    private record Call(Side side, RpcOperation operation, String outcome) {}

    /** What is counted of one side alone. */
    private record Traffic(Counter received, Counter sent, AtomicInteger connections) {}

    public RpcMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Side side : Side.values()) {
            var connections = new AtomicInteger();
            Gauge.builder("lilio.rpc.connections", connections, AtomicInteger::doubleValue)
                    .description("Open connections between nodes")
                    .tag("side", label(side))
                    .register(registry);
            traffic.put(
                    side,
                    new Traffic(
                            bytes("lilio.rpc.received.bytes", "Bytes from other nodes", side),
                            bytes("lilio.rpc.sent.bytes", "Bytes to other nodes", side),
                            connections));
        }
    }

    private Counter bytes(String name, String description, Side side) {
        return Counter.builder(name)
                .description(description)
                .tag("side", label(side))
                .register(registry);
    }

    @Override
    public void called(Side side, RpcOperation operation, String outcome, long nanos) {
        calls.computeIfAbsent(new Call(side, operation, outcome), this::timer)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Call call) {
        return Timer.builder("lilio.rpc.calls")
                .description("Calls between nodes")
                .tag("side", label(call.side()))
                .tag("operation", call.operation().label())
                .tag("outcome", call.outcome())
                .register(registry);
    }

    @Override
    public void moved(Side side, long bytesIn, long bytesOut) {
        Traffic its = of(side);
        its.received().increment((double) bytesIn);
        its.sent().increment((double) bytesOut);
    }

    @Override
    public void connections(Side side, int change) {
        of(side).connections().addAndGet(change);
    }

    @Override
    public void broken(Side side, Breach breach) {
        Counter.builder("lilio.rpc.broken")
                .description("Connections between nodes that were refused or given up")
                .tag("side", label(side))
                .tag("reason", label(breach))
                .register(registry)
                .increment();
    }

    private Traffic of(Side side) {
        return Objects.requireNonNull(traffic.get(side));
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
