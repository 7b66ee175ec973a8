package io.lilio.maintenance;

import io.lilio.catalog.bucket.Buckets;
import io.lilio.catalog.owner.OwnerLookup;
import io.lilio.catalog.owner.OwnerWalk;
import io.lilio.catalog.ring.RingCache;
import io.lilio.catalog.trash.TrashBin;
import io.lilio.catalog.usage.UsageRecords;
import io.lilio.metadata.session.Sessions;
import io.lilio.replication.ChunkCopier;
import io.lilio.replication.Members;

/**
 * What maintenance looks after.
 *
 * @param ring where chunks belong
 * @param sessions what requests in flight may still read or commit
 * @param members who holds chunks
 * @param copier copies them
 * @param catalog who owns them
 */
public record MaintenanceParts(
        RingCache ring, Sessions sessions, Members members, ChunkCopier copier, Catalog catalog) {

    /**
     * The catalog's part.
     *
     * @param buckets what buckets there are
     * @param owners finds the owner of one chunk
     * @param walk walks over all owners
     * @param trash what waits to be deleted
     * @param usage what buckets hold
     */
    public record Catalog(
            Buckets buckets,
            OwnerLookup owners,
            OwnerWalk walk,
            TrashBin trash,
            UsageRecords usage) {}
}
