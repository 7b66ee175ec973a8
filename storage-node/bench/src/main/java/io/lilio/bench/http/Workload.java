package io.lilio.bench.http;

import java.util.function.IntFunction;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What clients do, again and again.
 *
 * @param name for the table
 * @param clients connections, each with a thread
 * @param operations how many operations all clients together do in one run
 * @param requests for each client, its request for the n-th operation
 * @param bytes of payload in one operation, for throughput
 * @param preparation done once before the first run; null for none
 */
public record Workload(
        String name,
        int clients,
        long operations,
        IntFunction<LongFunction<PreparedRequest>> requests,
        long bytes,
        @Nullable Workload preparation) {}
