package io.lilio.server.rpc;

import java.util.UUID;

/**
 * Who a node is, to other nodes.
 *
 * @param cluster the cluster that it belongs to: it talks to no other
 * @param node its name
 * @param secrets proves that it belongs there
 * @param versions of the protocol that it speaks
 */
public record RpcIdentity(
        UUID cluster, String node, ClusterSecrets secrets, ProtocolVersions versions) {

    /** With the protocol of this release. */
    public static RpcIdentity of(UUID cluster, String node, ClusterSecrets secrets) {
        return new RpcIdentity(cluster, node, secrets, ProtocolVersions.CURRENT);
    }
}
