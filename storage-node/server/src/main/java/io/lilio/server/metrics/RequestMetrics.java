package io.lilio.server.metrics;

import io.lilio.server.s3.http.RequestListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts and times the requests on the S3 port. Meters are looked up once and kept, and every label
 * is bounded: operations and codes are enumerations, buckets are limited by {@link BucketLabels}
 * and only named by requests that succeeded, so that nobody can invent them.
 */
public final class RequestMetrics implements RequestListener {

    private static final Duration[] DURATIONS = {
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofMinutes(1)
    };
    private static final double[] SIZES = {
        1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20, 64 << 20,
        256 << 20, 1L << 30, 5L << 30
    };
    private static final Set<String> OBJECT_OPERATIONS =
            Set.of(
                    "PutObject",
                    "GetObject",
                    "HeadObject",
                    "DeleteObject",
                    "CopyObject",
                    "UploadPart",
                    "UploadPartCopy",
                    "CompleteMultipartUpload");

    private record BucketAndOperation(String bucket, String operation) {}

    private final MeterRegistry registry;
    private final BucketLabels buckets = new BucketLabels();
    private final Map<String, Timer> durations = new ConcurrentHashMap<>();
    private final Map<BucketAndOperation, Counter> objects = new ConcurrentHashMap<>();
    private final Map<String, DistributionSummary> sizes = new ConcurrentHashMap<>();
    private final Map<String, Counter> errors = new ConcurrentHashMap<>();
    private final Counter received;
    private final Counter sent;
    private final Counter abandoned;

    public RequestMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.received =
                Counter.builder("lilio.received.bytes")
                        .description("Payload bytes received on the S3 port")
                        .register(registry);
        this.sent =
                Counter.builder("lilio.sent.bytes")
                        .description("Payload bytes sent on the S3 port")
                        .register(registry);
        this.abandoned =
                Counter.builder("lilio.requests.abandoned")
                        .description("Requests whose client left before the answer was complete")
                        .register(registry);
    }

    @Override
    public void completed(Outcome outcome) {
        Traffic traffic = outcome.traffic();
        durations
                .computeIfAbsent(outcome.operation(), this::duration)
                .record(Duration.ofNanos(traffic.nanos()));
        received.increment((double) traffic.received());
        sent.increment((double) traffic.sent());
        if (outcome.status() == 499) {
            abandoned.increment();
        } else if (!outcome.errorCode().isEmpty()) {
            errors.computeIfAbsent(outcome.errorCode(), this::error).increment();
        } else if (OBJECT_OPERATIONS.contains(outcome.operation())) {
            countObject(outcome);
        }
    }

    private void countObject(Outcome outcome) {
        String bucket = buckets.of(outcome.bucket());
        objects.computeIfAbsent(
                        new BucketAndOperation(bucket, outcome.operation()), this::objectCounter)
                .increment();
        if (outcome.operation().equals("PutObject")) {
            sizes.computeIfAbsent(bucket, this::size)
                    .record((double) outcome.traffic().announced());
        }
    }

    private Timer duration(String operation) {
        return Timer.builder("lilio.request.duration")
                .description("From a request's head to the last byte of its answer")
                .tag("operation", operation)
                .serviceLevelObjectives(DURATIONS)
                .register(registry);
    }

    private Counter objectCounter(BucketAndOperation labels) {
        return Counter.builder("lilio.objects")
                .description("Operations on objects that succeeded")
                .tag("bucket", labels.bucket())
                .tag("operation", labels.operation())
                .register(registry);
    }

    private DistributionSummary size(String bucket) {
        return DistributionSummary.builder("lilio.object.size")
                .description("Sizes of objects stored by single PUTs")
                .baseUnit("bytes")
                .tag("bucket", bucket)
                .serviceLevelObjectives(SIZES)
                .register(registry);
    }

    private Counter error(String code) {
        return Counter.builder("lilio.errors")
                .description("Requests answered with an error")
                .tag("code", code)
                .register(registry);
    }
}
