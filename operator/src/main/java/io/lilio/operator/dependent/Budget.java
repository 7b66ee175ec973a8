package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.lilio.crd.cluster.LilioCluster;

/**
 * The PodDisruptionBudgets: of the storage nodes, and of etcd's members, one at a time may be taken
 * away by whoever asks, the operator among them. A pod that is not ready may always go: it serves
 * nobody, and one that cannot start from its template has to make way for the next.
 */
public final class Budget {

    private Budget() {}

    /** That of the storage nodes. */
    public static PodDisruptionBudget ofStorageNodes(LilioCluster cluster) {
        return of(cluster, Component.STORAGE_NODE, Names.of(cluster).storageNodes());
    }

    /** That of the managed etcd. */
    public static PodDisruptionBudget ofEtcd(LilioCluster cluster) {
        return of(cluster, Component.ETCD, Names.of(cluster).etcd());
    }

    private static PodDisruptionBudget of(LilioCluster cluster, Component component, String name) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(ObjectMetas.owned(cluster, component, name).build())
                .withNewSpec()
                .withNewMaxUnavailable(1)
                .withUnhealthyPodEvictionPolicy("AlwaysAllow")
                .withSelector(Labels.selector(cluster, component))
                .endSpec()
                .build();
    }
}
