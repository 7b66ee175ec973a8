package io.lilio.catalog.upload;

import io.lilio.catalog.Keys;
import io.lilio.catalog.bucket.BucketReads;
import io.lilio.catalog.commit.Change;
import io.lilio.catalog.commit.Commits;
import io.lilio.catalog.commit.Fate;
import io.lilio.catalog.commit.RefusedReason;
import io.lilio.catalog.commit.Step;
import io.lilio.catalog.trash.TrashRecords;
import io.lilio.catalog.upload.UploadLook.Address;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.Txn;
import io.lilio.metadata.Write;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** Ends an upload, open or sealed, and hands all its parts over to the trash. */
record AbortChange(Commits commits, BucketReads reads, Address address) implements Change<UUID> {

    @Override
    public Step<UUID> decide() {
        UploadLook look = UploadLook.at(reads, address).orElse(null);
        if (look == null) {
            return new Step.Refuse<>(RefusedReason.NO_SUCH_BUCKET);
        }
        if (look.stored().isEmpty()) {
            return new Step.Refuse<>(RefusedReason.NO_SUCH_UPLOAD);
        }
        return new Step.Apply<>(
                Txn.Purpose.UPKEEP,
                List.of(look.sameBucket(), UploadLook.unchanged(address, look.stored().get())),
                List.of(
                        new Write.Delete(address.recordKey()),
                        TrashRecords.discardUpload(
                                address.bucket().id(),
                                address.key(),
                                address.upload(),
                                commits.now())),
                OptionalLong.empty(),
                address.upload());
    }

    /**
     * An upload that is gone never comes back; its trash stays while this request holds its mark.
     */
    @Override
    public Fate fate(Step.Apply<UUID> sent) {
        List<Optional<KeyValue>> now =
                commits.store()
                        .read(
                                List.of(
                                        address.recordKey(),
                                        Keys.trashedUpload(address.upload()),
                                        Keys.completed(address.upload())))
                        .values();
        if (now.get(0).isPresent() || now.get(2).isPresent()) {
            return Fate.NOT_APPLIED;
        }
        return now.get(1).isPresent() ? Fate.APPLIED : Fate.UNPROVEN;
    }
}
