package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.Service;
import io.lilio.crd.cluster.LilioCluster;

/**
 * The headless Service that gives storage pods the addresses by which nodes, jobs and the operator
 * reach them. A node that is not ready has an address too: it becomes ready by talking to others.
 */
public final class NodesService {

    private NodesService() {}

    /** As it is to be. */
    public static Service of(LilioCluster cluster) {
        return Services.headless(
                cluster,
                Component.STORAGE_NODE,
                Names.of(cluster).nodesService(),
                Port.ADMIN,
                Port.RPC,
                Port.MANAGEMENT);
    }
}
