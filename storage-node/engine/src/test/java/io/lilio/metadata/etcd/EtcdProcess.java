package io.lilio.metadata.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.RangeRequest;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.lilio.faults.LoopbackPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real etcd member on loopback, the program that {@code scripts/find-etcd} finds. It can be
 * killed, frozen and started again on its data. Not thread-safe.
 */
public final class EtcdProcess implements AutoCloseable {

    /** It says so when its first commit is done, of itself as a member. */
    private static final String FOUNDED = "\"published local member to cluster through raft\"";

    private final String name;
    private final Path data;
    private final int clientPort;
    private final int peerPort;
    private final List<String> more;
    private String cluster;
    private Process process;

    private EtcdProcess(String name, Path directory, List<String> more) throws IOException {
        this.name = name;
        this.data = directory.resolve(name);
        this.clientPort = LoopbackPorts.next();
        this.peerPort = LoopbackPorts.next();
        this.more = List.copyOf(more);
        this.cluster = member();
        this.process = new ProcessBuilder("true").start();
    }

    /**
     * Starts one that is a cluster by itself, and waits until it answers.
     *
     * @param more flags
     */
    public static EtcdProcess start(Path directory, String... more)
            throws IOException, InterruptedException {
        EtcdProcess etcd = new EtcdProcess("etcd", directory, List.of(more));
        etcd.start();
        etcd.awaitFounded();
        return etcd;
    }

    /** Starts several that are one cluster. */
    public static List<EtcdProcess> startCluster(int size, Path directory, String... more)
            throws IOException, InterruptedException {
        List<EtcdProcess> members = new ArrayList<>();
        for (int i = 1; i <= size; i++) {
            members.add(new EtcdProcess("etcd" + i, directory, List.of(more)));
        }
        String cluster = String.join(",", members.stream().map(EtcdProcess::member).toList());
        for (EtcdProcess each : members) {
            each.cluster = cluster;
        }
        startAll(members);
        return members;
    }

    /** Starts the members of one cluster, again perhaps, on the data that are there. */
    public static void startAll(List<EtcdProcess> members)
            throws IOException, InterruptedException {
        for (EtcdProcess each : members) {
            each.begin();
        }
        for (EtcdProcess each : members) {
            each.awaitPort();
        }
    }

    private String member() {
        return name + "=http://127.0.0.1:" + peerPort;
    }

    /** Starts it, again perhaps, on the data that are there. */
    public void start() throws IOException, InterruptedException {
        begin();
        awaitPort();
    }

    private void begin() throws IOException {
        boolean tls = more.stream().anyMatch(flag -> flag.startsWith("--cert-file"));
        String scheme = tls ? "https" : "http";
        List<String> command =
                new ArrayList<>(
                        List.of(
                                program(),
                                "--name=" + name,
                                "--data-dir=" + data,
                                "--listen-client-urls=" + scheme + "://127.0.0.1:" + clientPort,
                                "--advertise-client-urls=" + scheme + "://127.0.0.1:" + clientPort,
                                "--listen-peer-urls=http://127.0.0.1:" + peerPort,
                                "--initial-advertise-peer-urls=http://127.0.0.1:" + peerPort,
                                "--initial-cluster=" + cluster,
                                "--heartbeat-interval=50",
                                "--election-timeout=500"));
        command.addAll(more);
        process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(
                                        data.resolveSibling(name + ".log").toFile()))
                        .start();
    }

    private static String program() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("scripts/find-etcd"))) {
            root = root.getParent();
        }
        Process find =
                new ProcessBuilder("sh", root.resolve("scripts/find-etcd").toString(), "--install")
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String found =
                new String(find.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (found.isEmpty()) {
            throw new IOException("no etcd was found");
        }
        return found;
    }

    private void awaitPort() throws IOException, InterruptedException {
        for (int attempt = 0; ; attempt++) {
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), clientPort)) {
                return;
            } catch (IOException e) {
                if (attempt > 600 || !process.isAlive()) {
                    throw new IOException("etcd does not start: " + lastWords(), e);
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    /**
     * Waits until a cluster of one has founded itself: its port is open before, and one that is
     * stopped then never serves again.
     */
    private void awaitFounded() throws IOException, InterruptedException {
        for (int attempt = 0; !log().contains(FOUNDED); attempt++) {
            if (attempt > 600 || !process.isAlive()) {
                throw new IOException("etcd does not found its cluster: " + lastWords());
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private String log() throws IOException {
        return Files.readString(data.resolveSibling(name + ".log"));
    }

    private String lastWords() throws IOException {
        String log = log();
        return log.substring(Math.max(0, log.length() - 2_000));
    }

    public String endpoint() {
        return "127.0.0.1:" + clientPort;
    }

    public int clientPort() {
        return clientPort;
    }

    public Path data() {
        return data;
    }

    /** How a client of it alone reaches it. */
    public EtcdSettings settings(String prefix) {
        return EtcdSettings.of(List.of(endpoint()), prefix);
    }

    /** How many calls it has answered with success, by their name in its protocol. */
    public long answered(String method) throws IOException, InterruptedException {
        return metrics()
                .lines()
                .filter(line -> line.startsWith("grpc_server_handled_total{grpc_code=\"OK\""))
                .filter(line -> line.contains("grpc_method=\"" + method + "\""))
                .mapToLong(
                        line -> (long) Double.parseDouble(line.substring(line.indexOf("} ") + 2)))
                .sum();
    }

    /** Whether it lives and leads its cluster. */
    public boolean isLeader() throws IOException, InterruptedException {
        return process.isAlive() && metrics().lines().anyMatch("etcd_server_is_leader 1"::equals);
    }

    private String metrics() throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://" + endpoint() + "/metrics")).build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    /** Forgets all that was overwritten or deleted, as its own compaction would some time. */
    public void compact() {
        ManagedChannel channel =
                Grpc.newChannelBuilder(endpoint(), InsecureChannelCredentials.create()).build();
        try {
            KVGrpc.KVBlockingStub kv = KVGrpc.newBlockingStub(channel);
            RangeRequest any =
                    RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("any")).build();
            kv.compact(
                    CompactionRequest.newBuilder()
                            .setRevision(kv.range(any).getHeader().getRevision())
                            .setPhysical(true)
                            .build());
        } finally {
            channel.shutdownNow();
        }
    }

    /** SIGKILL. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM: it says goodbye first. */
    public void stop() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    /** Killed, and started again without any data, as if its disk had been changed. */
    public void startEmpty() throws IOException, InterruptedException {
        kill();
        Tree.delete(data);
        start();
    }

    /** Copies its data elsewhere; it is stopped for that. */
    public void snapshot(Path to) throws IOException, InterruptedException {
        stop();
        Tree.copy(data, to);
        start();
    }

    /** Copies the data of all members of a cluster elsewhere; they are killed for that. */
    public static void snapshot(List<EtcdProcess> members, Path to)
            throws IOException, InterruptedException {
        Files.createDirectory(to);
        for (EtcdProcess each : members) {
            each.kill();
        }
        for (EtcdProcess each : members) {
            Tree.copy(each.data, to.resolve(each.name));
        }
        startAll(members);
    }

    /** Killed, and started on data that were copied before: time has gone back for its clients. */
    public void restore(Path from) throws IOException, InterruptedException {
        kill();
        replaceData(from);
        start();
    }

    /** The same for all members of a cluster at once. */
    public static void restore(List<EtcdProcess> members, Path from)
            throws IOException, InterruptedException {
        for (EtcdProcess each : members) {
            each.kill();
        }
        for (EtcdProcess each : members) {
            each.replaceData(from.resolve(each.name));
        }
        startAll(members);
    }

    private void replaceData(Path from) throws IOException {
        Tree.delete(data);
        Tree.copy(from, data);
    }

    /** SIGSTOP: it holds its connections and answers nothing. */
    public void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** SIGCONT. */
    public void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String which) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + which, String.valueOf(process.pid())).start().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
