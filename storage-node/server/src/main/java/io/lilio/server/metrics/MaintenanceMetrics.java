package io.lilio.server.metrics;

import io.lilio.catalog.usage.Usage;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.MaintenanceListener;
import io.lilio.maintenance.run.RunResult;
import io.lilio.maintenance.run.TaskKind;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what maintenance does. Thread-safe. */
public final class MaintenanceMetrics implements MaintenanceListener {

    private record Item(TaskKind kind, Counter counter) {}

    private final MeterRegistry registry;
    private final AtomicLong trash = new AtomicLong();
    private final AtomicInteger brake = new AtomicInteger();
    private final BucketGauges buckets;
    private final Map<TaskKind, AtomicInteger> progress = new ConcurrentHashMap<>();
    private final Map<Item, io.micrometer.core.instrument.Counter> items =
            new ConcurrentHashMap<>();

    public MaintenanceMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.buckets = new BucketGauges(registry);
        Gauge.builder("lilio.trash.records", trash, AtomicLong::doubleValue)
                .description("Removed or overwritten things that wait to be deleted")
                .register(registry);
        Gauge.builder("lilio.deletion.brake", brake, AtomicInteger::doubleValue)
                .description("1 while nothing may be deleted, since the metadata look wrong")
                .register(registry);
    }

    @Override
    public void finished(TaskKind kind, RunResult result, Duration took) {
        Tags tags =
                Tags.of(
                        "kind",
                        kind.id(),
                        "outcome",
                        result.outcome().name().toLowerCase(java.util.Locale.ROOT));
        registry.timer("lilio.maintenance.runs", tags).record(took);
    }

    @Override
    public void counted(TaskKind kind, Counter counter, long by) {
        items.computeIfAbsent(new Item(kind, counter), this::item).increment((double) by);
    }

    private io.micrometer.core.instrument.Counter item(Item item) {
        return io.micrometer.core.instrument.Counter.builder("lilio.maintenance.items")
                .description("What maintenance runs counted")
                .tag("kind", item.kind().id())
                .tag("item", item.counter().id())
                .register(registry);
    }

    @Override
    public void progressed(TaskKind kind, int partitions) {
        progress.computeIfAbsent(kind, this::progressOf).set(partitions);
    }

    private AtomicInteger progressOf(TaskKind kind) {
        AtomicInteger partitions = new AtomicInteger();
        Gauge.builder("lilio.maintenance.partitions.done", partitions, AtomicInteger::doubleValue)
                .description("Partitions done in the latest run")
                .tag("kind", kind.id())
                .strongReference(true)
                .register(registry);
        return partitions;
    }

    @Override
    public void trash(long records) {
        trash.set(records);
    }

    @Override
    public void usage(Map<String, Usage> held) {
        buckets.show(held);
    }

    @Override
    public void brake(String reason) {
        brake.set(reason.isEmpty() ? 0 : 1);
    }
}
