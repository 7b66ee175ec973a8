package io.lilio.catalog.bucket;

import java.time.Instant;
import java.util.UUID;

/**
 * A bucket as it was at some revision.
 *
 * @param id its identity; a name can be used again, an id never
 * @param chunkSize bytes of payload per chunk for new blobs
 * @param owner who created it
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
        long createRevision,
        long modRevision) {

    Bucket with(Versioning changed) {
        return new Bucket(
                id, name, created, changed, chunkSize, owner, createRevision, modRevision);
    }
}
