package io.lilio.bench.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * One run.
 *
 * @param operationsPerSecond of all callers together
 * @param megabytesPerSecond of 10^6 bytes, payload
 * @param medianMicros latency of an operation
 * @param allocatedBytes on the heap, per operation
 * @param cpuMicros of the whole process, per operation
 */
record Figures(
        double operationsPerSecond,
        double megabytesPerSecond,
        double medianMicros,
        double allocatedBytes,
        double cpuMicros) {

    /** Runs and gives the median. */
    interface Run {
        Figures once() throws InterruptedException;
    }

    /** The median of several runs, by throughput. */
    static Figures median(int rounds, Run run) throws InterruptedException {
        List<Figures> runs = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            runs.add(run.once());
        }
        return median(runs);
    }

    /** The one in the middle, by throughput. */
    static Figures median(List<Figures> runs) {
        List<Figures> sorted =
                runs.stream()
                        .sorted(Comparator.comparingDouble(Figures::operationsPerSecond))
                        .toList();
        return sorted.get(sorted.size() / 2);
    }

    /** Processors that the process kept busy. */
    double busyCores() {
        return cpuMicros / 1e6 * operationsPerSecond;
    }

    String megabytes() {
        return number(megabytesPerSecond);
    }

    String latency() {
        return time(medianMicros);
    }

    String cpu() {
        return time(cpuMicros);
    }

    private static String time(double micros) {
        return micros < 10_000 ? number(micros) + " µs" : number(micros / 1_000) + " ms";
    }

    static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.1f" : "%,.0f", value);
    }

    static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
