package io.lilio.catalog.access;

import io.lilio.catalog.commit.Change;
import io.lilio.catalog.commit.Fate;
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
import java.util.function.Function;

/**
 * Replaces or removes an access key. What it does twice is as if done once, so a lost answer is
 * resolved by deciding again.
 *
 * @param next what is to be stored instead; empty: nothing
 */
record AccessKeyChange(MetadataStore store, Bytes key, Function<KeyValue, Optional<Bytes>> next)
        implements Change<Boolean> {

    @Override
    public Step<Boolean> decide() {
        Optional<KeyValue> stored = store.read(List.of(key)).get(0);
        if (stored.isEmpty()) {
            return new Step.Done<>(false);
        }
        Optional<Bytes> value = next.apply(stored.get());
        Write write =
                value.<Write>map(bytes -> new Write.Put(key, bytes))
                        .orElseGet(() -> new Write.Delete(key));
        return new Step.Apply<>(
                Txn.Purpose.UPKEEP,
                List.of(new Compare.ModRevision(key, stored.get().modRevision())),
                List.of(write),
                OptionalLong.empty(),
                true);
    }

    @Override
    public Fate fate(Step.Apply<Boolean> sent) {
        boolean gone = store.read(List.of(key)).get(0).isEmpty();
        return gone ? Fate.APPLIED : Fate.NOT_APPLIED;
    }
}
