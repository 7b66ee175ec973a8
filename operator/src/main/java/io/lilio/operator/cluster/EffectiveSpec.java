package io.lilio.operator.cluster;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterSpec;
import io.lilio.crd.cluster.ManagedEtcdSpec;
import io.lilio.crd.cluster.MetadataSpec;
import io.lilio.operator.dependent.EtcdSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A resource with what cannot follow its spec yet as it is: the members and the volumes of a
 * managed etcd. Objects are made from it, so that an edit of these restarts nothing for nothing.
 */
final class EffectiveSpec {

    private EffectiveSpec() {}

    /**
     * A resource as objects are made from it.
     *
     * @param etcd the StatefulSet of the managed etcd
     */
    static LilioCluster of(LilioCluster cluster, Optional<StatefulSet> etcd) {
        @Nullable ManagedEtcdSpec managed = cluster.getSpec().metadata().managed();
        if (managed == null || etcd.isEmpty()) {
            return cluster;
        }
        ManagedEtcdSpec is =
                new ManagedEtcdSpec(
                        EtcdSet.members(etcd.get()).orElse(managed.replicas()),
                        volumeSize(etcd.get()).orElse(managed.storage()));
        LilioCluster effective = new LilioCluster();
        effective.setMetadata(cluster.getMetadata());
        effective.setSpec(with(cluster.getSpec(), is));
        effective.setStatus(cluster.getStatus());
        return effective;
    }

    private static LilioClusterSpec with(LilioClusterSpec spec, ManagedEtcdSpec managed) {
        return new LilioClusterSpec(
                spec.version(),
                spec.image(),
                spec.replicas(),
                spec.replication(),
                spec.ring(),
                spec.storage(),
                new MetadataSpec(null, managed),
                spec.rootCredentialsSecret(),
                spec.resources(),
                spec.pod(),
                spec.s3(),
                spec.jobs(),
                spec.networkPolicy(),
                spec.serviceMonitor(),
                spec.allowedNamespaces(),
                spec.paused(),
                spec.deletionPolicy());
    }

    /** How large the volumes of a StatefulSet are to be. */
    static Optional<Quantity> volumeSize(StatefulSet set) {
        List<PersistentVolumeClaim> claims = set.getSpec().getVolumeClaimTemplates();
        return claims == null
                ? Optional.empty()
                : claims.stream()
                        .findFirst()
                        .map(claim -> claim.getSpec().getResources().getRequests().get("storage"));
    }
}
