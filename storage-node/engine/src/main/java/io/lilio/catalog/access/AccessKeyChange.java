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
 * Replaces or removes an access key.
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
                List.of(unchanged(stored.get())),
                List.of(write),
                OptionalLong.empty(),
                true);
    }

    /**
     * A key that is gone never comes back: this removed it, or changed it before it went. One that
     * is there as it was read was not changed. One that somebody else has changed, after this or
     * instead, is left as it is: to enable what was just disabled would be worse than not to know.
     */
    @Override
    public Fate fate(Step.Apply<Boolean> sent) {
        Optional<KeyValue> now = store.read(List.of(key)).get(0);
        if (now.isEmpty()) {
            return Fate.APPLIED;
        }
        if (sent.compares().equals(List.of(unchanged(now.get())))) {
            return Fate.NOT_APPLIED;
        }
        boolean ours = sent.writes().equals(List.of(new Write.Put(key, now.get().value())));
        return ours ? Fate.APPLIED : Fate.UNPROVEN;
    }

    private Compare unchanged(KeyValue stored) {
        return new Compare.ModRevision(key, stored.modRevision());
    }
}
