package io.lilio.operator.apiserver;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.lilio.crd.Condition;
import io.lilio.crd.ConditionStatus;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.cluster.LilioCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A namespace with an operator's rights in it, and clusters that it may have. Operators of it are
 * started with {@link #operator}. Thread-safe.
 */
final class Site implements AutoCloseable {

    /** As many nodes as a cluster has at most. */
    private static final int NODES = 5;

    private final Testbed testbed;
    private final Chart chart;
    private final List<String> clusters;
    private final Path directory;
    private final ApiServerProxy proxy;
    private final Map<String, FakeStore> stores = new ConcurrentHashMap<>();

    /**
     * Makes the namespace anew.
     *
     * @param chart of it
     * @param clusters the names of all that it will have
     */
    Site(Testbed testbed, Chart chart, List<String> clusters) {
        this.testbed = testbed;
        this.chart = chart;
        this.clusters = clusters;
        this.directory = Path.of("target", "apiserver", chart.namespace()).toAbsolutePath();
        testbed.server().makeNamespace(namespace());
        testbed.server().apply(chart.rights());
        this.proxy = new ApiServerProxy(testbed.server().sockets());
        for (String cluster : clusters) {
            FakeStore store =
                    testbed.nodes().add("%s-nodes.%s.svc".formatted(cluster, namespace()));
            stores.put(cluster, store);
            testbed.kubelet().play(namespace(), cluster, store);
        }
        write("hosts", hosts());
    }

    private String hosts() {
        StringBuilder hosts = new StringBuilder();
        for (String cluster : clusters) {
            for (int i = 0; i < NODES; i++) {
                hosts.append(
                        "%s %s-%d.%s-nodes.%s.svc%n"
                                .formatted(
                                        testbed.nodes().address(),
                                        cluster,
                                        i,
                                        cluster,
                                        namespace()));
            }
        }
        return hosts.toString();
    }

    private Path write(String name, String text) {
        try {
            Files.createDirectories(directory);
            return Files.writeString(directory.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String namespace() {
        return chart.namespace();
    }

    /** Before the API server, for operators that were not given another way. */
    ApiServerProxy proxy() {
        return proxy;
    }

    FakeStore store(String cluster) {
        return Objects.requireNonNull(stores.get(cluster));
    }

    KubernetesClient client() {
        return testbed.server().client();
    }

    /** Starts an operator that reaches the API server through the site's proxy. */
    OperatorRun operator(String pod) {
        return operator(pod, Optional.of(proxy), Map.of());
    }

    /**
     * Starts an operator, with the environment that the chart gives it.
     *
     * @param way to the API server; empty: directly
     * @param settings variables that are others than in the chart, or not there
     */
    OperatorRun operator(String pod, Optional<ApiServerProxy> way, Map<String, String> settings) {
        Path kubeconfig =
                write(
                        pod + ".kubeconfig",
                        testbed.server()
                                .kubeconfig(
                                        namespace(),
                                        chart.serviceAccount(),
                                        way.map(ApiServerProxy::url)));
        Map<String, String> environment = new HashMap<>(chart.environment(pod));
        environment.putAll(settings);
        environment.put("KUBECONFIG", kubeconfig.toString());
        environment.put("LILIO_OPERATOR_LOG_JSON", "false");
        environment.merge(
                "LILIO_JAVA_OPTS",
                "-Djdk.net.hosts.file=" + directory.resolve("hosts"),
                (more, hosts) -> hosts + " " + more);
        return new OperatorRun(environment, directory.resolve(pod + ".log"));
    }

    /** Applies a LilioCluster of three nodes that goes with all its data. */
    void makeCluster(String name) {
        apply(
                """
                apiVersion: lilio.io/v1alpha1
                kind: LilioCluster
                metadata: {name: %s, namespace: %s}
                spec:
                  version: dev
                  image: {repository: lilio}
                  replicas: 3
                  storage: {size: 1Gi}
                  metadata: {managed: {replicas: 1, storage: 1Gi}}
                  serviceMonitor: true
                  deletionPolicy: Delete
                """
                        .formatted(name, namespace()));
    }

    /** Applies a LilioBucket. */
    void makeBucket(String name, String cluster) {
        apply(
                """
                apiVersion: lilio.io/v1alpha1
                kind: LilioBucket
                metadata: {name: %s, namespace: %s}
                spec:
                  clusterRef: {name: %s}
                """
                        .formatted(name, namespace(), cluster));
    }

    private void apply(String yaml) {
        client().resource(yaml).fieldManager("test").forceConflicts().serverSideApply();
    }

    /** An administrator edits a spec, by a merge patch of it. */
    void edit(Class<? extends HasMetadata> kind, String name, String spec) {
        client().resources(kind)
                .inNamespace(namespace())
                .withName(name)
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":%s}".formatted(spec));
    }

    void scale(String cluster, int replicas) {
        edit(LilioCluster.class, cluster, "{\"replicas\":%d}".formatted(replicas));
    }

    <T extends HasMetadata> Optional<T> find(Class<T> kind, String name) {
        return Optional.ofNullable(
                client().resources(kind).inNamespace(namespace()).withName(name).get());
    }

    /** How many storage pods there are to be; 0 without a StatefulSet. */
    int pods(String cluster) {
        return find(StatefulSet.class, cluster).map(set -> set.getSpec().getReplicas()).orElse(0);
    }

    List<Condition> conditions(String cluster) {
        return find(LilioCluster.class, cluster)
                .map(LilioCluster::getStatus)
                .map(status -> status.conditions())
                .orElse(List.of());
    }

    List<Condition> bucketConditions(String bucket) {
        return find(LilioBucket.class, bucket)
                .map(LilioBucket::getStatus)
                .map(status -> status.conditions())
                .orElse(List.of());
    }

    /** Waits until a cluster of so many nodes is as it should be, with nothing under way. */
    void awaitSettled(String cluster, int nodes, Duration bound) {
        Await.until(
                "cluster %s has %d nodes and nothing under way".formatted(cluster, nodes),
                bound,
                () -> unsettled(cluster, nodes));
    }

    /** What is missing until then; empty when nothing is. */
    String unsettled(String cluster, int nodes) {
        Optional<LilioCluster> found = find(LilioCluster.class, cluster);
        if (found.map(LilioCluster::getStatus).isEmpty()) {
            return "there is no status; the kubelet says: " + testbed.kubelet().trouble();
        }
        LilioCluster live = found.get();
        if (pods(cluster) != nodes || store(cluster).members("ACTIVE") != nodes) {
            return "%d pods, %d active members; %s"
                    .formatted(pods(cluster), store(cluster).members("ACTIVE"), live.getStatus());
        }
        if (live.getStatus().operation() != null) {
            return "under way: " + live.getStatus().operation();
        }
        boolean isWell =
                Objects.equals(live.getStatus().readyReplicas(), nodes)
                        && isTrue(live, live.getStatus().conditions(), "Ready")
                        && isTrue(live, live.getStatus().conditions(), "RingConverged");
        return isWell ? "" : live.getStatus().toString();
    }

    void awaitBucket(String bucket, Duration bound) {
        Await.until("bucket " + bucket + " is ready", bound, () -> unready(bucket));
    }

    /** What a bucket is missing; empty when nothing is. */
    String unready(String bucket) {
        Optional<LilioBucket> found = find(LilioBucket.class, bucket);
        return found.filter(live -> isTrue(live, bucketConditions(bucket), "Ready")).isPresent()
                ? ""
                : "%s: %s".formatted(bucket, bucketConditions(bucket));
    }

    private static boolean isTrue(HasMetadata of, List<Condition> conditions, String type) {
        return conditions.stream()
                .filter(each -> each.type().equals(type))
                .filter(each -> each.observedGeneration() == of.getMetadata().getGeneration())
                .anyMatch(each -> each.status() == ConditionStatus.TRUE);
    }

    /** Takes the namespace away. Operators have to be gone by then. */
    @Override
    public void close() {
        proxy.close();
        testbed.server().removeNamespace(namespace());
        chart.rights().stream()
                .filter(each -> each.getMetadata().getNamespace() == null)
                .forEach(each -> client().resource(each).delete());
    }
}
