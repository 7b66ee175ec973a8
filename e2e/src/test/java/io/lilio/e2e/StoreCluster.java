package io.lilio.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.lilio.admin.api.MemberStatus;
import io.lilio.admin.api.OperationStatus;
import io.lilio.admin.api.RingStatus.RingMember;
import io.lilio.crd.Condition;
import io.lilio.crd.ConditionStatus;
import io.lilio.crd.cluster.ClusterOperation;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterStatus;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

/** A LilioCluster, from outside: what it says of itself, and how it is reached and changed. */
final class StoreCluster {

    /** Founding, or a change of the ring under load, on a machine that is busy with both. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private static final int CONNECT_MILLIS = 2_000;

    private static final Set<String> PRESENT = Set.of("JOINING", "ACTIVE", "DRAINING");

    private final Kubernetes kubernetes;
    private final String namespace;
    private final String name;

    StoreCluster(Kubernetes kubernetes, String namespace, String name) {
        this.kubernetes = kubernetes;
        this.namespace = namespace;
        this.name = name;
    }

    /** Makes one and waits until it serves. */
    static StoreCluster create(Scenario scenario, String name, Spec spec) {
        StoreCluster cluster = new StoreCluster(scenario.kubernetes(), scenario.namespace(), name);
        scenario.kubernetes().apply(spec.asCluster(name, scenario.namespace()));
        cluster.awaitSettled();
        return cluster;
    }

    String name() {
        return name;
    }

    String namespace() {
        return namespace;
    }

    /** The resource as it is now. */
    LilioCluster resource() {
        LilioCluster found =
                kubernetes
                        .client()
                        .resources(LilioCluster.class)
                        .inNamespace(namespace)
                        .withName(name)
                        .get();
        assertThat(found).as("LilioCluster %s/%s", namespace, name).isNotNull();
        return found;
    }

    private Optional<LilioClusterStatus> status() {
        return Optional.ofNullable(resource().getStatus());
    }

    /** What the operator is about. */
    Optional<ClusterOperation> operation() {
        return status().map(LilioClusterStatus::operation);
    }

    /** A condition, of whatever generation. */
    Optional<Condition> condition(String type) {
        return Conditions.find(
                status().map(LilioClusterStatus::conditions).orElse(List.of()), type);
    }

    /** Waits until a condition has a status, and a reason, for the present spec. */
    Condition awaitCondition(String type, ConditionStatus status, String reason) {
        Await.until(
                "%s is %s, %s".formatted(type, status, reason),
                PATIENCE,
                () -> {
                    LilioCluster now = resource();
                    return Conditions.missing(
                            now.getStatus() == null ? List.of() : now.getStatus().conditions(),
                            now.getMetadata().getGeneration(),
                            type,
                            status,
                            reason);
                });
        return condition(type).orElseThrow();
    }

    /** Waits until some condition has a reason, for the present spec. */
    Condition awaitReason(String reason) {
        Await.until(
                "a condition of %s says %s".formatted(name, reason),
                PATIENCE,
                () ->
                        findReason(reason).isPresent()
                                ? ""
                                : "it says " + status().map(LilioClusterStatus::conditions));
        return findReason(reason).orElseThrow();
    }

    /** Waits until some condition says something, for the present spec. */
    Condition awaitMessage(String part) {
        Await.until(
                "a condition of %s says that %s".formatted(name, part),
                PATIENCE,
                () ->
                        findMessage(part).isPresent()
                                ? ""
                                : "it says " + status().map(LilioClusterStatus::conditions));
        return findMessage(part).orElseThrow();
    }

    private Optional<Condition> findMessage(String part) {
        return find(condition -> condition.message().contains(part));
    }

    private Optional<Condition> findReason(String reason) {
        return find(condition -> condition.reason().equals(reason));
    }

    private Optional<Condition> find(Predicate<Condition> sought) {
        LilioCluster now = resource();
        LilioClusterStatus said = now.getStatus();
        return said == null
                ? Optional.empty()
                : said.conditions().stream()
                        .filter(sought)
                        .filter(
                                each ->
                                        each.observedGeneration()
                                                >= now.getMetadata().getGeneration())
                        .findFirst();
    }

    /** Waits until the operator has begun something of a type, in a phase. */
    ClusterOperation awaitOperation(ClusterOperation.Type type, String phase) {
        Await.until(
                "%s, %s".formatted(type, phase),
                PATIENCE,
                () ->
                        operation()
                                        .filter(now -> now.type() == type)
                                        .filter(now -> now.phase().equals(phase))
                                        .isPresent()
                                ? ""
                                : "it is about " + operation());
        return operation().orElseThrow();
    }

    /** Waits until a rebalance is under way that has copied so many bytes, and returns its id. */
    String awaitCopied(long bytes) {
        AdminClient admin = admin();
        String[] id = new String[1];
        Await.until(
                "a rebalance has copied %d bytes".formatted(bytes),
                PATIENCE,
                () -> {
                    for (OperationStatus run : admin.operations("rebalance")) {
                        if (run.state().equals("RUNNING") && run.progress().bytesDone() >= bytes) {
                            id[0] = run.id();
                            return "";
                        }
                    }
                    return "there is none";
                });
        return id[0];
    }

    /** The StatefulSet of the storage nodes. */
    StatefulSet statefulSet() {
        return kubernetes
                .client()
                .apps()
                .statefulSets()
                .inNamespace(namespace)
                .withName(name)
                .require();
    }

    /** Waits until all is as the spec has it, and nothing is under way. */
    void awaitSettled() {
        Await.until(name + " is as its spec has it", PATIENCE, this::unsettled);
    }

    private String unsettled() {
        LilioCluster now = resource();
        LilioClusterStatus status = now.getStatus();
        if (status == null) {
            return "it has no status";
        }
        long generation = now.getMetadata().getGeneration();
        for (String type : List.of("Ready", "RingConverged")) {
            String missing =
                    Conditions.missing(
                            status.conditions(), generation, type, ConditionStatus.TRUE, "");
            if (!missing.isEmpty()) {
                return missing;
            }
        }
        String progressing =
                Conditions.missing(
                        status.conditions(), generation, "Progressing", ConditionStatus.FALSE, "");
        if (!progressing.isEmpty()) {
            return progressing;
        }
        if (status.operation() != null) {
            return "it is about " + status.operation();
        }
        int wanted = now.getSpec().replicas();
        return Integer.valueOf(wanted).equals(status.readyReplicas())
                ? ""
                : "%s of %d pods are ready".formatted(status.readyReplicas(), wanted);
    }

    /** {@code kubectl scale}. */
    void scale(int replicas) {
        kubernetes.kubectl(
                "scale", "liliocluster/" + name, "-n", namespace, "--replicas=" + replicas);
    }

    /** {@code kubectl patch} of the spec with some JSON. */
    void patchSpec(String json) {
        kubernetes.kubectl(
                "patch",
                "liliocluster/" + name,
                "-n",
                namespace,
                "--type=merge",
                "-p",
                "{\"spec\":" + json + "}");
    }

    /** {@code kubectl annotate}. */
    void annotate(String annotation) {
        kubernetes.kubectl(
                "annotate", "liliocluster/" + name, "-n", namespace, "--overwrite", annotation);
    }

    /** The name of a storage pod, which is also its node's in the ring. */
    String node(int ordinal) {
        return name + "-" + ordinal;
    }

    /** The claim of a storage pod's volume. */
    String claim(int ordinal) {
        return "data-" + node(ordinal);
    }

    /** Which volume there is under the name of a claim: its uid. */
    String volume(String claim) {
        return kubernetes
                .client()
                .persistentVolumeClaims()
                .inNamespace(namespace)
                .withName(claim)
                .require()
                .getMetadata()
                .getUid();
    }

    /** All storage pods, in order of their ordinals. */
    List<Pod> pods() {
        return pods("storage-node").stream()
                .sorted(Comparator.comparingInt(StoreCluster::ordinal))
                .toList();
    }

    /** A storage pod, which has to be there. */
    Pod pod(int ordinal) {
        return pods().stream()
                .filter(pod -> ordinal(pod) == ordinal)
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no pod " + node(ordinal)));
    }

    /** Pods of a component: {@code storage-node}, {@code etcd} or {@code job}. */
    List<Pod> pods(String component) {
        return kubernetes
                .client()
                .pods()
                .inNamespace(namespace)
                .withLabel("lilio.io/cluster", name)
                .withLabel("app.kubernetes.io/component", component)
                .list()
                .getItems();
    }

    /** Tells of every change of storage pods, beginning with those that there are. */
    SharedIndexInformer<Pod> watchPods(ResourceEventHandler<Pod> handler) {
        return kubernetes
                .client()
                .pods()
                .inNamespace(namespace)
                .withLabel("lilio.io/cluster", name)
                .withLabel("app.kubernetes.io/component", "storage-node")
                .inform(handler);
    }

    private static int ordinal(Pod pod) {
        String name = Pods.name(pod);
        return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
    }

    /** Root's key, as the operator has generated it. */
    AwsBasicCredentials rootKey() {
        Secret secret = secret(name + "-root");
        return AwsBasicCredentials.create(decode(secret, "accessKey"), decode(secret, "secretKey"));
    }

    /** What an application gets of a bucket's Secret. */
    Secret secret(String secretName) {
        return kubernetes.client().secrets().inNamespace(namespace).withName(secretName).require();
    }

    private static String decode(Secret secret, String key) {
        return new String(
                Base64.getDecoder().decode(secret.getData().get(key)), StandardCharsets.UTF_8);
    }

    /** S3 from this machine: a port of a node that no test takes away, before all ready pods. */
    URI s3() {
        return reach("s3");
    }

    AdminClient admin() {
        return new AdminClient(reach("admin"), rootKey());
    }

    /** A Service of the test's own beside those of the operator, which stay as they are. */
    private URI reach(String port) {
        String service = name + "-from-outside";
        Service found =
                kubernetes.client().services().inNamespace(namespace).withName(service).get();
        if (found != null) {
            return outside(found, port);
        }
        kubernetes.apply(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: %1$s-from-outside, namespace: %2$s, labels: {lilio-e2e: %1$s}}
                spec:
                  type: NodePort
                  selector:
                    app.kubernetes.io/name: lilio
                    app.kubernetes.io/instance: %1$s
                    app.kubernetes.io/component: storage-node
                  ports:
                    - {name: s3, port: 9000, targetPort: s3}
                    - {name: admin, port: 9001, targetPort: admin}
                """
                        .formatted(name, namespace));
        Service made =
                kubernetes.client().services().inNamespace(namespace).withName(service).require();
        awaitProxy(outside(made, "admin"));
        return outside(made, port);
    }

    private URI outside(Service service, String port) {
        int nodePort =
                service.getSpec().getPorts().stream()
                        .filter(each -> each.getName().equals(port))
                        .findFirst()
                        .orElseThrow()
                        .getNodePort();
        return URI.create("http://%s:%d".formatted(kubernetes.stableAddress(), nodePort));
    }

    /** Until the machine's proxy knows a Service that was made a moment ago. */
    private static void awaitProxy(URI address) {
        Await.until(
                address + " is taken",
                PATIENCE,
                () -> {
                    try (Socket socket = new Socket()) {
                        socket.connect(
                                new InetSocketAddress(address.getHost(), address.getPort()),
                                CONNECT_MILLIS);
                        return "";
                    }
                });
    }

    /** The pods that new connections to {@link #s3} are led to. */
    Set<String> readyEndpoints() {
        return kubernetes
                .client()
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace)
                .withLabel("kubernetes.io/service-name", name + "-from-outside")
                .list()
                .getItems()
                .stream()
                .flatMap(slice -> slice.getEndpoints().stream())
                .filter(endpoint -> Boolean.TRUE.equals(endpoint.getConditions().getReady()))
                .map(endpoint -> endpoint.getTargetRef().getName())
                .collect(Collectors.toSet());
    }

    /**
     * The admin API of one storage pod from this machine, whether the pod is ready or there at all.
     */
    URI adminOfPod(int ordinal) {
        String service = node(ordinal) + "-from-outside";
        kubernetes.apply(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: %s, namespace: %s, labels: {lilio-e2e: %s}}
                spec:
                  type: NodePort
                  publishNotReadyAddresses: true
                  selector: {statefulset.kubernetes.io/pod-name: %s}
                  ports: [{name: admin, port: 9001, targetPort: admin}]
                """
                        .formatted(service, namespace, name, node(ordinal)));
        int nodePort =
                kubernetes
                        .client()
                        .services()
                        .inNamespace(namespace)
                        .withName(service)
                        .require()
                        .getSpec()
                        .getPorts()
                        .getFirst()
                        .getNodePort();
        return URI.create("http://%s:%d".formatted(kubernetes.stableAddress(), nodePort));
    }

    /** The member of a storage pod that is in the ring, or is to come into it. */
    RingMember member(int ordinal) {
        List<RingMember> found =
                admin().ring().members().stream()
                        .filter(each -> each.node().equals(node(ordinal)))
                        .filter(each -> PRESENT.contains(each.state()))
                        .toList();
        assertThat(found).as("members of %s", node(ordinal)).hasSize(1);
        return found.getFirst();
    }

    /** Bytes of chunks that all members hold together, each copy counted. */
    long payloadBytes() {
        return admin().members().stream()
                .map(MemberStatus::usage)
                .filter(usage -> usage != null)
                .mapToLong(MemberStatus.Usage::payloadBytes)
                .sum();
    }

    /**
     * The files with chunks on the volume of a storage pod, whether it runs or not: the SHA-256 of
     * each, by path.
     */
    Map<String, String> chunkFiles(int ordinal) {
        String volume =
                kubernetes
                        .client()
                        .persistentVolumeClaims()
                        .inNamespace(namespace)
                        .withName(claim(ordinal))
                        .require()
                        .getSpec()
                        .getVolumeName();
        PersistentVolume found = kubernetes.client().persistentVolumes().withName(volume).require();
        String path =
                found.getSpec().getHostPath() == null
                        ? found.getSpec().getLocal().getPath()
                        : found.getSpec().getHostPath().getPath();
        String said =
                new Machines(kubernetes)
                        .shell(
                                pod(ordinal).getSpec().getNodeName(),
                                """
                                cd %s
                                find . -type f \\( -path '*/segments/*' -o -path '*/files/*' \\) \
                                    -exec sha256sum {} +
                                """
                                        .formatted(path));
        Map<String, String> files = new TreeMap<>();
        said.lines().forEach(line -> files.put(line.substring(66), line.substring(0, 64)));
        assertThat(files).as("files with chunks of %s", node(ordinal)).isNotEmpty();
        return files;
    }

    /** What a storage pod tells Prometheus, summed up over labels. */
    double metric(int ordinal, String metric) {
        return kubernetes
                .kubectl(
                        "get",
                        "--raw",
                        "/api/v1/namespaces/%s/pods/%s:9003/proxy/q/metrics"
                                .formatted(namespace, node(ordinal)))
                .lines()
                .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .reduce(Double::sum)
                .orElseThrow(
                        () -> new AssertionError("%s has no %s".formatted(node(ordinal), metric)));
    }

    /**
     * Waits until these, and no others, are the ordinals of the storage pods, all of them ready.
     */
    void awaitReadyPods(int replicas) {
        Await.until(
                "pods 0 to %d are ready".formatted(replicas - 1),
                PATIENCE,
                () -> {
                    List<Integer> ready =
                            pods().stream()
                                    .filter(Pods::isReady)
                                    .map(StoreCluster::ordinal)
                                    .toList();
                    List<Integer> wanted = IntStream.range(0, replicas).boxed().toList();
                    return ready.equals(wanted) && pods().size() == replicas
                            ? ""
                            : "ready are " + ready;
                });
    }
}
