package io.lilio.bench.http;

/**
 * One run of a workload.
 *
 * @param seconds from the first request to the last answer
 * @param operationsPerSecond of all clients together
 * @param mebibytesPerSecond payload
 * @param medianMicros latency
 * @param p99Micros latency
 * @param serverCpuMillis CPU time of the target, per operation
 * @param clientCpuMillis CPU time of this load generator, per operation
 */
public record Measured(
        double seconds,
        double operationsPerSecond,
        double mebibytesPerSecond,
        double medianMicros,
        double p99Micros,
        double serverCpuMillis,
        double clientCpuMillis) {

    /** Processors that target and load generator kept busy. */
    double busyCores() {
        return (serverCpuMillis + clientCpuMillis) / 1e3 * operationsPerSecond;
    }
}
