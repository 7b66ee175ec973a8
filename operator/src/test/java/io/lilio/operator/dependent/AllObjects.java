package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Quantity;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.ManagedEtcdSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** All objects of a cluster, as the operator would have them. */
final class AllObjects {

    static final String OPERATION = "8e4d6a52-3f0e-4b57-9a6f-0d1c2b3a4e5f";

    static final IngressPolicy.Operator OPERATOR =
            new IngressPolicy.Operator(
                    "lilio-system", Map.of("app.kubernetes.io/name", "lilio-operator"));

    private AllObjects() {}

    static List<HasMetadata> of(LilioCluster cluster) {
        Random random = new Random(1);
        int replicas = cluster.getSpec().replicas();
        List<HasMetadata> all = new ArrayList<>();
        all.add(
                StorageNodeSet.of(
                        cluster,
                        new StorageNodeSet.Given(
                                replicas, cluster.getSpec().storage().size(), true)));
        all.add(StorageNodeConfig.of(cluster, true));
        all.add(NodesService.of(cluster));
        all.add(S3Service.of(cluster));
        all.add(Budget.ofStorageNodes(cluster));
        all.add(PodAccount.of(cluster));
        all.add(IngressPolicy.ofStorageNodes(cluster, OPERATOR));
        all.add(Monitor.of(cluster));
        all.add(ClusterSecret.of(cluster, Optional.empty(), random));
        RootCredentials.of(cluster, Optional.empty(), random).ifPresent(all::add);
        all.add(MaintenanceJob.of(cluster, MaintenanceKind.REBALANCE, OPERATION));
        all.addAll(MaintenanceSchedule.of(cluster, false));
        ManagedEtcdSpec managed = cluster.getSpec().metadata().managed();
        if (managed != null) {
            all.add(EtcdSet.of(cluster, etcd(managed.replicas(), managed.storage())));
            all.add(EtcdMembersService.of(cluster));
            all.add(EtcdClientService.of(cluster));
            all.add(Budget.ofEtcd(cluster));
            all.add(IngressPolicy.ofEtcd(cluster, OPERATOR));
        }
        return all;
    }

    static EtcdSet.Given etcd(int members, Quantity volume) {
        return new EtcdSet.Given(
                "quay.io/coreos/etcd:v3.6.16", members, new EtcdSet.State.Founding(), volume);
    }
}
