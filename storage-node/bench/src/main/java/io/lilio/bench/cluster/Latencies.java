package io.lilio.bench.cluster;

import java.util.Arrays;

/** How long requests took, by periods. Thread-safe. */
final class Latencies {

    /**
     * One period.
     *
     * @param perSecond requests that succeeded
     * @param medianMicros of these
     * @param p99Micros of these
     * @param failed the others
     */
    record Period(double perSecond, double medianMicros, double p99Micros, long failed) {}

    private long[] nanos = new long[1024];
    private int count;
    private long failed;
    private long begun = System.nanoTime();

    synchronized void add(long nanoseconds, boolean success) {
        if (!success) {
            failed++;
            return;
        }
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, count * 2);
        }
        nanos[count++] = nanoseconds;
    }

    /** Tells of the period that ends now, and begins the next one. */
    synchronized Period endPeriod() {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        double seconds = (System.nanoTime() - begun) / 1e9;
        Period period = new Period(count / seconds, at(sorted, 50), at(sorted, 99), failed);
        count = 0;
        failed = 0;
        begun = System.nanoTime();
        return period;
    }

    private static double at(long[] sorted, int percent) {
        return sorted.length == 0
                ? 0
                : sorted[(int) Math.min(sorted.length - 1L, sorted.length * (long) percent / 100)]
                        / 1e3;
    }
}
