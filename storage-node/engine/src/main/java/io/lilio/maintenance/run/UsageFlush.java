package io.lilio.maintenance.run;

import io.lilio.catalog.bucket.Buckets;
import io.lilio.catalog.usage.Usage;
import io.lilio.catalog.usage.UsageRecords;
import io.lilio.time.Time;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Writes what this node has counted of each bucket's usage, and tells what all nodes have. Reading
 * that takes a time that grows with the buckets: a pause of {@value #PAUSES} times as long follows,
 * in which it is left out.
 */
public final class UsageFlush implements MaintenanceTask {

    private static final int PAUSES = 100;

    private final UsageRecords usage;
    private final Buckets buckets;
    private final Time time;
    private final MaintenanceListener listener;
    private long pauseBegan;
    private long pauseNanos;

    public UsageFlush(
            UsageRecords usage, Buckets buckets, Time time, MaintenanceListener listener) {
        this.usage = usage;
        this.buckets = buckets;
        this.time = time;
        this.listener = listener;
    }

    @Override
    public TaskKind kind() {
        return TaskKind.USAGE;
    }

    @Override
    public void run(Run run) {
        usage.flush();
        long began = time.nanos();
        if (began - pauseBegan < pauseNanos) {
            return;
        }
        listener.usage(byName());
        pauseBegan = time.nanos();
        pauseNanos = PAUSES * (pauseBegan - began);
    }

    private Map<String, Usage> byName() {
        Map<UUID, Usage> sums = usage.all();
        Map<String, Usage> byName = new HashMap<>();
        buckets.each(
                bucket ->
                        byName.put(
                                bucket.name(),
                                sums.getOrDefault(bucket.id(), Usage.none()).notNegative()));
        return byName;
    }
}
