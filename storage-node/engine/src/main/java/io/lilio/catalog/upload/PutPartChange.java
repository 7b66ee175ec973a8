package io.lilio.catalog.upload;

import io.lilio.catalog.Keys;
import io.lilio.catalog.bucket.BucketReads;
import io.lilio.catalog.commit.Change;
import io.lilio.catalog.commit.Commits;
import io.lilio.catalog.commit.Fate;
import io.lilio.catalog.commit.RefusedReason;
import io.lilio.catalog.commit.Step;
import io.lilio.catalog.content.BlobRef;
import io.lilio.catalog.content.ContentRecords;
import io.lilio.catalog.content.Part;
import io.lilio.catalog.trash.TrashRecords;
import io.lilio.catalog.upload.UploadLook.Address;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.Compare;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.Txn;
import io.lilio.metadata.Write;
import io.lilio.metadata.session.InFlight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes a part known while its upload is open; the blob of an earlier one goes to the trash. */
final class PutPartChange implements Change<Part> {

    private final Commits commits;
    private final BucketReads reads;
    private final Unsealing unsealing;
    private final Address address;
    private final Part part;
    private final Bytes partKey;
    private final long tag;
    private Optional<KeyValue> before = Optional.empty();

    PutPartChange(
            Commits commits, BucketReads reads, Unsealing unsealing, Address address, Part part) {
        this.commits = commits;
        this.reads = reads;
        this.unsealing = unsealing;
        this.address = address;
        this.part = part;
        this.partKey = Keys.part(address.upload(), part.number());
        this.tag = commits.tag();
    }

    /** Opens again what a Complete that is no longer at work has left sealed. */
    record Unsealing(InFlight request, Seals seals) {}

    @Override
    public Step<Part> decide() {
        UploadLook look = UploadLook.at(reads, address, partKey).orElse(null);
        if (look == null) {
            return new Step.Refuse<>(RefusedReason.NO_SUCH_BUCKET);
        }
        if (look.stored().isEmpty()) {
            return new Step.Refuse<>(RefusedReason.NO_SUCH_UPLOAD);
        }
        StoredUpload stored = look.stored().get();
        if (stored.seal().isPresent()
                && !unsealing.seals().mayBeTakenOver(unsealing.request(), stored.seal().get())) {
            return new Step.Busy<>(RefusedReason.UPLOAD_SEALED);
        }
        before = look.others().getFirst();
        return apply(look, stored);
    }

    private Step<Part> apply(UploadLook look, StoredUpload stored) {
        List<Compare> compares = new ArrayList<>();
        compares.add(look.sameBucket());
        compares.add(UploadLook.unchanged(address, stored));
        compares.add(
                before.<Compare>map(old -> new Compare.ModRevision(partKey, old.modRevision()))
                        .orElseGet(() -> new Compare.Absent(partKey)));
        List<Write> writes = new ArrayList<>();
        writes.add(new Write.Put(partKey, ContentRecords.encode(part, tag)));
        if (stored.seal().isPresent()) {
            StoredUpload open = stored.with(Optional.empty());
            writes.add(new Write.Put(address.recordKey(), UploadRecords.encode(open)));
        }
        before.ifPresent(
                old -> {
                    BlobRef blob = ContentRecords.decodePart(old).blob();
                    writes.add(
                            TrashRecords.discard(
                                    address.bucket().id(), address.key(), blob, commits.now()));
                });
        return new Step.Apply<>(
                Txn.Purpose.GROW, compares, writes, OptionalLong.of(part.blob().epoch()), part);
    }

    @Override
    public Fate fate(Step.Apply<Part> sent) {
        Optional<KeyValue> now = commits.store().read(List.of(partKey)).get(0);
        if (now.isPresent() && ContentRecords.tagOfPart(now.get()) == tag) {
            return Fate.APPLIED;
        }
        boolean same =
                now.isPresent()
                        && before.isPresent()
                        && now.get().modRevision() == before.get().modRevision();
        return same ? Fate.NOT_APPLIED : Fate.UNPROVEN;
    }
}
