package io.lilio.catalog.upload;

import io.lilio.catalog.bucket.Bucket;
import io.lilio.catalog.bucket.BucketReads;
import io.lilio.catalog.commit.CommitOutcome;
import io.lilio.catalog.commit.CommitOutcome.Committed;
import io.lilio.catalog.commit.CommitOutcome.Refused;
import io.lilio.catalog.commit.CommitOutcome.Unknown;
import io.lilio.catalog.commit.Commits;
import io.lilio.catalog.commit.RefusedReason;
import io.lilio.catalog.content.Part;
import io.lilio.catalog.object.Draft;
import io.lilio.catalog.object.Stored;
import io.lilio.catalog.upload.UploadLook.Address;
import io.lilio.catalog.upload.Uploads.Completion;
import io.lilio.catalog.usage.UsageRecords;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.session.InFlight;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Completes uploads: seal by compare-and-set, judge the parts, one commit that compares the seal.
 * What fails before the commit opens the upload again; what cannot be opened again is taken over by
 * whoever needs it next (see {@link Seals}).
 */
final class Completer {

    private static final Logger log = LoggerFactory.getLogger(Completer.class);

    private final Commits commits;
    private final BucketReads reads;
    private final Seals seals;
    private final UsageRecords usage;

    Completer(Commits commits, BucketReads reads, Seals seals, UsageRecords usage) {
        this.commits = commits;
        this.reads = reads;
        this.seals = seals;
        this.usage = usage;
    }

    CommitOutcome<Stored> complete(
            InFlight request, Bucket bucket, Completion completion, Assembly assembly) {
        Address address = new Address(bucket, completion.key(), completion.upload());
        Seal seal = seals.begin(request);
        try {
            return switch (commits.run(
                    request, new SealChange(reads, seals, request, address, seal))) {
                case Refused<SealChange.Result>(RefusedReason reason) -> new Refused<>(reason);
                case Unknown<SealChange.Result>(Throwable cause) -> new Unknown<>(cause);
                case Committed<SealChange.Result>(SealChange.Result.Completed(Stored stored)) ->
                        new Committed<>(stored);
                case Committed<SealChange.Result>(SealChange.Result.Sealed(StoredUpload sealed)) ->
                        new Sealed(request, address, sealed).finish(completion, assembly);
            };
        } finally {
            seals.done(seal);
        }
    }

    /** An upload that this Complete has sealed. */
    private final class Sealed {

        private final InFlight request;
        private final Address address;
        private final StoredUpload stored;

        Sealed(InFlight request, Address address, StoredUpload stored) {
            this.request = request;
            this.address = address;
            this.stored = stored;
        }

        CommitOutcome<Stored> finish(Completion completion, Assembly assembly) {
            boolean open = false;
            try {
                CommitOutcome<Stored> outcome = commit(completion, assembly);
                open = outcome instanceof Refused;
                return outcome;
            } catch (RuntimeException e) { // judged unfit, or not read: nothing was sent
                open = true;
                throw e;
            } finally {
                if (open) {
                    unseal();
                }
            }
        }

        private CommitOutcome<Stored> commit(Completion completion, Assembly assembly) {
            SealedParts parts = SealedParts.of(address.upload(), allParts(), completion.listed());
            Assembly.Assembled assembled = assembly.assemble(stored.upload(), parts.parts());
            Draft draft =
                    new Draft(
                            parts.content(),
                            assembled.etag(),
                            stored.upload().attributes(),
                            assembled.checksum());
            CompleteChange.Job job =
                    new CompleteChange.Job(address, stored, parts, draft, completion.conditions());
            return commits.run(request, new CompleteChange(commits, reads, job))
                    .map(
                            counted -> {
                                usage.count(address.bucket().id(), counted.change());
                                return counted.value();
                            });
        }

        private List<Part> allParts() {
            try (ReadView view = commits.store().view()) {
                return StoredParts.all(view, address.upload());
            }
        }

        private void unseal() {
            CommitOutcome<Boolean> outcome =
                    commits.run(request, new UnsealChange(commits.store(), address, stored));
            if (!(outcome instanceof Committed)) {
                log.info("upload {} stays sealed until needed: {}", address.upload(), outcome);
            }
        }
    }
}
