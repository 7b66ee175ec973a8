package io.lilio.operator.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.lilio.admin.api.MemberStatus;
import io.lilio.admin.api.OperationStatus;
import io.lilio.admin.api.RingOperation;
import io.lilio.admin.api.RingStatus;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.ReplicationSpec.Spread;
import io.lilio.operator.admin.AdminApi;
import io.lilio.operator.admin.AdminApiException;
import io.lilio.operator.admin.AdminApiUnreachableException;
import io.lilio.operator.dependent.Component;
import io.lilio.operator.dependent.Labels;
import io.lilio.operator.dependent.Names;
import io.lilio.operator.kube.Kubernetes;
import io.lilio.operator.kube.KubernetesException;
import io.lilio.operator.kube.Ownership;
import io.lilio.operator.plan.Answers;
import io.lilio.operator.plan.Observed;
import io.lilio.operator.plan.Operation;
import io.lilio.operator.plan.Place;
import io.lilio.operator.plan.PodState;
import io.lilio.operator.plan.Refusal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks at a cluster, at Kubernetes and at the admin API, and changes nothing. Thread-safe. */
final class Observer {

    private static final String ZONE = "topology.kubernetes.io/zone";

    private final Kubernetes kubernetes;
    private final ClusterAccess access;

    Observer(Kubernetes kubernetes, ClusterAccess access) {
        this.kubernetes = kubernetes;
        this.access = access;
    }

    /**
     * The StatefulSets, as they are now.
     *
     * @param nodes that of the storage nodes
     * @param etcd that of the managed etcd
     */
    record Sets(Optional<StatefulSet> nodes, Optional<StatefulSet> etcd) {

        /** The one that another one of its name is to become. */
        Optional<StatefulSet> named(StatefulSet wanted) {
            return Stream.of(nodes, etcd)
                    .flatMap(Optional::stream)
                    .filter(
                            set ->
                                    set.getMetadata()
                                            .getName()
                                            .equals(wanted.getMetadata().getName()))
                    .findFirst();
        }
    }

    Sets sets(LilioCluster cluster) {
        Names names = Names.of(cluster);
        boolean managed = cluster.getSpec().metadata().managed() != null;
        return new Sets(
                set(cluster, names.storageNodes()),
                managed ? set(cluster, names.etcd()) : Optional.empty());
    }

    /** The settings of the storage nodes. */
    Optional<ConfigMap> config(LilioCluster cluster) {
        Names names = Names.of(cluster);
        return kubernetes
                .get(ConfigMap.class, names.namespace(), names.config())
                .filter(config -> Ownership.isOf(config, cluster));
    }

    /** What is somebody else's founds nothing, and is come across when it is to be applied. */
    private Optional<StatefulSet> set(LilioCluster cluster, String name) {
        return kubernetes
                .get(StatefulSet.class, Names.of(cluster).namespace(), name)
                .filter(set -> Ownership.isOf(set, cluster));
    }

    /**
     * All that a pass has to know.
     *
     * @param root the administrator's key; without it nobody is asked
     */
    Sighting look(
            LilioCluster cluster,
            Sets sets,
            Optional<Secret> root,
            Optional<Operation> running,
            List<Refusal> refusals,
            Instant now) {
        Names names = Names.of(cluster);
        List<PodSight> pods =
                kubernetes
                        .list(
                                Pod.class,
                                names.namespace(),
                                Labels.selecting(cluster, Component.STORAGE_NODE))
                        .stream()
                        .map(PodSight::of)
                        .toList();
        int replicas = sets.nodes().map(set -> set.getSpec().getReplicas()).orElse(0);
        Asked asked = ask(cluster, replicas, pods, root, running);
        Places places = places(cluster, pods, asked.answers());
        OptionalInt size =
                sets.nodes().isPresent() ? OptionalInt.of(replicas) : OptionalInt.empty();
        Observed nobody =
                new Observed(
                        now,
                        names.storageNodes(),
                        size,
                        List.of(),
                        places.known(),
                        asked.answers(),
                        refusals);
        return new Sighting(
                with(nobody, pods),
                sets.nodes(),
                sets.etcd(),
                pods,
                places.forbidden(),
                asked.admin(),
                asked.trouble());
    }

    private static Observed with(Observed observed, List<PodSight> pods) {
        List<PodState> states =
                pods.stream()
                        .map(pod -> pod.state(observed.ordinal(pod.name())))
                        .filter(pod -> pod.ordinal() >= 0)
                        .toList();
        return new Observed(
                observed.now(),
                observed.set(),
                observed.replicas(),
                states,
                observed.places(),
                observed.answers(),
                observed.refusals());
    }

    /** What the admin API said, or why it did not. */
    private record Asked(
            Optional<AdminApi> admin, Optional<Answers> answers, Optional<String> trouble) {}

    private Asked ask(
            LilioCluster cluster,
            int replicas,
            List<PodSight> pods,
            Optional<Secret> root,
            Optional<Operation> running) {
        int nodes = Math.max(replicas, pods.size());
        Optional<AdminApi> admin = root.flatMap(secret -> access.of(cluster, nodes, secret));
        if (admin.isEmpty()) {
            return new Asked(Optional.empty(), Optional.empty(), Optional.empty());
        }
        try {
            Map<String, List<MemberStatus>> views =
                    running.filter(operation -> takesAny(operation, pods))
                            .map(operation -> views(cluster, replicas, admin.get(), operation))
                            .orElse(Map.of());
            return new Asked(
                    admin, Optional.of(answers(admin.get(), views, running)), Optional.empty());
        } catch (AdminApiException | AdminApiUnreachableException e) {
            return new Asked(
                    admin,
                    Optional.empty(),
                    Optional.of(Objects.requireNonNullElse(e.getMessage(), "no answer")));
        }
    }

    private static boolean takesAny(Operation operation, List<PodSight> pods) {
        return operation.takesPod()
                && pods.stream()
                        .anyMatch(pod -> pod.pod().getMetadata().getUid().equals(operation.pod()));
    }

    /** Of all that stay; the first that does not answer is the last that is asked. */
    private static Map<String, List<MemberStatus>> views(
            LilioCluster cluster, int replicas, AdminApi admin, Operation operation) {
        Map<String, List<MemberStatus>> views = new HashMap<>();
        try {
            for (int ordinal = 0; ordinal < replicas; ordinal++) {
                if (ordinal != operation.ordinal()) {
                    views.put(
                            Names.of(cluster).storageNode(ordinal),
                            admin.clusterSeenBy(ordinal).members());
                }
            }
        } catch (AdminApiException | AdminApiUnreachableException _) {
            // What is missing the plan waits for.
        }
        return views;
    }

    private static Answers answers(
            AdminApi admin, Map<String, List<MemberStatus>> views, Optional<Operation> running) {
        RingStatus ring = admin.ring().ring();
        return new Answers(
                admin.cluster().cluster(),
                ring,
                admin.cluster().members(),
                views,
                admin.cluster().brake(),
                running.flatMap(
                        operation -> new RingAsking(admin.ring()).whatBecameOf(operation, ring)),
                run(admin, ring));
    }

    private static Optional<OperationStatus> run(AdminApi admin, RingStatus ring) {
        @Nullable RingOperation change = ring.operation();
        return change == null
                ? Optional.empty()
                : Rebalances.of(admin.operations(), change.id()).latest();
    }

    /** Where the nodes of Kubernetes are that pods run on. */
    private record Places(Map<String, Place> known, boolean forbidden) {}

    /** Where copies go by hosts alone a pod's machine is all that has to be known. */
    private Places places(LilioCluster cluster, List<PodSight> pods, Optional<Answers> answers) {
        boolean byHost =
                answers.map(known -> known.ring().replication().spread().equals("HOST"))
                        .orElse(cluster.getSpec().replication().spread() == Spread.HOST);
        Set<String> machines = new TreeSet<>();
        pods.stream()
                .map(pod -> pod.pod().getSpec().getNodeName())
                .filter(Objects::nonNull)
                .filter(name -> !name.isEmpty())
                .forEach(machines::add);
        Map<String, Place> known = new HashMap<>();
        boolean forbidden = false;
        for (String machine : machines) {
            try {
                kubernetes
                        .get(Node.class, machine)
                        .ifPresent(node -> known.put(machine, place(node)));
            } catch (KubernetesException e) {
                if (!e.isForbidden()) {
                    throw e;
                }
                forbidden = !byHost;
                if (byHost) {
                    known.put(machine, new Place(machine, ""));
                }
            }
        }
        return new Places(known, forbidden);
    }

    private static Place place(Node node) {
        Map<String, String> labels =
                Objects.requireNonNullElse(node.getMetadata().getLabels(), Map.of());
        return new Place(node.getMetadata().getName(), labels.getOrDefault(ZONE, ""));
    }
}
