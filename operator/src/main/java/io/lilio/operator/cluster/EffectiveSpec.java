package io.lilio.operator.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.lilio.admin.api.RingStatus;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterSpec;
import io.lilio.crd.cluster.ManagedEtcdSpec;
import io.lilio.crd.cluster.MetadataSpec;
import io.lilio.crd.cluster.ReplicationSpec;
import io.lilio.operator.dependent.EtcdSet;
import io.lilio.operator.dependent.StorageNodeConfig;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A resource with what cannot follow its spec any more as it is: how the ring keeps copies, and the
 * members and the volumes of a managed etcd. Objects are made from it, so that an edit of these
 * restarts nothing for nothing. Pure functions.
 */
final class EffectiveSpec {

    private EffectiveSpec() {}

    /**
     * A resource as objects are made from it.
     *
     * @param etcd the StatefulSet of the managed etcd
     * @param config the settings of a cluster that is founded; empty while it is not
     */
    static LilioCluster of(
            LilioCluster cluster, Optional<StatefulSet> etcd, Optional<ConfigMap> config) {
        LilioClusterSpec spec = cluster.getSpec();
        ReplicationSpec replication =
                config.flatMap(StorageNodeConfig::replication).orElse(spec.replication());
        @Nullable ManagedEtcdSpec managed = spec.metadata().managed();
        MetadataSpec metadata =
                managed == null || etcd.isEmpty()
                        ? spec.metadata()
                        : new MetadataSpec(
                                null,
                                new ManagedEtcdSpec(
                                        EtcdSet.members(etcd.get()).orElse(managed.replicas()),
                                        volumeSize(etcd.get()).orElse(managed.storage())));
        return with(cluster, replication, metadata);
    }

    /**
     * The same where the ring keeps copies otherwise, as when somebody has edited its settings.
     *
     * @param read as it is written
     * @return empty where they agree
     */
    static Optional<LilioCluster> corrected(
            LilioCluster effective, LilioCluster read, RingStatus.Replication ring) {
        if (Replication.of(effective.getSpec().replication()).isOf(ring)) {
            return Optional.empty();
        }
        ReplicationSpec wanted = read.getSpec().replication();
        Optional<ReplicationSpec> founded =
                Replication.of(wanted).isOf(ring) ? Optional.of(wanted) : Replication.spec(ring);
        return founded.map(each -> with(effective, each, effective.getSpec().metadata()));
    }

    private static LilioCluster with(
            LilioCluster cluster, ReplicationSpec replication, MetadataSpec metadata) {
        LilioClusterSpec spec = cluster.getSpec();
        LilioCluster effective = new LilioCluster();
        effective.setMetadata(cluster.getMetadata());
        effective.setSpec(
                new LilioClusterSpec(
                        spec.version(),
                        spec.image(),
                        spec.replicas(),
                        replication,
                        spec.ring(),
                        spec.storage(),
                        metadata,
                        spec.rootCredentialsSecret(),
                        spec.resources(),
                        spec.pod(),
                        spec.s3(),
                        spec.jobs(),
                        spec.networkPolicy(),
                        spec.serviceMonitor(),
                        spec.allowedNamespaces(),
                        spec.paused(),
                        spec.deletionPolicy()));
        effective.setStatus(cluster.getStatus());
        return effective;
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
