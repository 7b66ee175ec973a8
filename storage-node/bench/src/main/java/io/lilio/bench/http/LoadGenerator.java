package io.lilio.bench.http;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Runs workloads against a target: a blocking connection and a thread for each client. */
public final class LoadGenerator {

    private final List<URI> endpoints;
    private final Target target;

    /**
     * @param target whose endpoints take the clients in turn
     */
    public LoadGenerator(Target target) {
        this.endpoints = target.endpoints();
        this.target = target;
    }

    /**
     * One run.
     *
     * @throws IllegalStateException when any answer was not a success
     */
    public Measured run(Workload workload) throws IOException, InterruptedException {
        int clients = workload.clients();
        long each = Math.max(1, workload.operations() / clients);
        long[][] latencies = new long[clients][(int) each];
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        CountDownLatch ready = new CountDownLatch(clients);
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int c = 0; c < clients; c++) {
            LongFunction<PreparedRequest> requests = workload.requests().apply(c);
            long[] its = latencies[c];
            URI endpoint = endpoints.get(c % endpoints.size());
            threads.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try (KeptAliveConnection connection =
                                                new KeptAliveConnection(endpoint)) {
                                            ready.countDown();
                                            go.await();
                                            work(connection, requests, its);
                                        } catch (IOException
                                                | InterruptedException
                                                | RuntimeException e) {
                                            failure.set(e);
                                            ready.countDown();
                                        }
                                    }));
        }
        ready.await();
        double serverCpu = target.cpuSeconds();
        double ownCpu = ownCpuSeconds();
        long begin = System.nanoTime();
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (failure.get() != null) {
            throw new IllegalStateException(workload.name() + " failed", failure.get());
        }
        long operations = each * clients;
        long[] all = Arrays.stream(latencies).flatMapToLong(Arrays::stream).sorted().toArray();
        return new Measured(
                seconds,
                operations / seconds,
                operations * workload.bytes() / seconds / (1 << 20),
                all[all.length / 2] / 1e3,
                all[(int) Math.min(all.length - 1, all.length * 99L / 100)] / 1e3,
                (target.cpuSeconds() - serverCpu) * 1e3 / operations,
                (ownCpuSeconds() - ownCpu) * 1e3 / operations);
    }

    private static void work(
            KeptAliveConnection connection,
            LongFunction<PreparedRequest> requests,
            long[] latencies)
            throws IOException {
        for (int i = 0; i < latencies.length; i++) {
            PreparedRequest request = requests.apply(i);
            long sent = System.nanoTime();
            KeptAliveConnection.Answer answer = connection.exchange(request);
            latencies[i] = System.nanoTime() - sent;
            if (answer.status() != 200) {
                throw new IOException("answered " + answer.status() + ": " + answer.head());
            }
        }
    }

    private static double ownCpuSeconds() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
                / 1e9;
    }
}
