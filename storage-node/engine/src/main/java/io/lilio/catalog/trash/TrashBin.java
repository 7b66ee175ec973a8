package io.lilio.catalog.trash;

import io.lilio.catalog.content.Part;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The trash, for the sweeper. Thread-safe. All throw {@link
 * io.lilio.metadata.MetadataUnavailableException} when the metadata do not answer; a removal whose
 * answer was lost throws it too and may be repeated.
 */
public interface TrashBin {

    /**
     * A page of trash in order of cursors.
     *
     * @param after the last entry's cursor of the page before, or null
     * @param limit 1 to 1,000
     */
    Page list(@Nullable Cursor after, int limit);

    /** The number of records, counted by a scan; for metrics, now and then. */
    long count();

    /** A place in the trash. */
    record Cursor(io.lilio.metadata.Bytes key) {}

    /**
     * A page.
     *
     * @param next where to go on; empty when this was the last page
     */
    record Page(List<TrashEntry> entries, Optional<Cursor> next) {}

    /** An entry again, linearizable: empty when it was removed (or replaced) since. */
    Optional<TrashEntry> reread(TrashEntry entry);

    /**
     * Parts that an upload's or leftovers entry owns, in order of part numbers; none for a blob's.
     *
     * @param after number of the last part seen, or 0
     * @param limit 1 to 1,000
     */
    List<Part> parts(TrashEntry entry, int after, int limit);

    /**
     * Removes the records of parts whose chunks are gone, as long as the entry is there.
     *
     * @param numbers 1 to 100 of the numbers that {@link #parts} gave
     * @return false when the entry is not there any more
     */
    boolean removeParts(TrashEntry entry, List<Integer> numbers);

    /**
     * Removes an entry when all its chunks are gone; for uploads, when all its part records are.
     *
     * @return false when it was not there any more
     * @throws IllegalStateException when parts are left
     */
    boolean remove(TrashEntry entry);
}
