package io.lilio.bench.cluster;

import io.lilio.bench.http.KeptAliveConnection;
import io.lilio.bench.http.PreparedRequest;
import io.lilio.bench.http.Target;
import io.lilio.bench.http.Workload;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;

/**
 * Workloads that go on until they are stopped, each by its clients, while something else happens.
 * Latencies are told by periods. Not thread-safe.
 */
final class SteadyLoad implements AutoCloseable {

    private final List<URI> endpoints;
    private final List<Latencies> latencies = new ArrayList<>();
    private final List<Thread> clients = new ArrayList<>();
    private final AtomicBoolean over = new AtomicBoolean();

    /**
     * Begins at once.
     *
     * @param workloads whose number of operations counts for nothing
     */
    SteadyLoad(Target target, List<Workload> workloads) {
        endpoints = target.endpoints();
        for (Workload workload : workloads) {
            Latencies its = new Latencies();
            latencies.add(its);
            for (int c = 0; c < workload.clients(); c++) {
                LongFunction<PreparedRequest> requests = workload.requests().apply(c);
                URI endpoint = endpoints.get(c % endpoints.size());
                clients.add(Thread.ofPlatform().start(() -> work(endpoint, requests, its)));
            }
        }
    }

    private void work(URI endpoint, LongFunction<PreparedRequest> requests, Latencies its) {
        long n = 0;
        while (!over.get()) {
            try (KeptAliveConnection connection = new KeptAliveConnection(endpoint)) {
                while (!over.get()) {
                    long sent = System.nanoTime();
                    KeptAliveConnection.Answer answer = connection.exchange(requests.apply(n++));
                    its.add(System.nanoTime() - sent, answer.status() == 200);
                }
            } catch (IOException e) {
                its.add(0, false);
            }
        }
    }

    /** What was measured since the last call, for each workload in order. */
    List<Latencies.Period> endPeriod() {
        return latencies.stream().map(Latencies::endPeriod).toList();
    }

    @Override
    public void close() {
        over.set(true);
        for (Thread client : clients) {
            boolean interrupted = false;
            while (client.isAlive()) {
                try {
                    client.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
