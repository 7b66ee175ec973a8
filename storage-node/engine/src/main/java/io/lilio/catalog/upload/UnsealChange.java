package io.lilio.catalog.upload;

import io.lilio.catalog.commit.Change;
import io.lilio.catalog.commit.Fate;
import io.lilio.catalog.commit.Step;
import io.lilio.catalog.upload.UploadLook.Address;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.Compare;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.Txn;
import io.lilio.metadata.Write;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Opens an upload again that this Complete had sealed, unless somebody took over. */
record UnsealChange(MetadataStore store, Address address, StoredUpload sealed)
        implements Change<Boolean> {

    @Override
    public Step<Boolean> decide() {
        Bytes value = UploadRecords.encode(sealed);
        Optional<KeyValue> now = store.read(List.of(address.recordKey())).get(0);
        if (now.isEmpty() || !now.get().value().equals(value)) {
            return new Step.Done<>(false);
        }
        StoredUpload open = sealed.with(Optional.empty());
        return new Step.Apply<>(
                Txn.Purpose.UPKEEP,
                List.of(new Compare.ValueEquals(address.recordKey(), value)),
                List.of(new Write.Put(address.recordKey(), UploadRecords.encode(open))),
                OptionalLong.empty(),
                true);
    }

    /** Deciding again is all it takes. */
    @Override
    public Fate fate(Step.Apply<Boolean> sent) {
        return Fate.NOT_APPLIED;
    }
}
