package io.lilio.catalog.upload;

import io.lilio.catalog.bucket.BucketReads;
import io.lilio.catalog.commit.Change;
import io.lilio.catalog.commit.Fate;
import io.lilio.catalog.commit.RefusedReason;
import io.lilio.catalog.commit.Step;
import io.lilio.catalog.upload.UploadLook.Address;
import io.lilio.metadata.Compare;
import io.lilio.metadata.Txn;
import io.lilio.metadata.Write;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Begins an upload. */
record CreateChange(BucketReads reads, Address address, Upload upload) implements Change<Upload> {

    @Override
    public Step<Upload> decide() {
        UploadLook look = UploadLook.at(reads, address).orElse(null);
        if (look == null) {
            return new Step.Refuse<>(RefusedReason.NO_SUCH_BUCKET);
        }
        StoredUpload stored = new StoredUpload(upload, Optional.empty(), 0);
        return new Step.Apply<>(
                Txn.Purpose.GROW,
                List.of(look.sameBucket(), new Compare.Absent(address.recordKey())),
                List.of(new Write.Put(address.recordKey(), UploadRecords.encode(stored))),
                OptionalLong.empty(),
                upload);
    }

    /** Nobody else knows the upload's id yet, but its bucket may have gone. */
    @Override
    public Fate fate(Step.Apply<Upload> sent) {
        boolean there = UploadLook.at(reads, address).flatMap(UploadLook::stored).isPresent();
        return there ? Fate.APPLIED : Fate.UNPROVEN;
    }
}
