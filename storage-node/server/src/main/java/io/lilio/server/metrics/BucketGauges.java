package io.lilio.server.metrics;

import io.lilio.catalog.usage.Usage;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What buckets hold: the {@link BucketLabels#MAX_NAMES} with the most bytes under their own names,
 * the others together, so that the sum is that of all. Thread-safe.
 */
final class BucketGauges {

    private static final Comparator<Map.Entry<String, Usage>> LARGEST_FIRST =
            Comparator.<Map.Entry<String, Usage>>comparingLong(bucket -> bucket.getValue().bytes())
                    .thenComparingLong(bucket -> bucket.getValue().objects())
                    .reversed()
                    .thenComparing(Map.Entry::getKey);

    private final AtomicInteger count = new AtomicInteger();
    private final MultiGauge objects;
    private final MultiGauge bytes;

    BucketGauges(MeterRegistry registry) {
        Gauge.builder("lilio.buckets", count, AtomicInteger::doubleValue)
                .description("Buckets of the cluster")
                .register(registry);
        objects =
                MultiGauge.builder("lilio.bucket.objects")
                        .description("Objects in a bucket of the cluster, each version counted")
                        .register(registry);
        bytes =
                MultiGauge.builder("lilio.bucket.bytes")
                        .description("Their sizes, without replicas")
                        .register(registry);
    }

    /** Shows these from now on, and no others. */
    void show(Map<String, Usage> buckets) {
        List<MultiGauge.Row<?>> objectRows = new ArrayList<>();
        List<MultiGauge.Row<?>> byteRows = new ArrayList<>();
        Usage others = Usage.none();
        for (Map.Entry<String, Usage> bucket :
                buckets.entrySet().stream().sorted(LARGEST_FIRST).toList()) {
            if (objectRows.size() < BucketLabels.MAX_NAMES) {
                add(bucket.getKey(), bucket.getValue(), objectRows, byteRows);
            } else {
                others = others.plus(bucket.getValue());
            }
        }
        if (buckets.size() > BucketLabels.MAX_NAMES) {
            add(BucketLabels.OTHER, others, objectRows, byteRows);
        }
        count.set(buckets.size());
        objects.register(objectRows, true);
        bytes.register(byteRows, true);
    }

    private static void add(
            String name,
            Usage usage,
            List<MultiGauge.Row<?>> objectRows,
            List<MultiGauge.Row<?>> byteRows) {
        Tags label = Tags.of("bucket", name);
        objectRows.add(MultiGauge.Row.of(label, usage.objects()));
        byteRows.add(MultiGauge.Row.of(label, usage.bytes()));
    }
}
