package io.lilio.catalog.bucket;

import io.lilio.catalog.Keys;
import io.lilio.catalog.commit.Change;
import io.lilio.catalog.commit.Fate;
import io.lilio.catalog.commit.RefusedReason;
import io.lilio.catalog.commit.Step;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.Compare;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.Txn;
import io.lilio.metadata.Write;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Changes what a bucket is like: enables or suspends versioning, gives it up.
 *
 * @param refusal why a bucket that is there is not changed; empty when it is
 * @param changed how it is afterwards; one that is so already stays as it is
 */
record RewriteBucket(
        MetadataStore store,
        String name,
        Function<Bucket, Optional<RefusedReason>> refusal,
        UnaryOperator<Bucket> changed)
        implements Change<Bucket> {

    @Override
    public Step<Bucket> decide() {
        Optional<Bucket> stored = stored();
        if (stored.isEmpty()) {
            return new Step.Refuse<>(RefusedReason.NO_SUCH_BUCKET);
        }
        Bucket bucket = stored.get();
        Optional<RefusedReason> refused = refusal.apply(bucket);
        if (refused.isPresent()) {
            return new Step.Refuse<>(refused.get());
        }
        return isChanged(bucket) ? new Step.Done<>(bucket) : rewrite(bucket, changed.apply(bucket));
    }

    /** Writes a bucket anew, unless anybody has since it was read. */
    static Step<Bucket> rewrite(Bucket bucket, Bucket changed) {
        Bytes key = Keys.bucket(bucket.name());
        return new Step.Apply<>(
                Txn.Purpose.UPKEEP,
                List.of(new Compare.ModRevision(key, bucket.modRevision())),
                List.of(new Write.Put(key, BucketRecords.encode(changed))),
                OptionalLong.empty(),
                changed);
    }

    /**
     * Not written since it was read: not applied. As it was asked for, whoever brought it there:
     * ours changed it, or would have changed nothing. Otherwise: somebody changed it after ours or
     * instead of ours, and doing ours again might undo that.
     */
    @Override
    public Fate fate(Step.Apply<Bucket> sent) {
        Optional<Bucket> there = stored().filter(now -> now.id().equals(sent.result().id()));
        if (there.isEmpty()) {
            return Fate.UNPROVEN;
        }
        if (there.get().modRevision() == sent.result().modRevision()) {
            return Fate.NOT_APPLIED;
        }
        return isChanged(there.get()) ? Fate.APPLIED : Fate.UNPROVEN;
    }

    private boolean isChanged(Bucket bucket) {
        return changed.apply(bucket).equals(bucket);
    }

    private Optional<Bucket> stored() {
        return store.read(List.of(Keys.bucket(name))).get(0).map(BucketRecords::decode);
    }
}
