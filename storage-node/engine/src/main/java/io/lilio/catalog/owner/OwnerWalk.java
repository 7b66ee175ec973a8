package io.lilio.catalog.owner;

import io.lilio.metadata.Bytes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Walks over every record that owns blobs, in bounded pages, in the order heads, versions, parts,
 * trash: ownership only ever moves in that direction, so a blob that is owned throughout the walk
 * is met at least once, whatever happens meanwhile. Thread-safe.
 */
public interface OwnerWalk {

    /**
     * The next page.
     *
     * @param after where the page before ended, or null to begin
     * @param limit records to look at, 1 to 10,000
     */
    Page next(@Nullable Cursor after, int limit);

    /** A place in the walk; may be stored and used by another process. */
    record Cursor(Bytes key) {}

    /**
     * A page.
     *
     * @param blobs what the records of this page own
     * @param usage objects and bytes of the versions on this page, by bucket
     * @param next where to go on; empty when the walk is complete
     * @param revision the revision that the page shows
     */
    record Page(
            List<OwnedBlob> blobs,
            Map<UUID, io.lilio.catalog.usage.Usage> usage,
            Optional<Cursor> next,
            long revision) {}
}
