package io.lilio.operator.cluster;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.lilio.operator.cluster.EtcdSight.Member;
import io.lilio.operator.cluster.EtcdSight.State;
import io.lilio.operator.dependent.EtcdSet;
import io.lilio.operator.dependent.Names;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A real etcd of several members on loopback, as processes of the program that {@code
 * scripts/find-etcd} finds, in the environment that {@link EtcdSet} gives them, but for addresses
 * and directories. What kubelet does with them a test asks for. Not thread-safe.
 */
final class LoopbackEtcd implements AutoCloseable {

    private static final Names NAMES = new Names(Stage.NAME, Stage.NAMESPACE);

    /** One member, in the place of its pod. */
    private static final class Pod {
        private final String name;
        private final URI client = freeAddress();
        private final URI peer = freeAddress();
        private String volume;
        private PodSpec spec;
        private boolean held;
        private boolean failed;
        private @Nullable Process process;

        Pod(String name, String volume, PodSpec spec) {
            this.name = name;
            this.volume = volume;
            this.spec = spec;
        }
    }

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private final String program;
    private final Path directory;
    private final List<Pod> pods = new ArrayList<>();
    private StatefulSet set;
    private int volumes;

    LoopbackEtcd(String program, Path directory, int size) {
        this.program = program;
        this.directory = directory;
        this.set = set(size, new EtcdSet.State.Founding());
        for (int ordinal = 0; ordinal < size; ordinal++) {
            pods.add(new Pod(NAMES.etcdMember(ordinal), newVolume(), template()));
        }
    }

    private static StatefulSet set(int size, EtcdSet.State state) {
        return EtcdSet.of(
                Stage.sample(yaml -> yaml),
                new EtcdSet.Given("etcd", size, state, new Quantity("1Gi")));
    }

    private PodSpec template() {
        return set.getSpec().getTemplate().getSpec();
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

    /** Pods that begin from now on are made so. */
    void apply(EtcdSet.State state) {
        set = set(pods.size(), state);
    }

    /** Whose pods, made now, would let them begin with no data. */
    Set<String> admitted() {
        return pods.stream()
                .map(pod -> pod.name)
                .filter(name -> EtcdSet.admits(set, name))
                .collect(Collectors.toSet());
    }

    /** A pod does not start, or does so again. */
    void hold(int ordinal, boolean held) {
        pods.get(ordinal).held = held;
    }

    /** Whether a member has ever begun on a volume. */
    boolean hasBegun(String volume) {
        return Files.exists(data(volume).resolve("member/wal"));
    }

    private Path data(String volume) {
        return directory.resolve(volume).resolve("data");
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
            if (!pod.held && (process == null || !process.isAlive())) {
                pod.failed = process != null;
                pod.process = begin(pod);
            }
        }
    }

    private Process begin(Pod pod) throws IOException {
        ProcessBuilder etcd =
                new ProcessBuilder(program)
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(
                                        directory.resolve(pod.name + ".log").toFile()));
        pod.spec.getContainers().getFirst().getEnv().stream()
                .filter(variable -> variable.getValue() != null)
                .forEach(
                        variable ->
                                etcd.environment()
                                        .put(variable.getName(), here(variable.getValue(), pod)));
        etcd.environment().remove("ETCD_LISTEN_METRICS_URLS");
        etcd.environment()
                .putAll(
                        Map.of(
                                "ETCD_NAME", pod.name,
                                "ETCD_DATA_DIR", data(pod.volume).toString(),
                                "ETCD_LISTEN_CLIENT_URLS", pod.client.toString(),
                                "ETCD_LISTEN_PEER_URLS", pod.peer.toString()));
        return etcd.start();
    }

    /** What Kubernetes resolves, with the addresses of loopback. */
    private String here(String value, Pod self) {
        String here = value.replace("$(ETCD_NAME)", self.name);
        for (int ordinal = 0; ordinal < pods.size(); ordinal++) {
            Pod pod = pods.get(ordinal);
            here =
                    here.replace(NAMES.etcdPeer(ordinal).toString(), pod.peer.toString())
                            .replace(NAMES.etcdClient(ordinal).toString(), pod.client.toString());
        }
        return here;
    }

    /** A pod is taken away; the next one, which is made at once, begins with {@link #start}. */
    void end(int ordinal) {
        Pod pod = pods.get(ordinal);
        Process process = pod.process;
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
        pod.process = null;
        pod.failed = false;
        pod.spec = template();
    }

    /** The same, with its volume. */
    void loseVolume(int ordinal) {
        end(ordinal);
        pods.get(ordinal).volume = newVolume();
    }

    /** Whether the programs are there that make a backup and put it back. */
    boolean canBackUp() {
        return Files.isExecutable(beside("etcdctl")) && Files.isExecutable(beside("etcdutl"));
    }

    private Path beside(String other) {
        return Path.of(program).resolveSibling(other);
    }

    /** Makes a backup, as docs/kubernetes.md has it. */
    void backUp() throws Exception {
        run(
                beside("etcdctl").toString(),
                "--endpoints=" + client(0),
                "snapshot",
                "save",
                backup().toString());
    }

    private Path backup() {
        return directory.resolve("backup.db");
    }

    /** Puts the backup back on a volume that nobody has begun on, as docs/kubernetes.md has it. */
    void putBack(int ordinal) throws Exception {
        Pod pod = pods.get(ordinal);
        run(
                beside("etcdutl").toString(),
                "snapshot",
                "restore",
                backup().toString(),
                "--name=" + pod.name,
                "--initial-cluster="
                        + pods.stream()
                                .map(each -> each.name + "=" + each.peer)
                                .collect(Collectors.joining(",")),
                "--initial-cluster-token=restored",
                "--initial-advertise-peer-urls=" + pod.peer,
                "--data-dir=" + data(pod.volume));
    }

    private void run(String... command) throws Exception {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("commands.log").toFile())
                        .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(
                    Files.readString(directory.resolve("commands.log"), StandardCharsets.UTF_8));
        }
    }

    /** As Kubernetes would have them. */
    List<Member> members() {
        return pods.stream()
                .map(
                        pod ->
                                new Member(
                                        pod.name,
                                        pod.peer,
                                        Optional.of(pod.volume),
                                        state(pod),
                                        EtcdSet.admits(pod.spec, pod.name)))
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
