package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.Service;
import io.lilio.crd.cluster.LilioCluster;

/**
 * The headless Service that gives the members of a managed etcd the addresses by which they find
 * each other, ready or not, and storage nodes each of them.
 */
public final class EtcdMembersService {

    private EtcdMembersService() {}

    /** As it is to be. */
    public static Service of(LilioCluster cluster) {
        return Services.headless(
                cluster,
                Component.ETCD,
                Names.of(cluster).etcdMembersService(),
                Port.ETCD_CLIENT,
                Port.ETCD_PEER,
                Port.ETCD_METRICS);
    }
}
