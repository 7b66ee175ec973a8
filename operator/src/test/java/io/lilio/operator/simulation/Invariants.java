package io.lilio.operator.simulation;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.lilio.crd.Condition;
import io.lilio.crd.ConditionStatus;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.bucket.LilioBucketSpec;
import io.lilio.crd.cluster.ClusterOperation;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterSpec.DeletionPolicy;
import io.lilio.crd.cluster.LilioClusterStatus;
import io.lilio.operator.simulation.Calls.Write;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What must hold at every write of the operator's, whatever happens (DESIGN §13). A pass in the
 * midst of which others have acted, as a stale leader's is, may be late, but must do no harm.
 */
final class Invariants {

    /** Something that must not be. */
    static final class Violation extends Error {
        private static final long serialVersionUID = 1L;

        Violation(String what) {
            super(what);
        }
    }

    private static final Set<String> KEPT = Set.of("demo-cluster", "demo-root");

    private final Scene scene;
    private final Set<UUID> named = new HashSet<>();
    private final Map<String, Map<String, String>> secrets = new HashMap<>();
    private final Set<String> foreign = new HashSet<>();

    /** What was to become of buckets whose resources are gone, by the uids of these. */
    private final Map<String, LilioBucketSpec.DeletionPolicy> released = new HashMap<>();

    private @Nullable FaultyCalls caller;
    private List<Condition> conditions = List.of();
    private @Nullable String operation;
    private boolean lossIsAccepted;
    private int pods;

    /** Pods that were evicted since the spec has the bad image. */
    private final Set<String> given = new HashSet<>();

    private Set<String> admitted = Set.of();

    Invariants(Scene scene) {
        this.scene = scene;
    }

    /** An object that is none of the operator's business. */
    void isForeign(HasMetadata object) {
        foreign.add(object.getKind() + "/" + object.getMetadata().getName());
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new Violation(otherwise);
        }
    }

    /** A process is about to write. */
    void before(FaultyCalls calls, Write write) {
        caller = calls;
        String key = write.object().getKind() + "/" + write.name();
        require(
                !foreign.contains(key),
                "it writes what is not its own: " + write.what() + " " + key);
        scene.cluster().ifPresent(cluster -> pause(calls, cluster, write));
        if (scene.cluster()
                .filter(each -> each.getSpec().version().equals(Kubelets.BROKEN))
                .isEmpty()) {
            given.clear();
        }
        pods = size();
        admitted = scene.kubelets.admittedEtcd();
        if (write.isOf("evict", "Pod")) {
            eviction(calls, (Pod) write.object());
        } else if (write.what().equals("Etcd.remove")) {
            require(!scene.etcd.serves(write.name()), "a member of etcd that serves is removed");
        } else if (write.what().startsWith("delete ")) {
            deletion(write);
        } else if (write.what().startsWith("BucketsApi.") || write.what().startsWith("KeysApi.")) {
            bucket(calls, write);
        }
        if (write.what().startsWith("status of ")) {
            conditions = conditions(live(write.object()));
            operation =
                    scene.cluster()
                            .map(Invariants::operation)
                            .map(ClusterOperation::id)
                            .orElse(null);
        }
    }

    /** It has written. */
    void after(Write write) {
        if (write.what().startsWith("status of ")) {
            quietConditions(live(write.object()));
        }
        if (write.object() instanceof StatefulSet) {
            shrinking(pods, size());
            nobodyWithAPast(admitted, scene.kubelets.admittedEtcd());
        }
        if (write.isOf("status of", "LilioCluster")) {
            scene.cluster().map(Invariants::operation).ifPresent(this::name);
        }
        if (write.object() instanceof Secret && KEPT.contains(write.name())) {
            secret(write.name());
        }
        nothingIsLost();
    }

    /** The write is over, or has failed. */
    void done() {
        caller = null;
    }

    private Optional<? extends HasMetadata> live(HasMetadata object) {
        return scene.store.get(
                object.getClass(),
                object.getMetadata().getNamespace(),
                object.getMetadata().getName());
    }

    private static @Nullable ClusterOperation operation(LilioCluster cluster) {
        @Nullable LilioClusterStatus status = cluster.getStatus();
        return status == null ? null : status.operation();
    }

    private static List<Condition> conditions(Optional<? extends HasMetadata> object) {
        if (object.isPresent() && object.get() instanceof LilioCluster cluster) {
            return cluster.getStatus() == null ? List.of() : cluster.getStatus().conditions();
        }
        if (object.isPresent() && object.get() instanceof LilioBucket bucket) {
            return bucket.getStatus() == null ? List.of() : bucket.getStatus().conditions();
        }
        return List.of();
    }

    private void name(ClusterOperation begun) {
        named.add(UUID.fromString(begun.id()));
        if (!begun.id().equals(operation)) {
            scene.coverage.count("operation " + begun.type());
        }
        scene.coverage.count("phase " + begun.phase());
    }

    private static void pause(FaultyCalls calls, LilioCluster cluster, Write write) {
        boolean counts =
                cluster.getSpec().paused()
                        && cluster.getMetadata().getDeletionTimestamp() == null
                        && calls.isOf(OperatorProcess.Work.CLUSTER)
                        && !calls.isDisturbed();
        boolean allowed =
                write.isOf("status of", "LilioCluster")
                        || write.isOf("apply", "CronJob")
                        || write.what().startsWith("RingApi."); // it may ask what became of one
        require(!counts || allowed, "it is paused and writes: " + write.what());
    }

    /** Of the StatefulSet of the storage nodes. */
    private int size() {
        return scene.store
                .get(StatefulSet.class, Kubelets.NAMESPACE, Kubelets.SET)
                .map(set -> set.getSpec().getReplicas())
                .orElse(0);
    }

    private void shrinking(int before, int now) {
        for (SimulatedRing.Member member : scene.lilio.ring.members()) {
            int ordinal = Kubelets.ordinal(member.node());
            require(
                    ordinal < now || ordinal >= before || member.isIn("REMOVED") || isGoing(),
                    "the StatefulSet shrinks from %d to %d below %s"
                            .formatted(before, now, member));
        }
    }

    /** Whether the cluster goes, with all its data. */
    private boolean isGoing() {
        return scene.cluster()
                .filter(each -> each.getMetadata().getDeletionTimestamp() != null)
                .filter(each -> each.getSpec().deletionPolicy() == DeletionPolicy.DELETE)
                .isPresent();
    }

    /** Never a second pod, and none while data lack copies; one that serves nobody may go. */
    private void eviction(FaultyCalls calls, Pod pod) {
        String name = pod.getMetadata().getName();
        Optional<Pod> live =
                scene.store
                        .get(Pod.class, Kubelets.NAMESPACE, name)
                        .filter(
                                there ->
                                        there.getMetadata()
                                                .getUid()
                                                .equals(pod.getMetadata().getUid()));
        if (live.isEmpty() || calls.isDisturbed()) {
            return; // the budget decides
        }
        if (name.matches(Kubelets.SET + "-[0-9]+")) {
            badImage(live.get());
        }
        if (Kubelets.isWell(live.get())) {
            taken(name);
        }
    }

    /** One pod gets a bad image, and no other as long as it is known to fail, or anybody serves. */
    private void badImage(Pod pod) {
        boolean gives =
                !Kubelets.isBroken(pod)
                        && scene.cluster()
                                .filter(each -> each.getSpec().version().equals(Kubelets.BROKEN))
                                .isPresent();
        if (!gives) {
            return;
        }
        String name = pod.getMetadata().getName();
        List<Pod> pods = scene.kubelets.storagePods();
        require(
                pods.stream()
                        .noneMatch(other -> Kubelets.isBroken(other) && other.getStatus() != null),
                name + " gets the bad image after another one");
        require(
                given.isEmpty()
                        || given.equals(Set.of(name))
                        || pods.stream().noneMatch(Kubelets::isReady),
                name + " gets the bad image beside " + given);
        given.add(name);
    }

    private void taken(String name) {
        for (Pod other : scene.kubelets.storagePods()) {
            String each = other.getMetadata().getName();
            require(
                    each.equals(name) || Kubelets.isWell(other),
                    "%s is evicted while %s is not well".formatted(name, each));
        }
        require(
                scene.lilio.movement.isWhole()
                        && scene.lilio.unconfirmed.keySet().stream()
                                .noneMatch(id -> scene.lilio.ring.state(id).equals("ACTIVE")),
                name + " is evicted while data lack copies");
        require(
                scene.lilio.allHearEachOtherWithout(name),
                name + " is evicted while others do not reach each other");
        ClusterOperation operation = scene.cluster().map(Invariants::operation).orElse(null);
        require(
                operation != null
                        && Objects.equals(operation.ordinal(), Kubelets.ordinal(name))
                        && List.of("Restarting", "Renewing").contains(operation.phase()),
                name + " is evicted by no operation: " + operation);
    }

    private void deletion(Write write) {
        HasMetadata object = write.object();
        boolean there =
                live(object)
                        .filter(
                                live ->
                                        live.getMetadata()
                                                .getUid()
                                                .equals(object.getMetadata().getUid()))
                        .isPresent();
        if (!there) {
            return; // nothing happens
        }
        boolean going = isGoing();
        if (object instanceof Secret secret) {
            boolean ofBucket =
                    secret.getMetadata().getOwnerReferences().stream()
                            .map(OwnerReference::getKind)
                            .anyMatch("LilioBucket"::equals);
            require(ofBucket, "Secret " + write.name() + " is deleted");
        }
        if (object instanceof StatefulSet) {
            require(going, "StatefulSet " + write.name() + " is deleted");
        }
        if (object instanceof PersistentVolumeClaim claim) {
            require(
                    going && scene.kubelets.storagePods().isEmpty()
                            || isOfRenewed(claim)
                            || isOfEtcd(claim)
                                    && !scene.etcd.isNeeded(claim.getMetadata().getUid()),
                    "volume " + write.name() + " is deleted");
        }
    }

    private static boolean isOfEtcd(PersistentVolumeClaim claim) {
        return claim.getMetadata().getName().matches("data-demo-etcd-[0-9]+");
    }

    private boolean isOfRenewed(PersistentVolumeClaim claim) {
        return scene.lilio
                .disks
                .find(claim.getMetadata().getUid())
                .map(disk -> disk.member)
                .filter(id -> List.of("REMOVED", "LOST").contains(scene.lilio.ring.state(id)))
                .isPresent();
    }

    /** What is done to buckets and keys: [name, owner, contents], or [id]. */
    private void bucket(FaultyCalls calls, Write write) {
        String[] arguments = write.name().replaceAll("^\\[|]$", "").split(", ");
        if (write.what().equals("BucketsApi.delete")) {
            LilioBucketSpec.DeletionPolicy policy =
                    scene.store.all(LilioBucket.class).stream()
                            .filter(each -> each.getMetadata().getUid().equals(arguments[1]))
                            .filter(each -> each.getMetadata().getDeletionTimestamp() != null)
                            .map(each -> each.getSpec().deletionPolicy())
                            .findFirst()
                            .orElseGet(() -> afterRelease(calls, arguments[1]));
            require(
                    switch (policy) {
                        case RETAIN -> false;
                        case DELETE_IF_EMPTY -> arguments[2].equals("refuse");
                        case DELETE_ALL -> arguments[2].equals("delete");
                    },
                    "bucket %s is deleted, and the policy is %s".formatted(write.name(), policy));
        }
        if (write.what().equals("KeysApi.delete")) {
            require(
                    scene.lilio.parts.keys().all().stream()
                            .filter(key -> key.id().equals(arguments[0]))
                            .allMatch(key -> key.description().startsWith("LilioBucket ")),
                    "key %s of somebody else is deleted".formatted(arguments[0]));
        }
    }

    /** A late pass may ask once more for what was done before its resource went. */
    private LilioBucketSpec.DeletionPolicy afterRelease(FaultyCalls calls, String uid) {
        LilioBucketSpec.DeletionPolicy none = LilioBucketSpec.DeletionPolicy.RETAIN;
        return calls.isDisturbed() ? released.getOrDefault(uid, none) : none;
    }

    /**
     * Since when a condition is so changes with its status alone; new generations begin unready.
     */
    private void quietConditions(Optional<? extends HasMetadata> object) {
        for (Condition now : conditions(object)) {
            Optional<Condition> before =
                    conditions.stream().filter(each -> each.type().equals(now.type())).findFirst();
            before.ifPresent(
                    was -> {
                        boolean same = was.status() == now.status();
                        require(
                                !same || was.lastTransitionTime().equals(now.lastTransitionTime()),
                                "it is %s since then without a change: %s, %s"
                                        .formatted(now.type(), was, now));
                        require(
                                !now.lastTransitionTime().isBefore(was.lastTransitionTime()),
                                "time goes back: %s, %s".formatted(was, now));
                    });
            boolean first =
                    before.map(Condition::observedGeneration).orElse(0L) < now.observedGeneration();
            require(
                    !first || !now.type().equals("Ready") || now.status() != ConditionStatus.TRUE,
                    "the first status of a generation says Ready: " + now);
        }
    }

    private void secret(String name) {
        Map<String, String> data =
                scene.store
                        .get(Secret.class, Kubelets.NAMESPACE, name)
                        .map(Secret::getData)
                        .orElseThrow();
        Map<String, String> first = secrets.computeIfAbsent(name, _ -> data);
        require(first.equals(data), "Secret " + name + " has changed");
    }

    /** The ring has carried out a command. */
    void commanded(String type, UUID id, List<UUID> targets) {
        FaultyCalls by = caller;
        if (by == null) {
            return; // an administrator's
        }
        require(
                by.isDisturbed()
                        || !scene.cluster().map(each -> each.getSpec().paused()).orElse(false),
                "it is paused and changes the ring: " + type);
        String now =
                scene.cluster().map(Invariants::operation).map(ClusterOperation::id).orElse("");
        boolean current = id.toString().equals(now) || id.equals(cancellation(now));
        boolean former =
                named.contains(id)
                        || named.stream()
                                .anyMatch(each -> id.equals(cancellation(each.toString())));
        require(
                current || by.isDisturbed() && former,
                "the ring is asked for %s %s, and the operation is %s".formatted(type, id, now));
        int target = scene.cluster().map(each -> each.getSpec().replicas()).orElse(0);
        for (SimulatedRing.Member member : scene.lilio.ring.members()) {
            boolean beyond =
                    type.equals("ADMIT")
                            && targets.contains(member.id())
                            && Kubelets.ordinal(member.node()) >= target;
            require(
                    !beyond || by.isDisturbed(),
                    "admitted beyond %d: %s".formatted(target, member));
        }
        boolean accepts =
                scene.cluster()
                        .map(each -> each.getMetadata().getAnnotations())
                        .filter(each -> each.containsKey(Administrator.ACCEPT_DATA_LOSS))
                        .isPresent();
        lossIsAccepted |= type.equals("MARK_LOST") && accepts;
    }

    private static UUID cancellation(String id) {
        return UUID.nameUUIDFromBytes(("cancel " + id).getBytes(StandardCharsets.UTF_8));
    }

    /** Of everything that was stored there is a copy with somebody who counts. */
    void nothingIsLost() {
        boolean founded = scene.lilio.ring.isFounded() && scene.cluster().isPresent();
        boolean going =
                scene.cluster()
                        .filter(each -> each.getMetadata().getDeletionTimestamp() != null)
                        .isPresent();
        if (!founded || going || lossIsAccepted) {
            return;
        }
        for (int partition = 0; partition < SimulatedRing.PARTITIONS; partition++) {
            require(
                    scene.lilio.movement.isAnywhere(partition),
                    "the last copy of partition %d is gone".formatted(partition));
        }
    }

    /** No member of etcd is let in whose identity may have acknowledged something. */
    private void nobodyWithAPast(Set<String> before, Set<String> now) {
        for (String member : now) {
            require(
                    before.contains(member) || !scene.etcd.hasStarted(member),
                    member + " is let in, and etcd has its former identity");
        }
    }

    /** Each member of etcd has what it acknowledged, or another identity. */
    void nothingIsForgotten() {
        require(
                scene.etcd.forgotten().isEmpty(),
                "members of etcd began anew under former identities: " + scene.etcd.forgotten());
    }

    /** A resource goes, and with it what it owns. */
    void released(HasMetadata object) {
        if (object instanceof LilioBucket bucket) {
            scene.keysAreLeft |= scene.cluster().isEmpty();
            released.put(bucket.getMetadata().getUid(), bucket.getSpec().deletionPolicy());
        } else if (object instanceof LilioCluster cluster) {
            goes(cluster);
        }
    }

    private void goes(LilioCluster cluster) {
        String uid = cluster.getMetadata().getUid();
        if (cluster.getSpec().deletionPolicy() == DeletionPolicy.DELETE) {
            require(scene.kubelets.storagePods().isEmpty(), "it goes before its pods");
            return;
        }
        for (Secret secret : scene.store.all(Secret.class)) {
            require(
                    !KEPT.contains(secret.getMetadata().getName())
                            || secret.getMetadata().getOwnerReferences().stream()
                                    .noneMatch(owner -> owner.getUid().equals(uid)),
                    "Secret %s goes with the cluster".formatted(secret.getMetadata().getName()));
        }
    }
}
