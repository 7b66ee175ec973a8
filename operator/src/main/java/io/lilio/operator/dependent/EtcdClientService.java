package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.Service;
import io.lilio.crd.cluster.LilioCluster;

/**
 * The Service by which whoever administers a managed etcd reaches a member that serves. Storage
 * nodes know every member by itself, so as to leave one that hangs.
 */
public final class EtcdClientService {

    private EtcdClientService() {}

    /** As it is to be. */
    public static Service of(LilioCluster cluster) {
        return Services.balanced(
                        cluster, Component.ETCD, Names.of(cluster).etcd(), Port.ETCD_CLIENT)
                .build();
    }
}
