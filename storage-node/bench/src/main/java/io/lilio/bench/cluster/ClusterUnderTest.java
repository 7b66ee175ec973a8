package io.lilio.bench.cluster;

import io.lilio.bench.http.ScratchDirectory;
import io.lilio.bench.http.ServerUnderTest;
import io.lilio.bench.http.Target;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An etcd and storage nodes that share it, each a process of its own, N=3 W=2 R=2. Each node has
 * one disk, but for a node that is alone, which has three: every object has three copies in any
 * case. Not thread-safe.
 */
final class ClusterUnderTest implements Target, AutoCloseable {

    private final Path repository;
    private final Map<String, String> settings;
    private final int founders;
    private final EtcdUnderTest etcd;
    private final ScratchDirectory scratch;
    private final List<ServerUnderTest> nodes = new ArrayList<>();

    private ClusterUnderTest(Path repository, int founders, Map<String, String> settings)
            throws IOException, InterruptedException {
        this.repository = repository;
        this.settings = settings;
        this.founders = founders;
        this.scratch = ScratchDirectory.create(repository, "cluster");
        this.etcd = EtcdUnderTest.start(repository);
    }

    /**
     * Founds a cluster and waits until all its nodes are ready.
     *
     * @param settings environment variables of every node, beside those needed here
     */
    static ClusterUnderTest start(Path repository, int size, Map<String, String> settings)
            throws IOException, InterruptedException {
        ClusterUnderTest cluster = new ClusterUnderTest(repository, size, settings);
        for (int i = 1; i <= size; i++) {
            cluster.begin(i);
        }
        for (ServerUnderTest node : cluster.nodes) {
            node.awaitReady();
        }
        return cluster;
    }

    /** Starts one node more, which the ring does not know yet, and returns its name. */
    String join() throws IOException, InterruptedException {
        int number = nodes.size() + 1;
        begin(number);
        nodes.getLast().awaitReady();
        return name(number);
    }

    private void begin(int number) throws IOException {
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("LILIO_NODE_NAME", name(number));
        environment.put("LILIO_METADATA_TYPE", "etcd");
        environment.put("LILIO_METADATA_ETCD_ENDPOINTS", etcd.endpoint());
        environment.put(
                "LILIO_CLUSTER_INITIAL_NODES",
                IntStream.rangeClosed(1, founders)
                        .mapToObj(ClusterUnderTest::name)
                        .collect(Collectors.joining(",")));
        environment.put("LILIO_RPC_HOST", "127.0.0.1");
        environment.put("LILIO_RPC_PORT", String.valueOf(ServerUnderTest.freePort()));
        environment.put("LILIO_RPC_SECRET", "the secret of the benchmarks");
        if (founders == 1) {
            environment.put("LILIO_CONFIG", threeDisks().toString());
        }
        nodes.add(ServerUnderTest.begin(repository, environment));
    }

    private Path threeDisks() throws IOException {
        String disks =
                IntStream.rangeClosed(1, 3)
                        .mapToObj(
                                i ->
                                        "    - { name: disk%d, type: local, path: %s }\n"
                                                .formatted(i, scratch.path().resolve("disk" + i)))
                        .collect(Collectors.joining());
        return Files.writeString(
                scratch.path().resolve("lilio.yaml"), "lilio:\n  backends:\n" + disks);
    }

    private static String name(int number) {
        return "node-" + number;
    }

    EtcdUnderTest etcd() {
        return etcd;
    }

    /** The first node's admin port. */
    URI admin() {
        return nodes.getFirst().admin();
    }

    @Override
    public List<URI> endpoints() {
        return nodes.stream().map(ServerUnderTest::endpoint).toList();
    }

    @Override
    public double cpuSeconds() throws IOException {
        double seconds = etcd.cpuSeconds();
        for (ServerUnderTest node : nodes) {
            seconds += node.cpuSeconds();
        }
        return seconds;
    }

    @Override
    public void close() throws IOException {
        for (ServerUnderTest node : nodes) {
            node.close();
        }
        etcd.close();
        scratch.close();
    }
}
