package io.lilio.catalog.access;

import io.lilio.catalog.commit.Change;
import io.lilio.catalog.commit.Fate;
import io.lilio.catalog.commit.Step;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.Compare;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.Txn;
import io.lilio.metadata.Write;
import java.util.List;
import java.util.OptionalLong;

/** Stores a new access key; its random id is nobody else's. */
record CreateAccessKey(MetadataStore store, Bytes key, Bytes value) implements Change<Boolean> {

    @Override
    public Step<Boolean> decide() {
        return new Step.Apply<>(
                Txn.Purpose.GROW,
                List.of(new Compare.Absent(key)),
                List.of(new Write.Put(key, value)),
                OptionalLong.empty(),
                true);
    }

    @Override
    public Fate fate(Step.Apply<Boolean> sent) {
        boolean there = store.read(List.of(key)).get(0).isPresent();
        return there ? Fate.APPLIED : Fate.UNPROVEN;
    }
}
