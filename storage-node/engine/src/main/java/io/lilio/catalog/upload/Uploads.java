package io.lilio.catalog.upload;

import io.lilio.catalog.bucket.Bucket;
import io.lilio.catalog.commit.CommitOutcome;
import io.lilio.catalog.content.Part;
import io.lilio.catalog.object.Attributes;
import io.lilio.catalog.object.Conditions;
import io.lilio.catalog.object.Stored;
import io.lilio.metadata.session.InFlight;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Multipart uploads. Thread-safe. The rules of {@link io.lilio.catalog.object.ObjectIndex} about
 * in-flight requests, outcomes and exceptions hold here too.
 */
public interface Uploads {

    /** Begins an upload. */
    CommitOutcome<Upload> create(InFlight request, Bucket bucket, NewUpload upload);

    /**
     * What an upload begins with.
     *
     * @param initiator who asks
     */
    record NewUpload(
            String key,
            String initiator,
            Attributes attributes,
            Optional<Upload.ChecksumPlan> checksum) {}

    /**
     * An upload that is neither completed nor aborted; it may be sealed.
     *
     * @throws io.lilio.ObjectStoreException {@code NO_SUCH_BUCKET}, {@code NO_SUCH_UPLOAD}
     */
    FoundUpload find(String bucket, String key, UUID upload);

    /**
     * Makes a part known, in place of an earlier one with its number, whose blob goes to the trash.
     * Refused with {@code UPLOAD_SEALED} while a Complete is at work.
     */
    CommitOutcome<Part> putPart(InFlight request, Bucket bucket, Upload upload, PartDraft part);

    /**
     * Parts of an open upload.
     *
     * @param after number of the last part of the page before, or 0
     * @param limit 1 to 1,000
     * @throws io.lilio.ObjectStoreException {@code NO_SUCH_BUCKET}, {@code NO_SUCH_UPLOAD}
     */
    PartPage list(String bucket, String key, UUID upload, int after, int limit);

    /**
     * Parts of a completed upload, for reading its object: consecutive numbers, in order. They do
     * not change as long as the caller has been in flight since it found the object.
     *
     * @param count 1 to 128
     * @throws io.lilio.ObjectStoreException {@code INTERNAL} when one is missing
     */
    List<Part> parts(UUID upload, int firstPart, int count);

    /**
     * Completes an upload: seals it, has the listed parts judged, and makes the object the current
     * version of its key, all at once. Parts that are not listed go to the trash. An upload that
     * was completed already gets the same answer again for as long as its object exists. Whatever
     * refuses it (conditions, parts) leaves the upload open.
     *
     * @param listed by ascending part number
     * @throws io.lilio.ObjectStoreException {@code INVALID_PART} when a listed part does not exist
     *     or has another etag, {@code INVALID_PART_ORDER}, and what {@code assembly} throws
     */
    CommitOutcome<Stored> complete(
            InFlight request, Bucket bucket, Completion completion, Assembly assembly);

    /** What to complete. */
    record Completion(String key, UUID upload, List<ListedPart> listed, Conditions conditions) {}

    /**
     * A part as the client lists it.
     *
     * @param etag without quotes
     */
    record ListedPart(int number, String etag) {}

    /**
     * Ends an upload; its parts go to the trash. A Complete at work is refused.
     *
     * @return refused with {@code NO_SUCH_UPLOAD} when it is not open (any more)
     */
    CommitOutcome<UUID> abort(InFlight request, Bucket bucket, String key, UUID upload);
}
