package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.lilio.crd.cluster.LilioCluster;

/** The ServiceAccount of all pods of a cluster: it may do nothing, and no pod gets its token. */
public final class PodAccount {

    private PodAccount() {}

    /** As it is to be. */
    public static ServiceAccount of(LilioCluster cluster) {
        return new ServiceAccountBuilder()
                .withMetadata(
                        ObjectMetas.owned(
                                        cluster,
                                        Component.STORAGE_NODE,
                                        Names.of(cluster).storageNodes())
                                .build())
                .withAutomountServiceAccountToken(false)
                .build();
    }
}
