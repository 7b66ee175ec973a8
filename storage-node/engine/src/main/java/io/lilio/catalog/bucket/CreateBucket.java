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

/** Makes a bucket where there is none of its name. */
record CreateBucket(MetadataStore store, Bucket fresh) implements Change<Bucket> {

    @Override
    public Step<Bucket> decide() {
        if (stored().isPresent()) {
            return new Step.Refuse<>(RefusedReason.BUCKET_ALREADY_EXISTS);
        }
        return create(fresh);
    }

    /** Writes a bucket, unless one of its name is there. */
    static Step<Bucket> create(Bucket fresh) {
        Bytes key = Keys.bucket(fresh.name());
        return new Step.Apply<>(
                Txn.Purpose.GROW,
                List.of(new Compare.Absent(key)),
                List.of(new Write.Put(key, BucketRecords.encode(fresh))),
                OptionalLong.empty(),
                fresh);
    }

    @Override
    public Fate fate(Step.Apply<Bucket> sent) {
        Optional<Bucket> there = stored().map(BucketRecords::decode);
        return there.isPresent() && there.get().id().equals(fresh.id())
                ? Fate.APPLIED
                : Fate.UNPROVEN;
    }

    private Optional<KeyValue> stored() {
        return store.read(List.of(Keys.bucket(fresh.name()))).get(0);
    }
}
