package io.lilio.operator.cluster;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.operator.dependent.EtcdSet;
import io.lilio.operator.kube.Kubernetes;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which members of a managed etcd begin where they have no data, as their StatefulSet is to say.
 * Thread-safe.
 */
final class EtcdAdmission {

    private final Kubernetes kubernetes;

    EtcdAdmission(Kubernetes kubernetes) {
        this.kubernetes = kubernetes;
    }

    /**
     * @param cluster with the status that was read before the StatefulSet
     * @param etcd the StatefulSet as it was read; what is decided is written over no other
     * @param founded whether it is known otherwise that etcd was ever there
     */
    EtcdSet.State state(LilioCluster cluster, Optional<StatefulSet> etcd, boolean founded) {
        return founded || etcd.filter(EtcdAdmission::wasFounded).isPresent()
                ? new EtcdSet.State.Founded(admitted(cluster, etcd))
                : new EtcdSet.State.Founding();
    }

    /**
     * Before anybody is let in, status is read again. Whoever has noted since that there is nobody
     * to let in may have said so in the StatefulSet before that was read; who notes it after this
     * writes the StatefulSet later.
     */
    private Set<String> admitted(LilioCluster cluster, Optional<StatefulSet> etcd) {
        Set<String> admitted = admitted(cluster);
        boolean letsIn =
                etcd.filter(set -> admitted.stream().allMatch(each -> EtcdSet.admits(set, each)))
                        .isEmpty();
        return letsIn ? live(cluster).map(EtcdAdmission::admitted).orElse(Set.of()) : admitted;
    }

    private static Set<String> admitted(LilioCluster cluster) {
        return EtcdReplacement.admitted(EtcdMembers.records(cluster));
    }

    private Optional<LilioCluster> live(LilioCluster cluster) {
        return kubernetes.get(
                LilioCluster.class,
                cluster.getMetadata().getNamespace(),
                cluster.getMetadata().getName());
    }

    /** All its members serve, or did so when it was seen before. */
    private static boolean wasFounded(StatefulSet etcd) {
        @Nullable Integer ready =
                etcd.getStatus() == null ? null : etcd.getStatus().getReadyReplicas();
        return EtcdSet.tellsOfFounded(etcd) || Objects.equals(ready, etcd.getSpec().getReplicas());
    }
}
