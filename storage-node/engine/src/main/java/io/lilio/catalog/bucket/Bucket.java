package io.lilio.catalog.bucket;

import io.lilio.ObjectStoreException;
import io.lilio.catalog.commit.RefusedReason;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A bucket as it was at some revision.
 *
 * @param id its identity; a name can be used again, an id never
 * @param chunkSize bytes of payload per chunk for new blobs
 * @param owner who created it
 * @param managedBy who makes and removes it through the admin API, as that one calls itself; empty:
 *     nobody, so that S3 clients may
 * @param createRevision the revision at which the record was created
 * @param modRevision the revision at which the record was last written (versioning changed)
 */
public record Bucket(
        UUID id,
        String name,
        Instant created,
        Versioning versioning,
        int chunkSize,
        String owner,
        String managedBy,
        long createRevision,
        long modRevision) {

    Bucket with(Versioning changed) {
        return new Bucket(
                id,
                name,
                created,
                changed,
                chunkSize,
                owner,
                managedBy,
                createRevision,
                modRevision);
    }

    Bucket withManager(String changed) {
        return new Bucket(
                id,
                name,
                created,
                versioning,
                chunkSize,
                owner,
                changed,
                createRevision,
                modRevision);
    }

    /**
     * Does nothing when it belongs to somebody in the admin API.
     *
     * @throws ObjectStoreException {@code BUCKET_OWNED_BY_ANOTHER} when it does not
     */
    public void requireManagedBy(String manager) {
        refusalOf(manager)
                .ifPresent(
                        reason -> {
                            throw reason.asException();
                        });
    }

    /** Why somebody may not change or remove it, if so; who has no name is nobody's manager. */
    Optional<RefusedReason> refusalOf(String manager) {
        if (managedBy.equals(manager)) {
            return Optional.empty();
        }
        return Optional.of(
                managedBy.isEmpty()
                        ? RefusedReason.BUCKET_OWNED_BY_NOBODY
                        : RefusedReason.BUCKET_OWNED_BY_ANOTHER);
    }
}
