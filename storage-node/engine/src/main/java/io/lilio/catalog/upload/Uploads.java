package io.lilio.catalog.upload;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.Keys;
import io.lilio.catalog.bucket.Bucket;
import io.lilio.catalog.bucket.BucketRead;
import io.lilio.catalog.bucket.BucketReads;
import io.lilio.catalog.commit.CommitOutcome;
import io.lilio.catalog.commit.Commits;
import io.lilio.catalog.commit.RefusedReason;
import io.lilio.catalog.content.ContentRecords;
import io.lilio.catalog.content.Part;
import io.lilio.catalog.object.Attributes;
import io.lilio.catalog.object.Conditions;
import io.lilio.catalog.object.Stored;
import io.lilio.catalog.upload.UploadLook.Address;
import io.lilio.catalog.usage.UsageRecords;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.session.InFlight;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Multipart uploads. Thread-safe. The rules of {@link io.lilio.catalog.object.ObjectIndex} about
 * in-flight requests, outcomes and exceptions hold here too.
 */
public final class Uploads {

    private final Commits commits;
    private final BucketReads reads;
    private final Seals seals;
    private final Completer completer;

    public Uploads(Commits commits, BucketReads reads, UsageRecords usage) {
        this.commits = commits;
        this.reads = reads;
        this.seals = new Seals(commits);
        this.completer = new Completer(commits, reads, seals, usage);
    }

    /**
     * What an upload begins with.
     *
     * @param initiator who asks
     * @param checksum what the client will send with its parts, if it said so
     */
    public record NewUpload(
            String key,
            String initiator,
            Attributes attributes,
            Optional<Upload.ChecksumPlan> checksum) {}

    /** Begins an upload. */
    public CommitOutcome<Upload> create(InFlight request, Bucket bucket, NewUpload wanted) {
        Instant now = commits.now();
        UUID id = UploadId.create(now, commits.tag(), commits.tag());
        Upload upload =
                new Upload(
                        id,
                        bucket.id(),
                        wanted.key(),
                        now,
                        wanted.initiator(),
                        wanted.attributes(),
                        wanted.checksum());
        Address address = new Address(bucket, wanted.key(), id);
        return commits.run(request, new CreateChange(reads, address, upload));
    }

    /**
     * An upload that is neither completed nor aborted; it may be sealed.
     *
     * @throws ObjectStoreException {@code NO_SUCH_BUCKET}, {@code NO_SUCH_UPLOAD}
     */
    public FoundUpload find(String bucket, String key, UUID upload) {
        BucketRead read = reads.read(bucket, id -> List.of(Keys.upload(id, key, upload)));
        return new FoundUpload(read.bucket(), decode(read.get(0)));
    }

    private static Upload decode(Optional<KeyValue> stored) {
        return stored.map(UploadRecords::decodeUpload)
                .orElseThrow(RefusedReason.NO_SUCH_UPLOAD::asException);
    }

    /**
     * Makes a part known, in place of an earlier one with its number, whose blob goes to the trash.
     * Waits a little while a Complete is at work, and is then refused with {@code UPLOAD_SEALED}.
     */
    public CommitOutcome<Part> putPart(
            InFlight request, Bucket bucket, Upload upload, PartDraft draft) {
        Part part =
                new Part(
                        draft.number(),
                        draft.blob(),
                        draft.etag(),
                        commits.now(),
                        draft.checksum());
        PutPartChange.Unsealing unsealing = new PutPartChange.Unsealing(request, seals);
        Address address = new Address(bucket, upload.key(), upload.id());
        return commits.run(request, new PutPartChange(commits, reads, unsealing, address, part));
    }

    /**
     * Parts of an open upload.
     *
     * @param after number of the last part of the page before, or 0
     * @param limit 1 to 1,000
     * @throws ObjectStoreException {@code NO_SUCH_BUCKET}, {@code NO_SUCH_UPLOAD}
     */
    public PartPage list(String bucket, String key, UUID upload, int after, int limit) {
        try (ReadView view = commits.store().view()) {
            BucketRead read = reads.read(view, bucket, id -> List.of(Keys.upload(id, key, upload)));
            Upload found = decode(read.get(0));
            List<Part> parts = StoredParts.first(view, upload, after, limit + 1);
            boolean truncated = parts.size() > limit;
            return new PartPage(found, truncated ? parts.subList(0, limit) : parts, truncated);
        }
    }

    /**
     * Parts of a completed upload, for reading its object: consecutive numbers, in order. They do
     * not change as long as the caller has been in flight since it found the object.
     *
     * @param count 1 to 128
     * @throws ObjectStoreException {@code INTERNAL} when one is missing
     */
    public List<Part> parts(UUID upload, int firstPart, int count) {
        List<Bytes> keys = new ArrayList<>(count);
        for (int number = firstPart; number < firstPart + count; number++) {
            keys.add(Keys.part(upload, number));
        }
        List<Part> parts = new ArrayList<>(count);
        for (Optional<KeyValue> stored : commits.store().read(keys).values()) {
            parts.add(
                    stored.map(ContentRecords::decodePart)
                            .orElseThrow(
                                    () ->
                                            new ObjectStoreException(
                                                    Kind.INTERNAL,
                                                    "A part of upload "
                                                            + upload
                                                            + " is missing.")));
        }
        return parts;
    }

    /**
     * Completes an upload: seals it, has the listed parts judged, and makes the object the current
     * version of its key, all at once. Parts that are not listed go to the trash. An upload that
     * was completed already gets the same answer again for as long as its object exists. Whatever
     * refuses it (conditions, parts) leaves the upload open. While another Complete is at work this
     * one waits a little.
     *
     * @throws ObjectStoreException {@code INVALID_PART} when a listed part does not exist or has
     *     another etag, {@code INVALID_PART_ORDER}, and what {@code assembly} throws
     */
    public CommitOutcome<Stored> complete(
            InFlight request, Bucket bucket, Completion completion, Assembly assembly) {
        return completer.complete(request, bucket, completion, assembly);
    }

    /**
     * What to complete.
     *
     * @param listed by ascending part number
     */
    public record Completion(
            String key, UUID upload, List<ListedPart> listed, Conditions conditions) {

        public Completion {
            listed = List.copyOf(listed);
        }
    }

    /**
     * A part as the client lists it.
     *
     * @param etag without quotes
     */
    public record ListedPart(int number, String etag) {}

    /**
     * Ends an upload; its parts go to the trash. A Complete at work is refused.
     *
     * @return refused with {@code NO_SUCH_UPLOAD} when it is not open (any more)
     */
    public CommitOutcome<UUID> abort(InFlight request, Bucket bucket, String key, UUID upload) {
        return commits.run(
                request, new AbortChange(commits, reads, new Address(bucket, key, upload)));
    }
}
