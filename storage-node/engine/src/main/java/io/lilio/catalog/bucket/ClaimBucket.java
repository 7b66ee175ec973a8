package io.lilio.catalog.bucket;

import io.lilio.catalog.Keys;
import io.lilio.catalog.commit.Change;
import io.lilio.catalog.commit.Fate;
import io.lilio.catalog.commit.RefusedReason;
import io.lilio.catalog.commit.Step;
import io.lilio.metadata.MetadataStore;
import java.util.List;
import java.util.Optional;

/**
 * Makes a bucket that belongs to somebody, where there is none of its name; or takes one over that
 * belongs to nobody. One that belongs to the same already is what was asked for.
 *
 * @param fresh the bucket to make, which names whom it belongs to
 */
record ClaimBucket(MetadataStore store, Bucket fresh, boolean adopt) implements Change<Bucket> {

    @Override
    public Step<Bucket> decide() {
        Optional<Bucket> stored = stored();
        if (stored.isEmpty()) {
            return CreateBucket.create(fresh);
        }
        Bucket bucket = stored.get();
        if (isClaimed(bucket)) {
            return new Step.Done<>(bucket);
        }
        if (!bucket.managedBy().isEmpty()) {
            return new Step.Refuse<>(RefusedReason.BUCKET_OWNED_BY_ANOTHER);
        }
        return adopt
                ? RewriteBucket.rewrite(bucket, bucket.withManager(fresh.managedBy()))
                : new Step.Refuse<>(RefusedReason.BUCKET_ALREADY_EXISTS);
    }

    /** That it belongs to who asks is all that was asked for. Otherwise as of other changes. */
    @Override
    public Fate fate(Step.Apply<Bucket> sent) {
        Optional<Bucket> there = stored().filter(now -> now.id().equals(sent.result().id()));
        if (there.isEmpty()) {
            return Fate.UNPROVEN;
        }
        if (isClaimed(there.get())) {
            return Fate.APPLIED;
        }
        return there.get().modRevision() == sent.result().modRevision()
                ? Fate.NOT_APPLIED
                : Fate.UNPROVEN;
    }

    private boolean isClaimed(Bucket bucket) {
        return bucket.managedBy().equals(fresh.managedBy());
    }

    private Optional<Bucket> stored() {
        return store.read(List.of(Keys.bucket(fresh.name()))).get(0).map(BucketRecords::decode);
    }
}
