package io.lilio.replication;

/**
 * How long a read may take before a second replica is asked: an estimate of the 95th percentile of
 * recent reads, within bounds. Each sample moves the estimate a little, up by nineteen parts when
 * it was slower, down by one part when it was not; it rests where one in twenty is slower (H.
 * Robbins, S. Monro, "A Stochastic Approximation Method", 1951). Thread-safe; races lose a sample.
 */
final class HedgeDelay {

    private static final double QUANTILE = 0.95;
    private static final double STEP = 0.1;

    private final double minNanos;
    private final double maxNanos;
    private volatile double estimateNanos;

    HedgeDelay(ReplicationSettings.Hedge settings) {
        this.minNanos = settings.minDelay().toNanos();
        this.maxNanos = settings.maxDelay().toNanos();
        this.estimateNanos = Math.min(5 * minNanos, maxNanos);
    }

    void sample(long nanos) {
        double before = estimateNanos;
        double factor = nanos > before ? 1 + STEP * QUANTILE : 1 - STEP * (1 - QUANTILE);
        estimateNanos = Math.clamp(before * factor, minNanos, maxNanos);
    }

    long nanos() {
        return (long) estimateNanos;
    }
}
