package io.lilio.catalog.trash;

import io.lilio.catalog.Keys;
import io.lilio.catalog.Scan;
import io.lilio.catalog.content.ContentRecords;
import io.lilio.catalog.content.Part;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.Compare;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.ScanPage;
import io.lilio.metadata.Txn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The trash, for the sweeper. Thread-safe. All throw {@link MetadataUnavailableException} when the
 * metadata do not answer; a removal whose answer was lost throws it too and may be repeated: it is
 * bound to the entry as it was read, and what was thrown away is never used again.
 */
public final class TrashBin {

    private static final int PAGE = 1_000;

    /** Entries of one transaction. */
    private static final int MOST_REMOVED = 64;

    private final MetadataStore store;

    public TrashBin(MetadataStore store) {
        this.store = store;
    }

    /** A place in the trash. */
    public record Cursor(Bytes key) {}

    /**
     * A page.
     *
     * @param next where to go on; empty when this was the last page
     */
    public record Page(List<TrashEntry> entries, Optional<Cursor> next) {}

    /**
     * A page of trash in order of cursors.
     *
     * @param after where the page before ended, or null
     * @param limit 1 to 10,000
     */
    public Page list(@Nullable Cursor after, int limit) {
        KeyRange all = Keys.allTrash();
        KeyRange rest = after == null ? all : new KeyRange(after.key().next(), all.to());
        try (ReadView view = store.view()) {
            ScanPage page = view.scan(rest, limit);
            return new Page(
                    page.entries().stream().map(TrashRecords::decode).toList(),
                    page.complete()
                            ? Optional.empty()
                            : Optional.of(new Cursor(page.entries().getLast().key())));
        }
    }

    /** The number of entries, counted by a scan; for metrics, now and then. */
    public long count() {
        long[] count = {0};
        try (ReadView view = store.view()) {
            Scan.all(view, Keys.allTrash(), PAGE, stored -> count[0]++);
        }
        return count[0];
    }

    /** An entry again, linearizable: empty when it was removed (or replaced) since. */
    public Optional<TrashEntry> reread(TrashEntry entry) {
        return store.read(List.of(keyOf(entry)))
                .get(0)
                .filter(stored -> stored.modRevision() == entry.revision())
                .map(TrashRecords::decode);
    }

    /**
     * Parts that an upload's or leftovers entry owns, in order of part numbers; none for a blob's.
     *
     * @param after number of the last part seen, or 0
     * @param limit 1 to 1,000
     */
    public List<Part> parts(TrashEntry entry, int after, int limit) {
        return switch (entry) {
            case TrashEntry.OfBlob blob -> List.of();
            case TrashEntry.OfUpload upload -> parts(entry, upload.upload(), after, limit);
            case TrashEntry.OfLeftovers leftovers ->
                    parts(entry, leftovers.kept().upload(), after, limit);
        };
    }

    private List<Part> parts(TrashEntry entry, UUID upload, int after, int limit) {
        List<Part> parts = new ArrayList<>();
        KeyRange range = Keys.parts(upload, after);
        KeyRange rest = range;
        try (ReadView view = store.view()) {
            while (true) {
                ScanPage page = view.scan(rest, limit);
                for (KeyValue stored : page.entries()) {
                    if (owns(entry, Keys.partNumberOf(stored.key()))) {
                        parts.add(ContentRecords.decodePart(stored));
                    }
                    if (parts.size() == limit) {
                        return parts;
                    }
                }
                if (page.complete()) {
                    return parts;
                }
                rest = Scan.after(page, range);
            }
        }
    }

    private static boolean owns(TrashEntry entry, int part) {
        return switch (entry) {
            case TrashEntry.OfBlob blob -> false;
            case TrashEntry.OfUpload upload -> true;
            case TrashEntry.OfLeftovers leftovers -> !leftovers.kept().contains(part);
        };
    }

    /**
     * Removes the records of parts whose chunks are gone, as long as the entry is there.
     *
     * @param numbers 1 to 100 of the numbers that {@link #parts} gave
     * @return false when the entry is not there any more
     */
    public boolean removeParts(TrashEntry entry, List<Integer> numbers) {
        UUID upload =
                switch (entry) {
                    case TrashEntry.OfBlob blob ->
                            throw new IllegalArgumentException("a blob has no parts");
                    case TrashEntry.OfUpload(var bucket, var key, var revision, UUID id) -> id;
                    case TrashEntry.OfLeftovers leftovers -> leftovers.kept().upload();
                };
        Txn.Builder txn = Txn.upkeep().when(unchanged(entry));
        for (int number : numbers) {
            if (!owns(entry, number)) {
                throw new IllegalArgumentException("part " + number + " is not in the trash");
            }
            txn.delete(Keys.part(upload, number));
        }
        return applied(txn);
    }

    /**
     * Removes an entry when all its chunks are gone; for uploads, when all its part records are.
     *
     * @return false when it was not there any more
     * @throws IllegalStateException when parts are left
     */
    public boolean remove(TrashEntry entry) {
        if (!parts(entry, 0, 1).isEmpty()) {
            throw new IllegalStateException("parts are left of " + entry);
        }
        Txn.Builder txn = Txn.upkeep().when(unchanged(entry)).delete(keyOf(entry));
        if (entry instanceof TrashEntry.OfUpload(var bucket, var key, var revision, UUID upload)) {
            txn.when(new Compare.RangeEmpty(Keys.parts(upload, 0)));
            txn.delete(Keys.completed(upload));
        }
        return applied(txn);
    }

    /**
     * Removes entries of blobs whose chunks are gone, many in a transaction.
     *
     * @return how many of them were there still
     */
    public int removeBlobs(List<TrashEntry.OfBlob> entries) {
        int removed = 0;
        for (int from = 0; from < entries.size(); from += MOST_REMOVED) {
            int to = Math.min(from + MOST_REMOVED, entries.size());
            removed += removeTogether(entries.subList(from, to));
        }
        return removed;
    }

    private int removeTogether(List<TrashEntry.OfBlob> entries) {
        Txn.Builder txn = Txn.upkeep();
        for (TrashEntry.OfBlob entry : entries) {
            txn.when(unchanged(entry)).delete(keyOf(entry));
        }
        if (applied(txn)) {
            return entries.size();
        }
        // Some are gone already: another sweeper is at them, which seldom is.
        return entries.size() == 1 ? 0 : (int) entries.stream().filter(this::remove).count();
    }

    private static Compare unchanged(TrashEntry entry) {
        return new Compare.ModRevision(keyOf(entry), entry.revision());
    }

    private boolean applied(Txn.Builder txn) {
        return switch (store.commit(txn.build())) {
            case CommitResult.Committed committed -> true;
            case CommitResult.Refused refused -> false;
            case CommitResult.Unknown(Throwable cause) ->
                    throw new MetadataUnavailableException(
                            "the answer to a removal from the trash was lost", cause);
        };
    }

    private static Bytes keyOf(TrashEntry entry) {
        return switch (entry) {
            case TrashEntry.OfBlob blob -> Keys.trashedBlob(blob.blob().id());
            case TrashEntry.OfUpload upload -> Keys.trashedUpload(upload.upload());
            case TrashEntry.OfLeftovers leftovers ->
                    Keys.trashedLeftovers(leftovers.kept().upload());
        };
    }
}
