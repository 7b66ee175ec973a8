package io.lilio.catalog.object;

import io.lilio.catalog.bucket.Bucket;
import io.lilio.catalog.commit.CommitOutcome;
import io.lilio.metadata.session.InFlight;

/**
 * The objects: looked up linearizably, changed in one transaction each. Thread-safe.
 *
 * <p>Callers join their session's in-flight set before the first call and stay in it as long as
 * they use what they found. Look-ups throw {@link io.lilio.ObjectStoreException} {@code
 * NO_SUCH_BUCKET}; {@link io.lilio.metadata.MetadataUnavailableException} when the metadata do not
 * answer. Changes answer with a {@link CommitOutcome}, whatever happened. Internal conflicts are
 * retried with the conditions evaluated anew and never surface.
 */
public interface ObjectIndex {

    /** The current version, which may be a delete marker. */
    Found find(String bucket, String key);

    /** One version, which may be a delete marker. */
    Found find(String bucket, String key, VersionId version);

    /**
     * Makes an object the current version of its key. What it replaces goes to the trash in the
     * same transaction.
     *
     * @param bucket as it was when the blob was opened; only its identity has to hold still
     * @param request the in-flight request, which stays held while the outcome is unknown
     */
    CommitOutcome<Stored> put(
            InFlight request, Bucket bucket, String key, Draft draft, Conditions conditions);

    /**
     * Replaces the attributes of the current version in place: its blobs stay, sequence number and
     * time are new.
     *
     * @param source the version that was looked at; another current one is refused with {@code
     *     SOURCE_CHANGED}, one that has to stay beside the new one with {@code NEEDS_COPY}
     */
    CommitOutcome<Stored> rewrite(
            InFlight request,
            Bucket bucket,
            ObjectVersion source,
            Attributes attributes,
            Conditions conditions);

    /** Deletes the current version: for good, or by a delete marker where versions are kept. */
    CommitOutcome<Deleted> delete(
            InFlight request, Bucket bucket, String key, Conditions conditions);

    /**
     * Deletes one version for good; the next newest becomes current. One that does not exist is no
     * error.
     */
    CommitOutcome<Deleted> delete(
            InFlight request, Bucket bucket, String key, VersionId version, Conditions conditions);
}
