package io.lilio.operator.simulation;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.lilio.crd.cluster.EtcdMember;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.operator.dependent.EtcdSet;
import io.lilio.operator.dependent.Names;
import io.lilio.operator.kube.KubernetesException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What Kubernetes' controllers and kubelets do about StatefulSets, pods and volumes, and what
 * storage nodes do when their pods run. Pods take their time to start and to end. Not thread-safe.
 */
final class Kubelets {

    static final String NAMESPACE = "shop";
    static final String SET = "demo";

    /** An image that there is not, of a release that the operator understands. */
    static final String BROKEN = "1.2.999";

    private final Scene scene;
    private final Store store;
    private final SimulatedLilio lilio;
    private final Map<String, Instant> starts = new HashMap<>();
    private final Map<String, Instant> ends = new HashMap<>();

    Kubelets(Scene scene) {
        this.scene = scene;
        this.store = scene.store;
        this.lilio = scene.lilio;
    }

    /** They go on. */
    void advance() {
        store.all(Pod.class).stream().filter(this::isOver).forEach(this::end);
        store.all(StatefulSet.class).stream()
                .filter(set -> NAMESPACE.equals(set.getMetadata().getNamespace()))
                .forEach(this::control);
        store.all(Pod.class).stream().filter(this::isDue).forEach(this::start);
        store.all(Pod.class).stream()
                .filter(pod -> isBroken(pod) && pod.getStatus() == null)
                .forEach(this::complain);
        store.all(PersistentVolumeClaim.class).stream()
                .filter(claim -> claim.getMetadata().getDeletionTimestamp() != null)
                .filter(this::isUnused)
                .forEach(this::removeVolume);
        store.all(StatefulSet.class).stream()
                .filter(set -> NAMESPACE.equals(set.getMetadata().getNamespace()))
                .forEach(this::report);
        see();
        if (lilio.ring.found()) {
            lilio.movement.fill();
        }
    }

    /** Notices which nodes run. */
    void see() {
        List<Disks.Disk> before = lilio.disks.all().stream().filter(disk -> disk.running).toList();
        List<Disks.Disk> now =
                storagePods().stream()
                        .filter(Kubelets::isReady)
                        .flatMap(pod -> claim(pod).stream())
                        .flatMap(claim -> lilio.disks.find(uid(claim)).stream())
                        .toList();
        for (Disks.Disk disk : lilio.disks.all()) {
            disk.running = now.contains(disk);
            if (disk.running && !before.contains(disk)) {
                disk.runningSince = scene.now();
            }
        }
    }

    List<Pod> storagePods() {
        return store.all(Pod.class).stream()
                .filter(pod -> NAMESPACE.equals(pod.getMetadata().getNamespace()))
                .filter(pod -> pod.getMetadata().getName().matches(SET + "-[0-9]+"))
                .toList();
    }

    static int ordinal(String pod) {
        return Integer.parseInt(pod.substring(pod.lastIndexOf('-') + 1));
    }

    static boolean isReady(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(
                                each ->
                                        each.getType().equals("Ready")
                                                && each.getStatus().equals("True"));
    }

    static boolean isWell(Pod pod) {
        return isReady(pod) && pod.getMetadata().getDeletionTimestamp() == null;
    }

    private static String uid(HasMetadata object) {
        return object.getMetadata().getUid();
    }

    private Optional<PersistentVolumeClaim> claim(Pod pod) {
        return store.get(
                PersistentVolumeClaim.class, NAMESPACE, "data-" + pod.getMetadata().getName());
    }

    private boolean isOver(Pod pod) {
        Instant end = ends.get(uid(pod));
        return end != null && !scene.now().isBefore(end);
    }

    private void end(Pod pod) {
        store.remove(pod);
        scene.etcd.stops(pod.getMetadata().getName());
        see();
    }

    private boolean isDue(Pod pod) {
        Instant start = starts.get(uid(pod));
        return start != null
                && !isReady(pod)
                && pod.getMetadata().getDeletionTimestamp() == null
                && !isBroken(pod)
                && !scene.now().isBefore(start)
                && !scene.weather.isOn(Weather.PODS_DO_NOT_START);
    }

    /** Whether its image is one that there is not. */
    static boolean isBroken(Pod pod) {
        return pod.getSpec().getContainers().stream()
                .anyMatch(each -> String.valueOf(each.getImage()).endsWith(":" + BROKEN));
    }

    /** Its image cannot be pulled. */
    private void complain(Pod pod) {
        store.edit(
                pod,
                live ->
                        new PodBuilder(live)
                                .withNewStatus()
                                .addNewContainerStatus()
                                .withName("server")
                                .withNewState()
                                .withNewWaiting()
                                .withReason("ImagePullBackOff")
                                .endWaiting()
                                .endState()
                                .endContainerStatus()
                                .endStatus()
                                .build());
    }

    /** What runs in a pod ends again and again, for some time. */
    void crash(Pod pod) {
        starts.put(uid(pod), scene.now().plusSeconds(scene.random.nextInt(30, 150)));
        store.edit(
                pod,
                live ->
                        new PodBuilder(live)
                                .withNewStatus()
                                .addNewContainerStatus()
                                .withName("server")
                                .withRestartCount(3)
                                .withNewState()
                                .withNewWaiting()
                                .withReason("CrashLoopBackOff")
                                .endWaiting()
                                .endState()
                                .endContainerStatus()
                                .endStatus()
                                .build());
        see();
    }

    /** A pod is told to go. */
    void terminate(Pod pod) {
        if (ends.containsKey(uid(pod))) {
            return;
        }
        ends.put(uid(pod), scene.now().plusSeconds(scene.random.nextInt(2, 25)));
        store.edit(
                pod,
                live -> {
                    live.getMetadata().setDeletionTimestamp(scene.now().toString());
                    return live;
                });
    }

    /** As the Eviction API does it, with the PodDisruptionBudget of the storage nodes. */
    boolean evict(Pod read) {
        Optional<Pod> live = store.get(Pod.class, NAMESPACE, read.getMetadata().getName());
        if (live.isEmpty()) {
            return true;
        }
        if (!uid(live.get()).equals(uid(read))) {
            throw new KubernetesException(409, "it is another pod", null);
        }
        if (isReady(live.get()) && !mayGo(live.get())) {
            return false;
        }
        terminate(live.get());
        return true;
    }

    private boolean mayGo(Pod pod) {
        int expected =
                store.get(StatefulSet.class, NAMESPACE, SET)
                        .map(set -> set.getSpec().getReplicas())
                        .orElse(0);
        long well = storagePods().stream().filter(Kubelets::isWell).count();
        return pod.getMetadata().getDeletionTimestamp() != null || well >= expected;
    }

    private void control(StatefulSet set) {
        String name = set.getMetadata().getName();
        int replicas = set.getSpec().getReplicas();
        for (Pod pod : store.all(Pod.class)) {
            String each = pod.getMetadata().getName();
            if (each.matches(name + "-[0-9]+") && ordinal(each) >= replicas) {
                terminate(pod);
            }
        }
        for (int ordinal = 0; ordinal < replicas; ordinal++) {
            String pod = name + "-" + ordinal;
            if (store.get(Pod.class, NAMESPACE, pod).isEmpty() && volumes(set, pod)) {
                make(set, pod, ordinal);
            }
        }
    }

    /** False where one that is about to go is waited for. */
    private boolean volumes(StatefulSet set, String pod) {
        for (PersistentVolumeClaim template : set.getSpec().getVolumeClaimTemplates()) {
            String name = template.getMetadata().getName() + "-" + pod;
            Optional<PersistentVolumeClaim> there =
                    store.get(PersistentVolumeClaim.class, NAMESPACE, name);
            if (there.isEmpty()) {
                store.put(
                        new PersistentVolumeClaimBuilder(template)
                                .editMetadata()
                                .withName(name)
                                .withNamespace(NAMESPACE)
                                .withFinalizers("kubernetes.io/pvc-protection")
                                .endMetadata()
                                .build());
            } else if (there.get().getMetadata().getDeletionTimestamp() != null) {
                return false;
            }
        }
        return true;
    }

    private void make(StatefulSet set, String name, int ordinal) {
        int machine = scene.random.nextInt(6) == 0 ? scene.random.nextInt(Scene.MACHINES) : ordinal;
        Pod made =
                store.put(
                        new PodBuilder()
                                .withMetadata(set.getSpec().getTemplate().getMetadata())
                                .editMetadata()
                                .withName(name)
                                .withNamespace(NAMESPACE)
                                .withOwnerReferences(
                                        new OwnerReferenceBuilder()
                                                .withKind("StatefulSet")
                                                .withName(set.getMetadata().getName())
                                                .withUid(uid(set))
                                                .build())
                                .endMetadata()
                                .withSpec(set.getSpec().getTemplate().getSpec())
                                .editSpec()
                                .withNodeName("worker-" + machine % Scene.MACHINES)
                                .endSpec()
                                .build());
        starts.put(uid(made), scene.now().plusSeconds(scene.random.nextInt(3, 30)));
    }

    private void start(Pod pod) {
        String name = pod.getMetadata().getName();
        if (name.matches(SET + "-[0-9]+")) {
            boot(pod);
        }
        if (name.matches(SET + "-etcd-[0-9]+") && !bootEtcd(pod)) {
            fail(pod);
            return;
        }
        store.edit(
                pod,
                live ->
                        new PodBuilder(live)
                                .withNewStatus()
                                .addNewCondition()
                                .withType("Ready")
                                .withStatus("True")
                                .endCondition()
                                .endStatus()
                                .build());
        see();
    }

    private boolean bootEtcd(Pod pod) {
        String name = pod.getMetadata().getName();
        return scene.etcd.starts(
                name,
                new Names(SET, NAMESPACE).etcdPeer(ordinal(name)),
                uid(claim(pod).orElseThrow()),
                EtcdSet.admits(pod.getSpec(), name));
    }

    /** It ends, and is started again later. */
    private void fail(Pod pod) {
        store.edit(
                pod,
                live ->
                        new PodBuilder(live)
                                .withNewStatus()
                                .addNewContainerStatus()
                                .withRestartCount(1)
                                .endContainerStatus()
                                .endStatus()
                                .build());
    }

    /** A storage node starts: it says who it is, or that it is new. */
    private void boot(Pod pod) {
        String name = pod.getMetadata().getName();
        Disks.Disk disk = lilio.disks.of(uid(claim(pod).orElseThrow()), name);
        @Nullable String state = disk.member == null ? null : lilio.ring.state(disk.member);
        if (state == null || state.equals("REMOVED")) {
            if (disk.member != null) {
                scene.erased.add(uid(claim(pod).orElseThrow()));
            }
            disk.member = scene.ids.get();
            disk.copies.clear();
        } else if (lilio.ring.needs(disk.member)) {
            lilio.unconfirmed.put(disk.member, scene.now().minus(Duration.ofMinutes(1)));
        }
        lilio.ring.announce(disk.member, name);
    }

    private boolean isUnused(PersistentVolumeClaim claim) {
        return store.all(Pod.class).stream()
                .map(pod -> pod.getMetadata().getName())
                .noneMatch(pod -> claim.getMetadata().getName().endsWith("-" + pod));
    }

    /** Pods of the managed etcd. */
    List<Pod> etcdPods() {
        return store.all(Pod.class).stream()
                .filter(pod -> NAMESPACE.equals(pod.getMetadata().getNamespace()))
                .filter(pod -> pod.getMetadata().getName().matches(SET + "-etcd-[0-9]+"))
                .toList();
    }

    /**
     * Whether all members of etcd serve, on the volumes that status knows of, and none would begin
     * anew.
     */
    boolean isEtcdSettled(LilioCluster cluster) {
        List<Pod> pods = etcdPods();
        return pods.size() == 3
                && admittedEtcd().isEmpty()
                && pods.stream()
                        .allMatch(
                                pod ->
                                        isWell(pod)
                                                && cluster.getStatus().etcdMembers().stream()
                                                        .anyMatch(
                                                                each ->
                                                                        !each.lost()
                                                                                && isOn(
                                                                                        each,
                                                                                        pod)));
    }

    /** Members of an etcd that was founded whose pods, made now, let them begin with no data. */
    Set<String> admittedEtcd() {
        Names names = new Names(SET, NAMESPACE);
        return store.get(StatefulSet.class, NAMESPACE, names.etcd()).stream()
                .filter(EtcdSet::tellsOfFounded)
                .flatMap(
                        set ->
                                IntStream.range(0, 3)
                                        .mapToObj(names::etcdMember)
                                        .filter(member -> EtcdSet.admits(set, member)))
                .collect(Collectors.toSet());
    }

    private boolean isOn(EtcdMember member, Pod pod) {
        return member.pod().equals(pod.getMetadata().getName())
                && claim(pod).filter(claim -> uid(claim).equals(member.volume())).isPresent();
    }

    /** A pod of etcd's is gone, and its volume for good. */
    void loseEtcd(Pod pod) {
        PersistentVolumeClaim claim = claim(pod).orElseThrow();
        end(pod);
        removeVolume(claim);
    }

    /** A volume is gone for good. */
    void removeVolume(PersistentVolumeClaim claim) {
        store.remove(claim);
        lilio.disks.lose(uid(claim));
    }

    private void report(StatefulSet set) {
        String name = set.getMetadata().getName();
        int ready =
                (int)
                        store.all(Pod.class).stream()
                                .filter(
                                        pod ->
                                                pod.getMetadata()
                                                        .getName()
                                                        .matches(name + "-[0-9]+"))
                                .filter(Kubelets::isReady)
                                .count();
        int before =
                set.getStatus() == null || set.getStatus().getReadyReplicas() == null
                        ? -1
                        : set.getStatus().getReadyReplicas();
        if (before != ready) {
            store.edit(
                    set,
                    live ->
                            new StatefulSetBuilder(live)
                                    .withNewStatus()
                                    .withReplicas(ready)
                                    .withReadyReplicas(ready)
                                    .endStatus()
                                    .build());
        }
    }
}
