package io.lilio.catalog.owner;

import io.lilio.catalog.Keys;
import io.lilio.catalog.Scan;
import io.lilio.catalog.content.BlobRef;
import io.lilio.catalog.content.Content;
import io.lilio.catalog.content.ContentRecords;
import io.lilio.catalog.content.Part;
import io.lilio.catalog.object.Head;
import io.lilio.catalog.object.ObjectRecords;
import io.lilio.catalog.object.ObjectVersion;
import io.lilio.catalog.trash.TrashEntry;
import io.lilio.catalog.trash.TrashRecords;
import io.lilio.chunk.BlobId;
import io.lilio.chunk.ChunkOwner;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.ScanPage;
import io.lilio.metadata.ViewExpiredException;
import java.util.List;
import java.util.Optional;

/**
 * Finds the record that owns a chunk. Thread-safe.
 *
 * <p>Everything is read at one revision. That alone makes the answer true at that revision; so does
 * the order, should a store not hold a view that long and the look-up be done in several: ownership
 * moves from head to versions to trash, never back, and is looked for in that order. "None" also
 * has to stay true: it does once the chunk's writer can commit no more, which the caller checks
 * first (its session is dead or its mark has passed the chunk's opening revision).
 */
public final class OwnerLookup {

    private static final int PAGE = 256;

    private final MetadataStore store;

    public OwnerLookup(MetadataStore store) {
        this.store = store;
    }

    /**
     * Who owns a blob, linearizable.
     *
     * @param claimed where the chunk's header says that the record is
     * @throws MetadataUnavailableException when it cannot be told
     */
    public Owner find(ChunkOwner claimed, BlobId blob) {
        try (ReadView view = store.view()) {
            return switch (claimed) {
                case ChunkOwner.OfObject object -> ofObject(view, object, blob);
                case ChunkOwner.OfPart part -> ofPart(view, part, blob);
            };
        } catch (ViewExpiredException e) {
            throw new MetadataUnavailableException("a look-up of an owner took too long", e);
        }
    }

    private static Owner ofObject(ReadView view, ChunkOwner.OfObject object, BlobId blob) {
        List<Optional<KeyValue>> read =
                view.read(List.of(Keys.head(object.bucket(), object.key()), Keys.trashedBlob(blob)))
                        .values();
        Optional<Owner> owner =
                read.get(0)
                        .map(ObjectRecords::decodeHead)
                        .flatMap(OwnerLookup::manifestOf)
                        .flatMap(version -> owns(version, blob));
        if (owner.isEmpty()) {
            owner = read.get(1).flatMap(OwnerLookup::trashed);
        }
        return owner.orElseGet(() -> amongVersions(view, object, blob));
    }

    private static Optional<ObjectVersion> manifestOf(Head head) {
        return head.current() instanceof Head.Itself(ObjectVersion version)
                ? Optional.of(version)
                : Optional.empty();
    }

    private static Owner amongVersions(ReadView view, ChunkOwner.OfObject object, BlobId blob) {
        KeyRange range = Keys.versions(object.bucket(), object.key());
        KeyRange rest = range;
        while (true) {
            ScanPage page = view.scan(rest, PAGE);
            for (KeyValue stored : page.entries()) {
                Optional<Owner> owner = owns(ObjectRecords.decodeVersion(stored), blob);
                if (owner.isPresent()) {
                    return owner.get();
                }
            }
            if (page.complete()) {
                return new Owner.None();
            }
            rest = Scan.after(page, range);
        }
    }

    private static Optional<Owner> owns(ObjectVersion version, BlobId blob) {
        return version.content().orElse(null) instanceof Content.Blob(BlobRef owned)
                        && owned.id().equals(blob)
                ? Optional.of(new Owner.Live(owned))
                : Optional.empty();
    }

    private static Owner ofPart(ReadView view, ChunkOwner.OfPart claimed, BlobId blob) {
        List<Optional<KeyValue>> read =
                view.read(
                                List.of(
                                        Keys.part(claimed.upload(), claimed.part()),
                                        Keys.trashedUpload(claimed.upload()),
                                        Keys.trashedLeftovers(claimed.upload()),
                                        Keys.trashedBlob(blob)))
                        .values();
        Optional<Part> part =
                read.get(0)
                        .map(ContentRecords::decodePart)
                        .filter(stored -> stored.blob().id().equals(blob));
        if (part.isEmpty()) { // replaced by another upload of the same part, or never committed
            return read.get(3).flatMap(OwnerLookup::trashed).orElseGet(Owner.None::new);
        }
        boolean thrownAway =
                read.get(1).isPresent()
                        || read.get(2)
                                .map(TrashRecords::decode)
                                .filter(entry -> isLeftover(entry, claimed.part()))
                                .isPresent();
        BlobRef owned = part.get().blob();
        return thrownAway ? new Owner.Trashed(owned) : new Owner.Live(owned);
    }

    private static boolean isLeftover(TrashEntry entry, int part) {
        return entry instanceof TrashEntry.OfLeftovers leftovers
                && !leftovers.kept().contains(part);
    }

    private static Optional<Owner> trashed(KeyValue stored) {
        return TrashRecords.decode(stored) instanceof TrashEntry.OfBlob entry
                ? Optional.of(new Owner.Trashed(entry.blob()))
                : Optional.empty();
    }
}
