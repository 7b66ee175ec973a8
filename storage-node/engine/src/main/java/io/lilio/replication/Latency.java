package io.lilio.replication;

/**
 * How long calls to a member have taken lately: an exponentially weighted average that fades while
 * nothing is measured, so that a member that was slow is tried again. Races between writers lose a
 * sample now and then, which does not matter.
 */
final class Latency {

    private static final double WEIGHT = 0.1;
    private static final double HALF_LIFE_NANOS = 10e9;

    private volatile double averageNanos;
    private volatile long measuredNanos;

    void measured(long nanos, long now) {
        double before = averageNanos;
        averageNanos = before == 0 ? nanos : before + WEIGHT * (nanos - before);
        measuredNanos = now;
    }

    /** The estimate in nanoseconds; 0 when nothing is known. */
    double estimate(long now) {
        double average = averageNanos;
        return average == 0 ? 0 : average * Math.pow(2, (measuredNanos - now) / HALF_LIFE_NANOS);
    }
}
