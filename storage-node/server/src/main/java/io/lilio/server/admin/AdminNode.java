package io.lilio.server.admin;

import io.lilio.catalog.access.AccessKeys;
import io.lilio.catalog.ring.RingCache;
import io.lilio.maintenance.Maintenance;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.session.Sessions;
import io.lilio.replication.Members;
import java.util.UUID;

/**
 * What the admin API works on: the parts of a running node.
 *
 * @param identity who the node is
 * @param metadata where records are kept
 * @param cluster the ring and who is in it
 * @param maintenance what keeps the store well
 * @param keys access keys besides root's
 */
public record AdminNode(
        Identity identity,
        MetadataStore metadata,
        Cluster cluster,
        Maintenance maintenance,
        AccessKeys keys) {

    /**
     * Who a node is.
     *
     * @param cluster the cluster's identity
     * @param node the node's name
     * @param metadataType as it is configured
     * @param rootKey the id of root's access key
     */
    public record Identity(UUID cluster, String node, String metadataType, String rootKey) {}

    /** The ring and who is in it. */
    public record Cluster(RingCache ring, Sessions sessions, Members members) {}
}
