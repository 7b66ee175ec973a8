package io.lilio.server.process;

import io.lilio.faults.LoopbackPorts;
import io.lilio.metadata.etcd.EtcdProcess;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An etcd and storage nodes that share it, each a process of its own with one disk, on loopback.
 * Nodes count from 1. Not thread-safe.
 */
final class ClusterProcesses implements AutoCloseable {

    static final String SECRET = "the secret of the process tests";

    private final Path directory;
    private final EtcdProcess etcd;
    private final int founders;
    private final List<ServerProcess> nodes = new ArrayList<>();

    private ClusterProcesses(Path directory, EtcdProcess etcd, int founders) {
        this.directory = directory;
        this.etcd = etcd;
        this.founders = founders;
    }

    /** Founds a cluster and waits until all its nodes are ready. */
    static ClusterProcesses start(Path directory, int size)
            throws IOException, InterruptedException {
        ClusterProcesses cluster =
                new ClusterProcesses(directory, EtcdProcess.start(directory), size);
        for (int i = 1; i <= size; i++) {
            cluster.begin(i, Map.of());
        }
        for (ServerProcess node : cluster.nodes) {
            node.awaitReady();
        }
        return cluster;
    }

    /** One node more, which joins. */
    ServerProcess join() throws IOException, InterruptedException {
        ServerProcess node = begin(nodes.size() + 1, Map.of());
        node.awaitReady();
        return node;
    }

    private ServerProcess begin(int number, Map<String, String> more)
            throws IOException, InterruptedException {
        ServerProcess node = ServerProcess.begin(data(number), settings(number, more));
        nodes.add(node);
        return node;
    }

    /** What a node is told beside what every server process is. */
    Map<String, String> settings(int number, Map<String, String> more) throws IOException {
        Map<String, String> settings = new HashMap<>();
        settings.put("LILIO_NODE_NAME", "node-" + number);
        settings.put("LILIO_METADATA_TYPE", "etcd");
        settings.put("LILIO_METADATA_ETCD_ENDPOINTS", etcd.endpoint());
        settings.put(
                "LILIO_CLUSTER_INITIAL_NODES",
                IntStream.rangeClosed(1, founders)
                        .mapToObj(i -> "node-" + i)
                        .collect(Collectors.joining(",")));
        settings.put("LILIO_RPC_HOST", "127.0.0.1");
        settings.put("LILIO_RPC_PORT", String.valueOf(LoopbackPorts.next()));
        settings.put("LILIO_RPC_SECRET", SECRET);
        settings.putAll(more);
        return settings;
    }

    /**
     * How a job ended.
     *
     * @param output all that it printed
     */
    record Job(int exitCode, String output) {}

    /** Runs a job from a directory without any memory, to its end. */
    Job job(String... arguments) throws IOException, InterruptedException {
        Path data = Files.createTempDirectory(directory, "job");
        Path output = directory.resolve(data.getFileName() + ".log");
        List<String> command = new ArrayList<>();
        command.add(ServerProcess.repository().resolve("scripts/lilio-server").toString());
        command.addAll(List.of(arguments));
        ProcessBuilder job =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        job.environment().putAll(settings(nodes.size() + 1, Map.of()));
        job.environment().put("JAVA_HOME", System.getProperty("java.home"));
        job.environment().put("LILIO_DATA_DIR", data.toString());
        job.environment().put("LILIO_ROOT_ACCESS_KEY", ServerProcess.ACCESS_KEY);
        job.environment().put("LILIO_ROOT_SECRET_KEY", ServerProcess.SECRET_KEY);
        int exitCode = job.start().waitFor();
        return new Job(exitCode, Files.readString(output));
    }

    EtcdProcess etcd() {
        return etcd;
    }

    ServerProcess node(int number) {
        return nodes.get(number - 1);
    }

    Path data(int number) {
        return directory.resolve("node-" + number);
    }

    List<URI> endpoints() {
        return nodes.stream().map(ServerProcess::endpoint).toList();
    }

    /** SIGTERM to all; then what they hold can be looked at. */
    void terminate() throws InterruptedException {
        for (ServerProcess node : nodes) {
            node.terminate();
        }
    }

    /** Where nodes have their chunks. */
    List<Path> disks() {
        return IntStream.rangeClosed(1, nodes.size())
                .mapToObj(i -> data(i).resolve("disk1"))
                .toList();
    }

    /** Removes all that a node has stored; it must not run. */
    void loseDisk(int number) throws IOException {
        try (Stream<Path> all = Files.walk(data(number))) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    @Override
    public void close() {
        nodes.forEach(ServerProcess::close);
        etcd.close();
    }
}
