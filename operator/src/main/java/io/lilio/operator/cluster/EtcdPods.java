package io.lilio.operator.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.operator.dependent.Component;
import io.lilio.operator.dependent.Labels;
import io.lilio.operator.dependent.Names;
import io.lilio.operator.kube.Kubernetes;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Members of a managed etcd that cannot start from the template that they were made from, for want
 * of an image or of a machine, say: once there is another template they are made anew, which
 * Kubernetes leaves to whoever deletes them. Members that run are left alone. Thread-safe.
 */
final class EtcdPods {

    /** Tells which template a pod was made from. */
    private static final String REVISION = "controller-revision-hash";

    private final Kubernetes kubernetes;
    private final Evictions evictions;

    EtcdPods(Kubernetes kubernetes) {
        this.kubernetes = kubernetes;
        this.evictions = new Evictions(kubernetes);
    }

    /**
     * @param etcd as it was read
     * @return why some never are
     */
    List<Fault> renew(LilioCluster cluster, Optional<StatefulSet> etcd) {
        Optional<String> newest = etcd.flatMap(EtcdPods::revisionOfWanting);
        if (newest.isEmpty()) {
            return List.of();
        }
        return kubernetes
                .list(
                        Pod.class,
                        Names.of(cluster).namespace(),
                        Labels.selecting(cluster, Component.ETCD))
                .stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .filter(pod -> PodSight.of(pod).trouble().isPresent())
                .filter(pod -> isOfAnother(newest.get(), pod))
                .map(evictions::evict)
                .flatMap(Optional::stream)
                .toList();
    }

    /** The newest template, where members are missing, as far as Kubernetes has seen it. */
    private static Optional<String> revisionOfWanting(StatefulSet etcd) {
        @Nullable StatefulSetStatus status = etcd.getStatus();
        if (status == null
                || !Objects.equals(
                        status.getObservedGeneration(), etcd.getMetadata().getGeneration())
                || Objects.equals(status.getReadyReplicas(), etcd.getSpec().getReplicas())) {
            return Optional.empty();
        }
        return Optional.ofNullable(status.getUpdateRevision());
    }

    private static boolean isOfAnother(String newest, Pod pod) {
        Map<String, String> labels =
                Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.of());
        @Nullable String revision = labels.get(REVISION);
        return revision != null && !revision.equals(newest);
    }
}
