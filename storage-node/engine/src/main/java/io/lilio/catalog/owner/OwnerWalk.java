package io.lilio.catalog.owner;

import io.lilio.catalog.Keys;
import io.lilio.catalog.content.BlobRef;
import io.lilio.catalog.content.Content;
import io.lilio.catalog.content.ContentRecords;
import io.lilio.catalog.object.Head;
import io.lilio.catalog.object.ObjectRecords;
import io.lilio.catalog.object.ObjectVersion;
import io.lilio.catalog.trash.TrashEntry;
import io.lilio.catalog.trash.TrashRecords;
import io.lilio.catalog.usage.Usage;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.ScanPage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Walks over every record that owns blobs, in bounded pages, in the order heads, versions, parts,
 * trash. Each page shows the newest revision. Ownership moves only in that direction, within the
 * versions of a key not at all, and from part to trash: so a blob that is owned throughout the walk
 * is met at least once, whatever happens meanwhile. Thread-safe.
 */
public final class OwnerWalk {

    /** In the order of the walk. */
    private static final List<KeyRange> TABLES =
            List.of(Keys.allHeads(), Keys.allVersions(), Keys.allParts(), Keys.allTrash());

    private static final int VERSIONS = 1;
    private static final int PARTS = 2;

    private final MetadataStore store;

    public OwnerWalk(MetadataStore store) {
        this.store = store;
    }

    /** A place in the walk; may be stored and used by another process. */
    public record Cursor(Bytes key) {}

    /**
     * A page.
     *
     * @param blobs what the records of this page own
     * @param usage objects and bytes of the versions on this page, by bucket
     * @param next where to go on; empty when the walk is complete
     * @param revision the revision that the page shows
     */
    public record Page(
            List<OwnedBlob> blobs, Map<UUID, Usage> usage, Optional<Cursor> next, long revision) {}

    /**
     * The next page.
     *
     * @param after where the page before ended, or null to begin
     * @param limit records to look at, 1 to 10,000
     */
    public Page next(@Nullable Cursor after, int limit) {
        int table = after == null ? 0 : tableOf(after.key());
        KeyRange all = TABLES.get(table);
        KeyRange rest = after == null ? all : new KeyRange(after.key().next(), all.to());
        try (ReadView view = store.view()) {
            ScanPage page = view.scan(rest, limit);
            Finds finds = new Finds();
            page.entries().forEach(stored -> finds.look(table, stored));
            return new Page(
                    List.copyOf(finds.blobs),
                    Map.copyOf(finds.usage),
                    next(table, page),
                    view.revision());
        }
    }

    private static int tableOf(Bytes key) {
        for (int table = 0; table < TABLES.size(); table++) {
            if (TABLES.get(table).contains(key)) {
                return table;
            }
        }
        throw new IllegalArgumentException("no place in a walk over owners: " + key);
    }

    private static Optional<Cursor> next(int table, ScanPage page) {
        if (!page.complete()) {
            return Optional.of(new Cursor(page.entries().getLast().key()));
        }
        return table + 1 < TABLES.size()
                ? Optional.of(new Cursor(TABLES.get(table + 1).from())) // before its first key
                : Optional.empty();
    }

    /** What a page has. */
    private static final class Finds {

        private final List<OwnedBlob> blobs = new ArrayList<>();
        private final Map<UUID, Usage> usage = new HashMap<>();

        void look(int table, KeyValue stored) {
            if (table < VERSIONS) {
                if (ObjectRecords.decodeHead(stored).current()
                        instanceof Head.Itself(ObjectVersion version)) {
                    version(stored, version);
                }
            } else if (table < PARTS) {
                version(stored, ObjectRecords.decodeVersion(stored));
            } else if (table == PARTS) {
                blobs.add(new OwnedBlob(ContentRecords.decodePart(stored).blob(), false));
            } else if (TrashRecords.decode(stored) instanceof TrashEntry.OfBlob entry) {
                blobs.add(new OwnedBlob(entry.blob(), true));
            }
        }

        private void version(KeyValue stored, ObjectVersion version) {
            if (version.deleteMarker()) {
                return;
            }
            usage.merge(Keys.bucketOf(stored.key()), new Usage(1, version.size()), Usage::plus);
            if (version.content().orElse(null) instanceof Content.Blob(BlobRef blob)) {
                blobs.add(new OwnedBlob(blob, false));
            }
        }
    }
}
