package io.lilio.server.admin;

import io.lilio.catalog.access.AccessKeys;
import io.lilio.catalog.bucket.Buckets;
import io.lilio.catalog.ring.RingCache;
import io.lilio.catalog.usage.UsageRecords;
import io.lilio.maintenance.Maintenance;
import io.lilio.maintenance.remove.BucketRemoval;
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
 * @param contents what clients have here
 */
public record AdminNode(
        Identity identity,
        MetadataStore metadata,
        Cluster cluster,
        Maintenance maintenance,
        Contents contents) {

    /**
     * Who a node is.
     *
     * @param cluster the cluster's identity
     * @param node the node's name
     * @param metadataType as it is configured
     * @param rootKey the id of root's access key
     */
    public record Identity(UUID cluster, String node, String metadataType, String rootKey) {}

    /**
     * Who may come, and what is kept for them.
     *
     * @param keys access keys besides root's
     * @param usage how much the buckets hold
     * @param removal of buckets, with what is in them
     * @param fresh what buckets are like that are made here
     */
    public record Contents(
            AccessKeys keys,
            Buckets buckets,
            UsageRecords usage,
            BucketRemoval removal,
            NewBuckets fresh) {}

    /**
     * What new buckets are like, whoever makes them.
     *
     * @param owner who is shown as their owner to S3 clients
     * @param chunkSizeBytes bytes per chunk
     */
    public record NewBuckets(String owner, int chunkSizeBytes) {}

    /** The ring and who is in it. */
    public record Cluster(RingCache ring, Sessions sessions, Members members) {}
}
