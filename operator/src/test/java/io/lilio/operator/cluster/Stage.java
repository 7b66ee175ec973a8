package io.lilio.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.lilio.crd.Condition;
import io.lilio.crd.cluster.ClusterConditionType;
import io.lilio.crd.cluster.ClusterOperation;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.operator.dependent.EtcdSet;
import io.lilio.operator.dependent.IngressPolicy;
import io.lilio.operator.dependent.Names;
import io.lilio.operator.kube.Events;
import io.lilio.operator.simulation.FakeEtcd;
import io.lilio.operator.simulation.FakeKubernetes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes with one LilioCluster, whose controllers and storage nodes a test plays. Not
 * thread-safe.
 */
final class Stage {

    static final String NAMESPACE = "shop";
    static final String NAME = "demo";
    private static final Names NAMES = new Names(NAME, NAMESPACE);
    private static final String ETCD = NAMES.etcd();

    Instant now = Instant.parse("2026-12-01T12:00:00Z");
    final FakeKubernetes kubernetes = new FakeKubernetes(() -> now);
    final FakeLilio lilio = new FakeLilio(() -> now);
    final FakeEtcd etcd = new FakeEtcd(NAMES, 3);
    final List<String> events = new ArrayList<>();
    boolean podsServe = true;

    /** Members of etcd whose pods do not start. */
    final Set<Integer> stuckEtcd = new HashSet<>();

    private final Random random = new Random(1);
    private ClusterPass pass = operator();

    private Stage() {}

    /** A resource that was just made. */
    static Stage made() {
        return madeWith(yaml -> yaml);
    }

    static Stage madeWith(UnaryOperator<String> edit) {
        Stage stage = new Stage();
        stage.kubernetes.put(sample(edit));
        IntStream.range(0, 6).forEach(stage::machine);
        return stage;
    }

    /** A cluster of some nodes that is as it should be. */
    static Stage running(int nodes) {
        return runningWith(nodes, yaml -> yaml);
    }

    static Stage runningWith(int nodes, UnaryOperator<String> edit) {
        Stage stage =
                madeWith(
                        yaml ->
                                edit.apply(yaml)
                                        .replace(
                                                "replicas: 3\n  replication",
                                                "replicas: " + nodes + "\n  replication"));
        stage.found(nodes);
        return stage;
    }

    /** All goes well for the first time. */
    void found(int nodes) {
        pass();
        controllers();
        IntStream.range(0, nodes)
                .forEach(ordinal -> lilio.announce(FakeLilio.member(ordinal), ordinal, "ACTIVE"));
        rest();
    }

    /** A small resource. */
    static LilioCluster sample(UnaryOperator<String> edit) {
        try (InputStream in = Stage.class.getResourceAsStream("/dependent/small.yaml")) {
            String yaml =
                    new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return new KubernetesSerialization().unmarshal(edit.apply(yaml), LilioCluster.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void machine(int number) {
        kubernetes.put(
                new NodeBuilder()
                        .withNewMetadata()
                        .withName("worker-" + number)
                        .withLabels(Map.of("topology.kubernetes.io/zone", "zone-" + number % 3))
                        .endMetadata()
                        .build());
    }

    private ClusterPass operator() {
        Events told =
                new Events() {
                    @Override
                    public void normal(HasMetadata about, String reason, String note) {
                        events.add(reason);
                    }

                    @Override
                    public void warning(HasMetadata about, String reason, String note) {
                        events.add(reason);
                    }
                };
        return new ClusterPass(
                kubernetes,
                told,
                new ClusterPass.Servers((_, _) -> lilio.admin(), etcd),
                new Randomness(
                        () -> now, () -> new UUID(random.nextLong(), random.nextLong()), random),
                new ClusterSettings(
                        new IngressPolicy.Operator("lilio-system", Map.of("app", "operator")),
                        "etcd:v3.6.16",
                        true,
                        "1.2.3"));
    }

    /** Another operator, which knows nothing. */
    void restartOperator() {
        pass = operator();
    }

    LilioCluster cluster() {
        return kubernetes.get(LilioCluster.class, NAMESPACE, NAME).orElseThrow();
    }

    Outcome pass() {
        return pass.run(cluster());
    }

    Outcome delete() {
        return pass.delete(cluster());
    }

    /** Passes until one is in no hurry. */
    Outcome passes() {
        for (int i = 0; i < 20; i++) {
            Outcome outcome = pass();
            if (!outcome.again().isZero()) {
                return outcome;
            }
        }
        throw new AssertionError("the operator does not come to rest");
    }

    /** Passes, controllers and movers, until nothing more happens. */
    void rest() {
        for (int i = 0; i < 60; i++) {
            int writes = kubernetes.writes().size();
            passes();
            controllers();
            boolean moved = lilio.change != null && !lilio.runs.isEmpty();
            if (moved) {
                lilio.settle();
            }
            now = now.plus(Duration.ofSeconds(10));
            if (kubernetes.writes().size() == writes && !moved) {
                return;
            }
        }
        throw new AssertionError("it does not come to rest: " + kubernetes.writes());
    }

    /** An administrator edits the spec. */
    void edit(UnaryOperator<String> change) {
        KubernetesSerialization yaml = new KubernetesSerialization();
        kubernetes.edit(
                LilioCluster.class,
                NAMESPACE,
                NAME,
                cluster -> yaml.unmarshal(change.apply(yaml.asYaml(cluster)), LilioCluster.class));
    }

    void replicas(int replicas) {
        edit(
                yaml ->
                        yaml.replaceFirst(
                                "\\n  replicas: [0-9]+\\n  replication",
                                "\n  replicas: " + replicas + "\n  replication"));
    }

    void version(String version) {
        edit(yaml -> yaml.replaceFirst("version: \"[0-9.]+\"", "version: \"" + version + "\""));
    }

    void annotate(String name, String value) {
        kubernetes.edit(
                LilioCluster.class,
                NAMESPACE,
                NAME,
                cluster -> {
                    Map<String, String> all =
                            new TreeMap<>(
                                    Objects.requireNonNullElse(
                                            cluster.getMetadata().getAnnotations(), Map.of()));
                    all.put(name, value);
                    cluster.getMetadata().setAnnotations(all);
                    return cluster;
                });
    }

    /** What Kubernetes' own controllers and kubelets do about StatefulSets. */
    void controllers() {
        for (StatefulSet set : kubernetes.all(StatefulSet.class)) {
            play(set);
        }
        for (PersistentVolumeClaim claim : kubernetes.all(PersistentVolumeClaim.class)) {
            boolean used =
                    kubernetes.all(Pod.class).stream()
                            .anyMatch(
                                    pod ->
                                            claim.getMetadata()
                                                    .getName()
                                                    .endsWith("-" + pod.getMetadata().getName()));
            if (claim.getMetadata().getDeletionTimestamp() != null && !used) {
                kubernetes.remove(claim);
            }
        }
    }

    private void play(StatefulSet set) {
        int replicas = set.getSpec().getReplicas();
        String name = set.getMetadata().getName();
        for (Pod pod : kubernetes.all(Pod.class)) {
            String pods = pod.getMetadata().getName();
            if (pods.matches(name + "-[0-9]+")
                    && Integer.parseInt(pods.substring(name.length() + 1)) >= replicas) {
                kubernetes.remove(pod);
            }
        }
        for (int ordinal = 0; ordinal < replicas; ordinal++) {
            String pod = name + "-" + ordinal;
            if (kubernetes.get(Pod.class, NAMESPACE, pod).isEmpty()) {
                volumes(set, pod);
                kubernetes.put(pod(set, pod, ordinal));
                if (podsServe && name.equals(NAME)) {
                    lilio.starts(ordinal);
                }
            }
            if (podsServe && name.equals(ETCD) && !stuckEtcd.contains(ordinal)) {
                startEtcd(ordinal);
            }
        }
        long ready =
                kubernetes.all(Pod.class).stream()
                        .filter(pod -> pod.getMetadata().getName().matches(name + "-[0-9]+"))
                        .filter(pod -> PodSight.of(pod).serves())
                        .count();
        kubernetes.edit(
                StatefulSet.class,
                NAMESPACE,
                name,
                live ->
                        new StatefulSetBuilder(live)
                                .withNewStatus()
                                .withReplicas(replicas)
                                .withReadyReplicas((int) ready)
                                .endStatus()
                                .build());
    }

    /** A member of etcd starts, again where it has ended. */
    private void startEtcd(int ordinal) {
        String name = NAMES.etcdMember(ordinal);
        boolean serves =
                etcd.starts(
                        name,
                        NAMES.etcdPeer(ordinal),
                        etcdClaim(ordinal).getMetadata().getUid(),
                        EtcdSet.admits(etcdPod(ordinal).orElseThrow().getSpec(), name));
        kubernetes.edit(
                Pod.class,
                NAMESPACE,
                name,
                pod ->
                        new PodBuilder(pod)
                                .withNewStatus()
                                .addNewCondition()
                                .withType("Ready")
                                .withStatus(serves ? "True" : "False")
                                .endCondition()
                                .addNewContainerStatus()
                                .withRestartCount(serves ? 0 : 1)
                                .endContainerStatus()
                                .endStatus()
                                .build());
    }

    PersistentVolumeClaim etcdClaim(int ordinal) {
        return kubernetes
                .get(PersistentVolumeClaim.class, NAMESPACE, NAMES.etcdClaim(ordinal))
                .orElseThrow();
    }

    Optional<Pod> etcdPod(int ordinal) {
        return kubernetes.get(Pod.class, NAMESPACE, NAMES.etcdMember(ordinal));
    }

    /** A volume of etcd's is gone, and its pod is made anew. */
    void loseEtcdVolume(int ordinal) {
        endEtcd(ordinal);
        kubernetes.remove(etcdClaim(ordinal));
        controllers();
    }

    /** A pod of etcd's ends. */
    void endEtcd(int ordinal) {
        etcdPod(ordinal).ifPresent(kubernetes::remove);
        etcd.stops(NAMES.etcdMember(ordinal));
    }

    private void volumes(StatefulSet set, String pod) {
        for (PersistentVolumeClaim template : set.getSpec().getVolumeClaimTemplates()) {
            String name = template.getMetadata().getName() + "-" + pod;
            kubernetes
                    .get(PersistentVolumeClaim.class, NAMESPACE, name)
                    .filter(claim -> claim.getMetadata().getDeletionTimestamp() != null)
                    .ifPresent(kubernetes::remove);
            if (kubernetes.get(PersistentVolumeClaim.class, NAMESPACE, name).isEmpty()) {
                kubernetes.put(
                        new PersistentVolumeClaimBuilder(template)
                                .editMetadata()
                                .withName(name)
                                .withNamespace(NAMESPACE)
                                .withFinalizers("kubernetes.io/pvc-protection")
                                .endMetadata()
                                .build());
            }
        }
    }

    private Pod pod(StatefulSet set, String name, int ordinal) {
        return new PodBuilder()
                .withMetadata(set.getSpec().getTemplate().getMetadata())
                .editMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withSpec(set.getSpec().getTemplate().getSpec())
                .editSpec()
                .withNodeName("worker-" + ordinal)
                .endSpec()
                .withNewStatus()
                .addNewCondition()
                .withType("Ready")
                .withStatus(podsServe && !name.startsWith(ETCD) ? "True" : "False")
                .endCondition()
                .endStatus()
                .build();
    }

    Condition condition(ClusterConditionType type) {
        return StatusConditions.find(cluster().getStatus().conditions(), type).orElseThrow();
    }

    @Nullable ClusterOperation operation() {
        return cluster().getStatus().operation();
    }

    int replicas() {
        return kubernetes
                .get(StatefulSet.class, NAMESPACE, NAME)
                .map(set -> set.getSpec().getReplicas())
                .orElse(0);
    }
}
