package io.lilio.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.operator.dependent.Labels;
import io.lilio.operator.dependent.Names;
import io.lilio.operator.kube.Kubernetes;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Takes pods away, with their volumes where they are to begin anew: their StatefulSet makes both
 * again. All is read live, and only what was meant goes, by its uid. Thread-safe.
 */
final class PodRenewal {

    private final Kubernetes kubernetes;
    private final Evictions evictions;

    PodRenewal(Kubernetes kubernetes) {
        this.kubernetes = kubernetes;
        this.evictions = new Evictions(kubernetes);
    }

    /** A claim, if it is one of the cluster's. */
    Optional<PersistentVolumeClaim> claim(LilioCluster cluster, String name) {
        return kubernetes
                .get(PersistentVolumeClaim.class, Names.of(cluster).namespace(), name)
                .filter(claim -> isOf(cluster, claim));
    }

    private static boolean isOf(LilioCluster cluster, PersistentVolumeClaim claim) {
        Map<String, String> labels =
                Objects.requireNonNullElse(claim.getMetadata().getLabels(), Map.of());
        return Names.of(cluster).cluster().equals(labels.get(Labels.CLUSTER));
    }

    /**
     * Has a pod go, if it is still the one that is meant, and was not told to go yet.
     *
     * @return why it never goes
     */
    Optional<Fault> evict(LilioCluster cluster, String name, String uid) {
        return pod(cluster, name, uid).flatMap(evictions::evict);
    }

    private Optional<Pod> pod(LilioCluster cluster, String name, String uid) {
        return kubernetes
                .get(Pod.class, Names.of(cluster).namespace(), name)
                .filter(pod -> pod.getMetadata().getUid().equals(uid))
                .filter(PodRenewal::stays);
    }

    /**
     * The same with a claim of its, which goes when the pod does, since that uses it.
     *
     * @param claim as it was just read
     * @return why it never goes
     */
    Optional<Fault> renew(
            LilioCluster cluster, Optional<PersistentVolumeClaim> claim, String name, String uid) {
        // Looked at last: while the pod is there, so is the claim that it was made with.
        Optional<Pod> pod = pod(cluster, name, uid);
        if (pod.isPresent()) {
            claim.filter(PodRenewal::stays).ifPresent(kubernetes::delete);
        }
        return pod.flatMap(evictions::evict);
    }

    private static boolean stays(HasMetadata object) {
        return object.getMetadata().getDeletionTimestamp() == null;
    }
}
