package io.lilio.catalog.object;

import io.lilio.digest.Checksum;
import java.time.Instant;
import java.util.Optional;

/**
 * All that a listing shows of a version.
 *
 * @param seq its place among the versions of its key: a greater one is newer
 * @param tag random; with {@code seq} it names this write and no other
 * @param nullVersion whether it is the null version
 * @param lastModified by the wall clock of the node that wrote it, to the millisecond
 * @param etag without quotes; empty for a delete marker
 * @param storageClass empty means STANDARD
 */
public record VersionSummary(
        long seq,
        long tag,
        boolean nullVersion,
        boolean deleteMarker,
        Instant lastModified,
        long size,
        String etag,
        Optional<String> storageClass,
        Optional<Checksum> checksum) {

    /** The id that clients see. */
    public VersionId id() {
        return nullVersion ? new VersionId.Null() : new VersionId.Numbered(seq, tag);
    }
}
