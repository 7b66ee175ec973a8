package io.lilio.catalog.bucket;

import io.lilio.catalog.Keys;
import io.lilio.catalog.commit.Change;
import io.lilio.catalog.commit.Fate;
import io.lilio.catalog.commit.RefusedReason;
import io.lilio.catalog.commit.Step;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.Compare;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.Txn;
import io.lilio.metadata.Write;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Enables or suspends versioning. */
record SetVersioning(MetadataStore store, String name, Versioning versioning)
        implements Change<Bucket> {

    @Override
    public Step<Bucket> decide() {
        Optional<KeyValue> stored = stored();
        if (stored.isEmpty()) {
            return new Step.Refuse<>(RefusedReason.NO_SUCH_BUCKET);
        }
        Bucket bucket = BucketRecords.decode(stored.get());
        if (bucket.versioning() == versioning) {
            return new Step.Done<>(bucket);
        }
        Bucket changed = bucket.with(versioning);
        Bytes key = Keys.bucket(name);
        return new Step.Apply<>(
                Txn.Purpose.UPKEEP,
                List.of(new Compare.ModRevision(key, bucket.modRevision())),
                List.of(new Write.Put(key, BucketRecords.encode(changed))),
                OptionalLong.empty(),
                changed);
    }

    /**
     * Not written since it was read: not applied. In the state that was asked for, whoever brought
     * it there: ours changed it, or would have changed nothing. In another state: somebody changed
     * it after ours or instead of ours, and doing ours again might undo that.
     */
    @Override
    public Fate fate(Step.Apply<Bucket> sent) {
        Optional<Bucket> there =
                stored().map(BucketRecords::decode)
                        .filter(now -> now.id().equals(sent.result().id()));
        if (there.isEmpty()) {
            return Fate.UNPROVEN;
        }
        if (there.get().modRevision() == sent.result().modRevision()) {
            return Fate.NOT_APPLIED;
        }
        return there.get().versioning() == versioning ? Fate.APPLIED : Fate.UNPROVEN;
    }

    private Optional<KeyValue> stored() {
        return store.read(List.of(Keys.bucket(name))).get(0);
    }
}
