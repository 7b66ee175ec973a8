package io.lilio.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterSpec.DeletionPolicy;
import io.lilio.operator.dependent.ClusterSecret;
import io.lilio.operator.dependent.Labels;
import io.lilio.operator.dependent.Names;
import io.lilio.operator.dependent.RootCredentials;
import io.lilio.operator.kube.ForeignObjectException;
import io.lilio.operator.kube.Kubernetes;
import io.lilio.operator.kube.KubernetesException;
import io.lilio.operator.kube.Ownership;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What goes with a LilioCluster. Objects that it owns go by themselves when it is gone. Volumes and
 * keys stay, unless its policy says otherwise: then pods go first, volumes when no pod has them any
 * more. Thread-safe.
 */
final class ClusterDeletion {

    private static final int CONFLICT = 409;

    private final Kubernetes kubernetes;

    ClusterDeletion(Kubernetes kubernetes) {
        this.kubernetes = kubernetes;
    }

    /**
     * Does what can be done now.
     *
     * @param cluster as it was just read, being deleted
     * @return what is waited for; empty when the resource may go
     */
    Optional<String> advance(LilioCluster cluster) {
        if (isNamespaceGoing(cluster)) {
            return Optional.empty();
        }
        return switch (cluster.getSpec().deletionPolicy()) {
            case DeletionPolicy.RETAIN -> keepSecrets(cluster);
            case DeletionPolicy.DELETE -> deleteVolumes(cluster);
            case null -> LaterValues.of(cluster);
        };
    }

    /** Everything in it goes, whatever anybody wants. */
    private boolean isNamespaceGoing(LilioCluster cluster) {
        try {
            return kubernetes
                    .get(Namespace.class, cluster.getMetadata().getNamespace())
                    .filter(ClusterDeletion::isGoing)
                    .isPresent();
        } catch (KubernetesException e) {
            if (e.isForbidden()) {
                return false; // it may look at some namespaces only, and not at themselves
            }
            throw e;
        }
    }

    private static boolean isGoing(HasMetadata object) {
        return object.getMetadata().getDeletionTimestamp() != null;
    }

    /** Keys without which the volumes are worth nothing lose their owner before it goes. */
    private Optional<String> keepSecrets(LilioCluster cluster) {
        Names names = Names.of(cluster);
        Random none = new Random();
        Optional<Secret> shared =
                secret(names, names.clusterSecret())
                        .filter(there -> Ownership.isOwned(there, cluster))
                        .map(
                                there ->
                                        keep(
                                                there,
                                                ClusterSecret.of(
                                                        cluster, Optional.of(there), none)));
        Optional<Secret> root =
                secret(names, names.generatedRootSecret())
                        .filter(there -> Ownership.isOwned(there, cluster))
                        .flatMap(
                                there ->
                                        RootCredentials.of(cluster, Optional.of(there), none)
                                                .map(wanted -> keep(there, wanted)));
        return Stream.of(shared, root)
                .flatMap(Optional::stream)
                .filter(secret -> Ownership.isOwned(secret, cluster))
                .findFirst()
                .map(
                        secret ->
                                ("Secret %s is to stay with the volumes, and somebody has made it"
                                                + " go with the LilioCluster: remove its owner reference")
                                        .formatted(secret.getMetadata().getName()));
    }

    private Secret keep(Secret there, Secret wanted) {
        try {
            return kubernetes.apply(wanted);
        } catch (ForeignObjectException _) {
            return there;
        }
    }

    private Optional<Secret> secret(Names names, String name) {
        return kubernetes.get(Secret.class, names.namespace(), name);
    }

    private Optional<String> deleteVolumes(LilioCluster cluster) {
        if (cluster.getSpec().paused()) {
            return Optional.of(
                    "spec.paused is true, so no volume is deleted: set it to false, or"
                            + " deletionPolicy to Retain");
        }
        Stream.<Class<? extends HasMetadata>>of(CronJob.class, Job.class, StatefulSet.class)
                .flatMap(kind -> all(cluster, kind).stream())
                .filter(object -> Ownership.isOwned(object, cluster))
                .filter(object -> !isGoing(object))
                .forEach(kubernetes::delete);
        // Those that there were while it was still this cluster's name: a pass that is held up from
        // here on finds others of their names, and leaves them.
        List<PersistentVolumeClaim> claims = all(cluster, PersistentVolumeClaim.class);
        List<Secret> keys = keptKeys(cluster);
        List<Pod> pods = all(cluster, Pod.class);
        if (!pods.isEmpty()) {
            return Optional.of("%d pods are about to end".formatted(pods.size()));
        }
        requireGoing(cluster);
        claims.stream().filter(claim -> !isGoing(claim)).forEach(kubernetes::delete);
        if (!claims.isEmpty()) {
            return Optional.of("%d volumes are being deleted".formatted(claims.size()));
        }
        keys.forEach(kubernetes::delete);
        return Optional.empty();
    }

    /**
     * Generated for volumes that were to stay until the policy was changed: nobody takes them
     * along.
     */
    private List<Secret> keptKeys(LilioCluster cluster) {
        Names names = Names.of(cluster);
        return Stream.of(names.clusterSecret(), names.generatedRootSecret())
                .flatMap(name -> secret(names, name).stream())
                .filter(secret -> !Ownership.isOwned(secret, cluster))
                .filter(secret -> Ownership.isOf(secret, cluster))
                .toList();
    }

    private void requireGoing(LilioCluster cluster) {
        Names names = Names.of(cluster);
        boolean going =
                kubernetes
                        .get(LilioCluster.class, names.namespace(), names.cluster())
                        .filter(ClusterDeletion::isGoing)
                        .filter(live -> isSame(live, cluster))
                        .isPresent();
        if (!going) {
            throw new KubernetesException(
                    CONFLICT, "LilioCluster %s is another one by now".formatted(names.cluster()));
        }
    }

    private static boolean isSame(LilioCluster live, LilioCluster read) {
        return live.getMetadata().getUid().equals(read.getMetadata().getUid())
                && live.getSpec().deletionPolicy() == read.getSpec().deletionPolicy();
    }

    /** Those that the operator has made, or its StatefulSets and Jobs. */
    private <T extends HasMetadata> List<T> all(LilioCluster cluster, Class<T> kind) {
        Names names = Names.of(cluster);
        return kubernetes.list(kind, names.namespace(), Labels.made(names));
    }
}
