package io.lilio.catalog;

import io.lilio.catalog.bucket.BucketReads;
import io.lilio.catalog.bucket.Buckets;
import io.lilio.catalog.commit.Commits;
import io.lilio.catalog.listing.Listings;
import io.lilio.catalog.object.ObjectIndex;
import io.lilio.catalog.owner.OwnerLookup;
import io.lilio.catalog.owner.OwnerWalk;
import io.lilio.catalog.trash.TrashBin;
import io.lilio.catalog.upload.Uploads;
import io.lilio.catalog.usage.UsageRecords;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.session.Sessions;
import io.lilio.time.Time;
import java.util.random.RandomGenerator;

/**
 * All of the catalog that needs no keys of its own, wired together. Thread-safe; owns nothing that
 * has to be closed.
 *
 * @param commits carries out changes; for others that have their own
 */
public record Catalog(
        Buckets buckets,
        ObjectIndex objects,
        Listings listings,
        Uploads uploads,
        TrashBin trash,
        OwnerLookup ownerLookup,
        OwnerWalk ownerWalk,
        UsageRecords usage,
        Commits commits) {

    /**
     * What the catalog stands on.
     *
     * @param random thread-safe, and unpredictable enough that two nodes never draw the same
     * @param node this node's name
     */
    public record Ground(
            MetadataStore store,
            Sessions sessions,
            Time time,
            RandomGenerator random,
            String node) {}

    /** Wires the catalog. */
    public static Catalog on(Ground ground) {
        MetadataStore store = ground.store();
        Commits commits = new Commits(store, ground.time(), ground.random());
        BucketReads reads = new BucketReads(store);
        UsageRecords usage = new UsageRecords(store, ground.time(), ground.node());
        return new Catalog(
                new Buckets(commits, reads, ground.sessions(), usage),
                new ObjectIndex(commits, reads, usage),
                new Listings(store, reads),
                new Uploads(commits, reads, usage),
                new TrashBin(store),
                new OwnerLookup(store),
                new OwnerWalk(store),
                usage,
                commits);
    }
}
