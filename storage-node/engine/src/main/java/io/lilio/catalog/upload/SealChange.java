package io.lilio.catalog.upload;

import io.lilio.catalog.bucket.BucketReads;
import io.lilio.catalog.commit.Change;
import io.lilio.catalog.commit.Fate;
import io.lilio.catalog.commit.RefusedReason;
import io.lilio.catalog.commit.Step;
import io.lilio.catalog.object.Stored;
import io.lilio.catalog.upload.UploadLook.Address;
import io.lilio.metadata.Txn;
import io.lilio.metadata.Write;
import io.lilio.metadata.session.InFlight;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Seals an upload for one Complete; from then on its parts do not change. */
final class SealChange implements Change<SealChange.Result> {

    /** What a Complete finds. */
    sealed interface Result {

        /** Sealed by this one. */
        record Sealed(StoredUpload stored) implements Result {}

        /** Completed before: this was the answer. */
        record Completed(Stored stored) implements Result {}
    }

    private final BucketReads reads;
    private final Seals seals;
    private final InFlight request;
    private final Address address;
    private final Seal seal;

    SealChange(BucketReads reads, Seals seals, InFlight request, Address address, Seal seal) {
        this.reads = reads;
        this.seals = seals;
        this.request = request;
        this.address = address;
        this.seal = seal;
    }

    @Override
    public Step<Result> decide() {
        UploadLook look = UploadLook.at(reads, address).orElse(null);
        if (look == null) {
            return new Step.Refuse<>(RefusedReason.NO_SUCH_BUCKET);
        }
        if (look.completed().isPresent()) {
            return new Step.Done<>(new Result.Completed(look.completed().get()));
        }
        if (look.stored().isEmpty()) {
            return new Step.Refuse<>(RefusedReason.NO_SUCH_UPLOAD);
        }
        StoredUpload found = look.stored().get();
        if (found.seal().isPresent() && !seals.mayBeTakenOver(request, found.seal().get())) {
            return new Step.Busy<>(RefusedReason.UPLOAD_SEALED);
        }
        StoredUpload sealed = found.with(Optional.of(seal));
        return new Step.Apply<>(
                Txn.Purpose.UPKEEP,
                List.of(look.sameBucket(), UploadLook.unchanged(address, found)),
                List.of(new Write.Put(address.recordKey(), UploadRecords.encode(sealed))),
                OptionalLong.empty(),
                new Result.Sealed(sealed));
    }

    /** Not ours: whether it never was or somebody took over, the next decision sees. */
    @Override
    public Fate fate(Step.Apply<Result> sent) {
        boolean ours =
                UploadLook.at(reads, address)
                        .flatMap(UploadLook::stored)
                        .flatMap(StoredUpload::seal)
                        .filter(found -> found.tag() == seal.tag())
                        .isPresent();
        return ours ? Fate.APPLIED : Fate.NOT_APPLIED;
    }
}
