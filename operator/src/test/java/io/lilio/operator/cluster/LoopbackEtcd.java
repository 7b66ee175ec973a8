package io.lilio.operator.cluster;

import io.lilio.operator.cluster.EtcdSight.Member;
import io.lilio.operator.cluster.EtcdSight.State;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A real etcd of several members on loopback, as processes of the program that {@code
 * scripts/find-etcd} finds, with the flags of {@link io.lilio.operator.dependent.EtcdSet}. What
 * kubelet does with them a test asks for. Not thread-safe.
 */
final class LoopbackEtcd implements AutoCloseable {

    /** One member, in the place of its pod. */
    private static final class Pod {
        private final String name;
        private final URI client = freeAddress();
        private final URI peer = freeAddress();
        private String volume;
        private boolean failed;
        private @Nullable Process process;

        Pod(String name, String volume) {
            this.name = name;
            this.volume = volume;
        }
    }

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private final String program;
    private final Path directory;
    private final List<Pod> pods = new ArrayList<>();
    private String state = "new";
    private int volumes;

    LoopbackEtcd(String program, Path directory, int size) {
        this.program = program;
        this.directory = directory;
        for (int ordinal = 0; ordinal < size; ordinal++) {
            pods.add(new Pod("etcd-" + ordinal, newVolume()));
        }
    }

    /** Where the program is; empty where there is none. */
    static Optional<String> program() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("scripts/find-etcd"))) {
            root = root.getParent();
        }
        Process find =
                new ProcessBuilder("sh", root.resolve("scripts/find-etcd").toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        String found = new String(find.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return Optional.of(found.strip()).filter(path -> !path.isEmpty());
    }

    private static URI freeAddress() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String newVolume() {
        return "volume-" + volumes++;
    }

    /** It is founded: who has no data has to be let in from now on. */
    void founded() {
        state = "existing";
    }

    URI client(int ordinal) {
        return pods.get(ordinal).client;
    }

    String volume(int ordinal) {
        return pods.get(ordinal).volume;
    }

    /** Starts what has ended, and remembers that it has. */
    void start() throws IOException {
        for (Pod pod : pods) {
            Process process = pod.process;
            if (process == null || !process.isAlive()) {
                pod.failed = process != null;
                pod.process = begin(pod);
            }
        }
    }

    private Process begin(Pod pod) throws IOException {
        String cluster =
                pods.stream()
                        .map(each -> each.name + "=" + each.peer)
                        .collect(Collectors.joining(","));
        return new ProcessBuilder(
                        program,
                        "--name=" + pod.name,
                        "--data-dir=" + directory.resolve(pod.volume).resolve("data"),
                        "--listen-client-urls=" + pod.client,
                        "--advertise-client-urls=" + pod.client,
                        "--listen-peer-urls=" + pod.peer,
                        "--initial-advertise-peer-urls=" + pod.peer,
                        "--initial-cluster=" + cluster,
                        "--initial-cluster-state=" + state)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(
                                directory.resolve(pod.name + ".log").toFile()))
                .start();
    }

    /** A pod is taken away; it begins anew with {@link #start}. */
    void end(int ordinal) {
        Pod pod = pods.get(ordinal);
        Process process = pod.process;
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
        pod.process = null;
        pod.failed = false;
    }

    /** The same, with its volume. */
    void loseVolume(int ordinal) {
        end(ordinal);
        pods.get(ordinal).volume = newVolume();
    }

    /** As Kubernetes would have them. */
    List<Member> members() {
        return pods.stream()
                .map(pod -> new Member(pod.name, pod.peer, Optional.of(pod.volume), state(pod)))
                .toList();
    }

    private State state(Pod pod) {
        if (isReady(pod)) {
            return State.SERVING;
        }
        Process process = pod.process;
        boolean ended = process != null && !process.isAlive();
        return pod.failed || ended ? State.FAILED : State.STARTING;
    }

    private boolean isReady(Pod pod) {
        HttpRequest request =
                HttpRequest.newBuilder(pod.client.resolve("/health"))
                        .timeout(Duration.ofSeconds(1))
                        .build();
        return send(request).filter(answer -> answer.statusCode() == 200).isPresent();
    }

    /** Whether a member leads, as it says itself. */
    boolean leads(int ordinal, String id) {
        String decimal = Long.toUnsignedString(Long.parseUnsignedLong(id, 16));
        return ask(ordinal, "maintenance/status", "{}").contains("\"leader\":\"" + decimal + "\"");
    }

    /** Asks a member for something by its JSON gateway. */
    String ask(int ordinal, String what, String body) {
        HttpRequest request =
                HttpRequest.newBuilder(client(ordinal).resolve("/v3/" + what))
                        .timeout(Duration.ofSeconds(5))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        return send(request).map(HttpResponse::body).orElse("no answer");
    }

    private Optional<HttpResponse<String>> send(HttpRequest request) {
        try {
            return Optional.of(http.send(request, HttpResponse.BodyHandlers.ofString()));
        } catch (IOException _) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        for (int ordinal = 0; ordinal < pods.size(); ordinal++) {
            end(ordinal);
        }
        http.close();
    }
}
