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
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An etcd and storage nodes that share it, each a process of its own with one disk, on loopback.
 * Nodes count from 1. Not thread-safe.
 */
final class ClusterProcesses implements AutoCloseable {

    /** For clusters whose etcd is well, on machines that are not. */
    static final Map<String, String> PATIENT = Map.of("LILIO_METADATA_ETCD_TIMEOUT", "30s");

    /** What nodes do for themselves comes soon, and often. */
    private static final Map<String, String> OWN_WORK =
            Map.of(
                    "LILIO_MAINTENANCE_UNCONFIRMED_AGE", "5s",
                    "LILIO_MAINTENANCE_ORPHANS_INTERVAL", "1s",
                    "LILIO_MAINTENANCE_DROP_INTERVAL", "1s",
                    "LILIO_MAINTENANCE_TRASH_INTERVAL", "1s",
                    "LILIO_MAINTENANCE_USAGE_INTERVAL", "5s");

    static final String SECRET = "the secret of the process tests";

    /** Beyond all nodes. */
    private static final int FIRST_JOB = 100;

    private final Path directory;
    private final Shape shape;
    private final List<EtcdProcess> etcd;
    private final ClusterNetwork network;
    private final List<ServerProcess> nodes = new ArrayList<>();
    private int jobs;

    /**
     * What a cluster consists of.
     *
     * @param nodes that found it
     * @param etcdMembers one or more
     * @param proxied whether everything passes through proxies, see {@link #network}
     * @param settings that a node has beside the usual ones
     * @param build the root of the checkout whose server runs
     */
    record Shape(
            int nodes,
            int etcdMembers,
            boolean proxied,
            IntFunction<Map<String, String>> settings,
            Path build) {

        /** One etcd, and nothing between. */
        static Shape of(int nodes) {
            return new Shape(nodes, 1, false, node -> Map.of(), ServerProcess.repository());
        }

        /** A network that can be spoilt. */
        Shape withNetwork() {
            return new Shape(nodes, etcdMembers, true, settings, build);
        }

        Shape withEtcdMembers(int members) {
            return new Shape(nodes, members, proxied, settings, build);
        }

        /** What all nodes are told besides. */
        Shape with(Map<String, String> all) {
            return with(node -> all);
        }

        /** What each node is told besides. */
        Shape with(IntFunction<Map<String, String>> each) {
            return new Shape(
                    nodes,
                    etcdMembers,
                    proxied,
                    node -> {
                        Map<String, String> both = new HashMap<>(settings.apply(node));
                        both.putAll(each.apply(node));
                        return both;
                    },
                    build);
        }

        /** The server of another checkout. */
        Shape ofBuild(Path checkout) {
            return new Shape(nodes, etcdMembers, proxied, settings, checkout);
        }
    }

    private ClusterProcesses(Path directory, Shape shape, List<EtcdProcess> etcd) {
        this.directory = directory;
        this.shape = shape;
        this.etcd = List.copyOf(etcd);
        this.network =
                new ClusterNetwork(directory, etcd.stream().map(EtcdProcess::clientPort).toList());
    }

    /** Founds a cluster and waits until all its nodes are ready. */
    static ClusterProcesses start(Path directory, int size)
            throws IOException, InterruptedException {
        return start(directory, Shape.of(size));
    }

    /** Founds a cluster and waits until all its nodes are ready. */
    static ClusterProcesses start(Path directory, Shape shape)
            throws IOException, InterruptedException {
        List<EtcdProcess> etcd =
                shape.etcdMembers() == 1
                        ? List.of(EtcdProcess.start(directory))
                        : EtcdProcess.startCluster(shape.etcdMembers(), directory);
        return start(directory, shape, etcd);
    }

    /**
     * The same with an etcd that runs already.
     *
     * @param etcd its members, closed together with this
     */
    static ClusterProcesses start(Path directory, Shape shape, List<EtcdProcess> etcd)
            throws IOException, InterruptedException {
        ClusterProcesses cluster = new ClusterProcesses(directory, shape, etcd);
        for (int i = 1; i <= shape.nodes(); i++) {
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
        ServerProcess node =
                ServerProcess.begin(shape.build(), data(number), settings(number, more));
        nodes.add(node);
        return node;
    }

    /** What a node is told beside what every server process is. */
    Map<String, String> settings(int number, Map<String, String> more) throws IOException {
        int rpcPort = LoopbackPorts.next();
        Map<String, String> settings = new HashMap<>(OWN_WORK);
        settings.putAll(shape.settings().apply(number));
        settings.put("LILIO_NODE_NAME", "node-" + number);
        settings.put("LILIO_METADATA_TYPE", "etcd");
        settings.put(
                "LILIO_METADATA_ETCD_ENDPOINTS",
                etcd.stream().map(EtcdProcess::endpoint).collect(Collectors.joining(",")));
        settings.put(
                "LILIO_CLUSTER_INITIAL_NODES",
                IntStream.rangeClosed(1, shape.nodes())
                        .mapToObj(i -> "node-" + i)
                        .collect(Collectors.joining(",")));
        settings.put("LILIO_RPC_HOST", "127.0.0.1");
        settings.put("LILIO_RPC_PORT", String.valueOf(rpcPort));
        settings.put("LILIO_RPC_SECRET", SECRET);
        if (shape.proxied()) {
            settings.putAll(network.connect(number, rpcPort));
        }
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
        job.environment().putAll(settings(FIRST_JOB + jobs++, Map.of()));
        job.environment().put("JAVA_HOME", System.getProperty("java.home"));
        job.environment().put("LILIO_DATA_DIR", data.toString());
        job.environment().put("LILIO_ROOT_ACCESS_KEY", ServerProcess.ACCESS_KEY);
        job.environment().put("LILIO_ROOT_SECRET_KEY", ServerProcess.SECRET_KEY);
        int exitCode = job.start().waitFor();
        return new Job(exitCode, Files.readString(output));
    }

    /** The etcd, or its first member. */
    EtcdProcess etcd() {
        return etcd.getFirst();
    }

    List<EtcdProcess> etcdMembers() {
        return etcd;
    }

    /** Between the nodes and before etcd; of a cluster that is proxied. */
    ClusterNetwork network() {
        return network;
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

    /** Starts all nodes again on their data, once they have ended. */
    void startAgain() throws IOException, InterruptedException {
        for (ServerProcess node : nodes) {
            node.startAgain();
        }
    }

    /** SIGTERM to all; then what they hold can be looked at. */
    void terminate() throws InterruptedException {
        for (ServerProcess node : nodes) {
            node.terminate();
        }
    }

    /** Where nodes have their chunks. */
    List<Path> disks() {
        return IntStream.rangeClosed(1, nodes.size()).mapToObj(this::disk).toList();
    }

    /** Where a node has its chunks, or will have them. */
    Path disk(int number) {
        String configured = shape.settings().apply(number).get(Disk.PATH_SETTING);
        return configured == null ? data(number).resolve("disk1") : Path.of(configured);
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
    public void close() throws IOException {
        nodes.forEach(ServerProcess::close);
        etcd.forEach(EtcdProcess::close);
        network.close();
    }
}
