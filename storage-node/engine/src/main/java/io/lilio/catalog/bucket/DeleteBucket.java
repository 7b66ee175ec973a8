package io.lilio.catalog.bucket;

import io.lilio.catalog.Keys;
import io.lilio.catalog.commit.Change;
import io.lilio.catalog.commit.Fate;
import io.lilio.catalog.commit.RefusedReason;
import io.lilio.catalog.commit.Step;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.Compare;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.Txn;
import io.lilio.metadata.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Removes an empty bucket, in one transaction: the record as it was seen, no head, no version, no
 * upload. Every commit that adds one of these compares the bucket's record, so none slips in.
 */
final class DeleteBucket implements Change<Bucket> {

    private final MetadataStore store;
    private final String name;
    private final String manager;

    /**
     * @param manager who asks; empty: an S3 client
     */
    DeleteBucket(MetadataStore store, String name, String manager) {
        this.store = store;
        this.name = name;
        this.manager = manager;
    }

    @Override
    public Step<Bucket> decide() {
        try (ReadView view = store.view()) {
            Optional<KeyValue> stored = view.read(List.of(Keys.bucket(name))).get(0);
            if (stored.isEmpty()) {
                return new Step.Refuse<>(RefusedReason.NO_SUCH_BUCKET);
            }
            Bucket bucket = BucketRecords.decode(stored.get());
            Optional<RefusedReason> refusal = bucket.refusalOf(manager);
            if (refusal.isPresent()) {
                return new Step.Refuse<>(refusal.get());
            }
            for (KeyRange range : stored(bucket.id())) {
                if (holds(view, range)) {
                    return new Step.Refuse<>(RefusedReason.BUCKET_NOT_EMPTY);
                }
            }
            if (holds(view, Keys.uploads(bucket.id()))) {
                return new Step.Refuse<>(RefusedReason.UPLOADS_UNDER_WAY);
            }
            return remove(stored.get().key(), bucket);
        }
    }

    private static boolean holds(ReadView view, KeyRange range) {
        return !view.scan(range, 1).entries().isEmpty();
    }

    private static Step<Bucket> remove(Bytes key, Bucket bucket) {
        List<Compare> compares = new ArrayList<>();
        compares.add(new Compare.ModRevision(key, bucket.modRevision()));
        stored(bucket.id()).forEach(range -> compares.add(new Compare.RangeEmpty(range)));
        compares.add(new Compare.RangeEmpty(Keys.uploads(bucket.id())));
        return new Step.Apply<>(
                Txn.Purpose.UPKEEP,
                compares,
                List.of(new Write.Delete(key)),
                OptionalLong.empty(),
                bucket);
    }

    private static List<KeyRange> stored(UUID bucket) {
        return List.of(Keys.heads(bucket), Keys.versions(bucket));
    }

    @Override
    public Fate fate(Step.Apply<Bucket> sent) {
        Optional<Bucket> there =
                store.read(List.of(Keys.bucket(name))).get(0).map(BucketRecords::decode);
        boolean same = there.isPresent() && there.get().id().equals(sent.result().id());
        return same ? Fate.NOT_APPLIED : Fate.APPLIED; // an identity that is gone is gone for ever
    }
}
