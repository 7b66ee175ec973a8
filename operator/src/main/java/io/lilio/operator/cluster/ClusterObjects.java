package io.lilio.operator.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.lilio.crd.cluster.ClusterReason;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.ManagedEtcdSpec;
import io.lilio.operator.dependent.Budget;
import io.lilio.operator.dependent.ClusterSecret;
import io.lilio.operator.dependent.EtcdClientService;
import io.lilio.operator.dependent.EtcdMembersService;
import io.lilio.operator.dependent.EtcdSet;
import io.lilio.operator.dependent.IngressPolicy;
import io.lilio.operator.dependent.MaintenanceSchedule;
import io.lilio.operator.dependent.Monitor;
import io.lilio.operator.dependent.Names;
import io.lilio.operator.dependent.NodesService;
import io.lilio.operator.dependent.PodAccount;
import io.lilio.operator.dependent.RootCredentials;
import io.lilio.operator.dependent.S3Service;
import io.lilio.operator.dependent.StorageNodeConfig;
import io.lilio.operator.dependent.StorageNodeSet;
import io.lilio.operator.kube.Events;
import io.lilio.operator.kube.ForeignObjectException;
import io.lilio.operator.kube.Kubernetes;
import io.lilio.operator.kube.KubernetesException;
import io.lilio.operator.kube.Ownership;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The objects of a cluster, and the order in which they are made so. Thread-safe. */
final class ClusterObjects {

    private final Kubernetes kubernetes;
    private final Events events;
    private final AppliedObjects applied;
    private final EtcdAdmission admission;
    private final ClusterSettings settings;

    ClusterObjects(Kubernetes kubernetes, Events events, ClusterSettings settings) {
        this.kubernetes = kubernetes;
        this.events = events;
        this.applied = new AppliedObjects(kubernetes);
        this.admission = new EtcdAdmission(kubernetes);
        this.settings = settings;
    }

    /**
     * What objects depend on besides the resource.
     *
     * @param secrets that there are
     * @param sets as they are
     * @param pods storage pods that there are to be
     * @param etcdFounded whether the managed etcd was ever there
     * @param held whether no maintenance is to begin now
     */
    record Given(
            ClusterSecrets.Found secrets,
            Observer.Sets sets,
            int pods,
            boolean etcdFounded,
            boolean held) {}

    /**
     * Makes all of them so.
     *
     * @param cluster as in {@link EffectiveSpec}
     * @return what Kubernetes refused
     */
    List<Fault> apply(LilioCluster cluster, Given given, Instant now) {
        List<Fault> faults = new ArrayList<>();
        all(cluster, given)
                .forEach(object -> apply(cluster, object, given, now).ifPresent(faults::add));
        if (!cluster.getSpec().networkPolicy()) {
            removePolicies(cluster);
        }
        if (!cluster.getSpec().serviceMonitor() && settings.serviceMonitors()) {
            removeMonitor(cluster).ifPresent(faults::add);
        }
        return faults;
    }

    /** Has maintenance begin no more, and leaves everything else as it is. */
    List<Fault> hold(LilioCluster cluster, Instant now) {
        List<Fault> faults = new ArrayList<>();
        MaintenanceSchedule.of(cluster, true)
                .forEach(
                        object ->
                                apply(
                                                cluster,
                                                object,
                                                () ->
                                                        applied.apply(
                                                                cluster.getMetadata().getUid(),
                                                                object,
                                                                now))
                                        .ifPresent(faults::add));
        return faults;
    }

    /** The cluster is gone. */
    void forget(LilioCluster cluster) {
        applied.forget(cluster.getMetadata().getUid());
    }

    private Optional<Fault> apply(
            LilioCluster cluster, HasMetadata object, Given given, Instant now) {
        String uid = cluster.getMetadata().getUid();
        return apply(
                cluster,
                object,
                () ->
                        object instanceof StatefulSet set
                                ? applied.applyTo(given.sets().named(set), uid, set, now)
                                : applied.apply(uid, object, now));
    }

    private Optional<Fault> apply(
            LilioCluster cluster, HasMetadata object, BooleanSupplier putBack) {
        String name = object.getKind() + " " + object.getMetadata().getName();
        try {
            if (putBack.getAsBoolean()) {
                events.warning(
                        cluster,
                        "EditPutBack",
                        "%s was edited by somebody else and is put back: edit the LilioCluster"
                                .formatted(name));
            }
            return Optional.empty();
        } catch (ForeignObjectException e) {
            return Optional.of(
                    new Fault(
                            weight(object),
                            ClusterReason.OBJECT_OWNED_BY_ANOTHER,
                            Objects.requireNonNullElse(e.getMessage(), name)));
        } catch (KubernetesException e) {
            if (!e.isRefusal()) {
                throw e;
            }
            return Optional.of(
                    new Fault(
                            weight(object),
                            ClusterReason.SPEC_IMPOSSIBLE,
                            "Kubernetes refuses %s: %s".formatted(name, e.getMessage())));
        }
    }

    /** A cluster lives without a schedule, a policy or a monitor, and its data come first. */
    private static Fault.Weight weight(HasMetadata object) {
        return switch (object) {
            case CronJob _, NetworkPolicy _, GenericKubernetesResource _ -> Fault.Weight.DEGRADES;
            default -> Fault.Weight.HOLDS;
        };
    }

    private List<HasMetadata> all(LilioCluster cluster, Given given) {
        List<HasMetadata> all = new ArrayList<>();
        all.add(PodAccount.of(cluster));
        if (cluster.getSpec().networkPolicy()) {
            all.add(IngressPolicy.ofStorageNodes(cluster, settings.operator()));
        }
        all.add(NodesService.of(cluster));
        all.add(S3Service.of(cluster));
        all.add(Budget.ofStorageNodes(cluster));
        secrets(cluster, given.secrets(), all);
        @Nullable ManagedEtcdSpec managed = cluster.getSpec().metadata().managed();
        if (managed != null) {
            etcd(cluster, managed, given, all);
        }
        all.add(StorageNodeConfig.of(cluster, given.secrets().etcdCertificate()));
        all.add(
                StorageNodeSet.of(
                        cluster,
                        new StorageNodeSet.Given(
                                given.pods(),
                                given.sets()
                                        .nodes()
                                        .flatMap(EffectiveSpec::volumeSize)
                                        .orElse(cluster.getSpec().storage().size()),
                                given.secrets().etcdCertificate())));
        if (cluster.getSpec().serviceMonitor() && settings.serviceMonitors()) {
            all.add(Monitor.of(cluster));
        }
        all.addAll(MaintenanceSchedule.of(cluster, given.held()));
        return all;
    }

    /** They keep what they hold; labels, and whether they go with the cluster, are made so. */
    private static void secrets(
            LilioCluster cluster, ClusterSecrets.Found found, List<HasMetadata> all) {
        Random none = new Random();
        if (found.cluster().isPresent()) {
            all.add(ClusterSecret.of(cluster, found.cluster(), none));
        }
        if (found.root().isPresent()) {
            RootCredentials.of(cluster, found.root(), none).ifPresent(all::add);
        }
    }

    private void etcd(
            LilioCluster cluster, ManagedEtcdSpec managed, Given given, List<HasMetadata> all) {
        if (cluster.getSpec().networkPolicy()) {
            all.add(IngressPolicy.ofEtcd(cluster, settings.operator()));
        }
        all.add(EtcdMembersService.of(cluster));
        all.add(EtcdClientService.of(cluster));
        all.add(Budget.ofEtcd(cluster));
        all.add(
                EtcdSet.of(
                        cluster,
                        new EtcdSet.Given(
                                settings.etcdImage(),
                                managed.replicas(),
                                admission.state(cluster, given.sets().etcd(), given.etcdFounded()),
                                managed.storage())));
    }

    private Optional<Fault> removeMonitor(LilioCluster cluster) {
        GenericKubernetesResource monitor = Monitor.of(cluster);
        return apply(
                cluster,
                monitor,
                () -> {
                    kubernetes
                            .find(monitor)
                            .filter(there -> Ownership.isOwned(there, cluster))
                            .ifPresent(kubernetes::delete);
                    return false;
                });
    }

    private void removePolicies(LilioCluster cluster) {
        Names names = Names.of(cluster);
        for (String name : List.of(names.storageNodes(), names.etcd())) {
            kubernetes
                    .get(NetworkPolicy.class, names.namespace(), name)
                    .filter(policy -> Ownership.isOwned(policy, cluster))
                    .ifPresent(kubernetes::delete);
        }
    }
}
