package io.lilio.catalog.upload;

import io.lilio.catalog.Keys;
import io.lilio.catalog.bucket.BucketReads;
import io.lilio.catalog.commit.Change;
import io.lilio.catalog.commit.Commits;
import io.lilio.catalog.commit.Fate;
import io.lilio.catalog.commit.RefusedReason;
import io.lilio.catalog.commit.Step;
import io.lilio.catalog.object.Conditions;
import io.lilio.catalog.object.Counted;
import io.lilio.catalog.object.Draft;
import io.lilio.catalog.object.HeadLook;
import io.lilio.catalog.object.ObjectVersion;
import io.lilio.catalog.object.Stored;
import io.lilio.catalog.object.Succession;
import io.lilio.catalog.trash.TrashRecords;
import io.lilio.catalog.upload.UploadLook.Address;
import io.lilio.catalog.usage.Usage;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.Compare;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.Txn;
import io.lilio.metadata.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Turns a sealed upload into the current version of its key, in one transaction that compares the
 * seal: the upload's record goes, a record of how it ended comes, unlisted parts go to the trash.
 */
final class CompleteChange implements Change<Counted<Stored>> {

    /** What is to be made of which upload. */
    record Job(
            Address address,
            StoredUpload sealed,
            SealedParts parts,
            Draft draft,
            Conditions conditions) {}

    private final Commits commits;
    private final BucketReads reads;
    private final Job job;
    private final Bytes sealedValue;

    CompleteChange(Commits commits, BucketReads reads, Job job) {
        this.commits = commits;
        this.reads = reads;
        this.job = job;
        this.sealedValue = UploadRecords.encode(job.sealed());
    }

    @Override
    public Step<Counted<Stored>> decide() {
        Address address = job.address();
        List<Bytes> uploadKeys = List.of(address.recordKey(), Keys.completed(address.upload()));
        HeadLook look =
                HeadLook.at(reads, address.bucket(), address.key(), uploadKeys).orElse(null);
        if (look == null) {
            return new Step.Refuse<>(RefusedReason.NO_SUCH_BUCKET);
        }
        Optional<Stored> completed = look.others().get(1).flatMap(this::completed);
        if (completed.isPresent()) { // by another Complete, that had taken over
            return new Step.Done<>(new Counted<>(completed.get(), Usage.none()));
        }
        if (look.others().get(0).isEmpty()) {
            return new Step.Refuse<>(RefusedReason.NO_SUCH_UPLOAD);
        }
        if (!look.others().get(0).get().value().equals(sealedValue)) {
            return new Step.Refuse<>(RefusedReason.SUPERSEDED);
        }
        Optional<RefusedReason> unmet = job.conditions().refusal(look.currentObject());
        if (unmet.isPresent()) {
            return new Step.Refuse<>(unmet.get());
        }
        Instant now = commits.now();
        ObjectVersion fresh = job.draft().at(look, commits.tag(), now);
        return Succession.of(commits.store(), look, fresh)
                .<Step<Counted<Stored>>>map(succession -> apply(look, fresh, succession))
                .orElseGet(Step.Again::new);
    }

    private Step<Counted<Stored>> apply(HeadLook look, ObjectVersion fresh, Succession succession) {
        Address address = job.address();
        Stored stored = new Stored(fresh.summary(), look.bucket().versioning());
        List<Compare> compares = new ArrayList<>(look.unchanged());
        compares.add(new Compare.ValueEquals(address.recordKey(), sealedValue));
        List<Write> writes = new ArrayList<>(succession.writes());
        writes.add(new Write.Delete(address.recordKey()));
        writes.add(
                new Write.Put(
                        Keys.completed(address.upload()),
                        UploadRecords.encodeCompleted(look.bucket().id(), address.key(), stored)));
        if (job.parts().leftovers()) {
            writes.add(
                    TrashRecords.discardLeftovers(
                            look.bucket().id(),
                            address.key(),
                            job.parts().content(),
                            fresh.summary().lastModified()));
        }
        return new Step.Apply<>(
                Txn.Purpose.GROW,
                compares,
                writes,
                OptionalLong.empty(),
                new Counted<>(stored, succession.change()));
    }

    private Optional<Stored> completed(KeyValue stored) {
        return UploadRecords.completed(stored, job.address().bucket().id(), job.address().key());
    }

    /** An upload is completed once, and its end is remembered while this request holds its mark. */
    @Override
    public Fate fate(Step.Apply<Counted<Stored>> sent) {
        Address address = job.address();
        List<Optional<KeyValue>> now =
                commits.store()
                        .read(List.of(address.recordKey(), Keys.completed(address.upload())))
                        .values();
        if (now.get(0).isPresent()) {
            return Fate.NOT_APPLIED;
        }
        Optional<Stored> completed = now.get(1).flatMap(this::completed);
        if (completed.isEmpty()) {
            return Fate.UNPROVEN;
        }
        boolean ours = completed.get().equals(sent.result().value());
        return ours ? Fate.APPLIED : Fate.NOT_APPLIED;
    }
}
