package io.lilio.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.bucket.Versioning;
import io.lilio.catalog.content.BlobRef;
import io.lilio.catalog.content.Part;
import io.lilio.catalog.owner.OwnedBlob;
import io.lilio.catalog.owner.Owner;
import io.lilio.catalog.owner.OwnerWalk;
import io.lilio.catalog.trash.TrashEntry;
import io.lilio.catalog.upload.Upload;
import io.lilio.catalog.usage.Usage;
import io.lilio.chunk.ChunkOwner;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OwnersTest {

    private final CatalogFixture fixture = CatalogFixture.create();

    @AfterEach
    void close() {
        fixture.close();
    }

    private Owner ownerOf(String key, BlobRef blob) {
        ChunkOwner claimed = new ChunkOwner.OfObject(fixture.bucket().id(), key);
        return fixture.catalog.ownerLookup().find(claimed, blob.id());
    }

    private Owner ownerOf(Upload upload, int part, BlobRef blob) {
        ChunkOwner claimed =
                new ChunkOwner.OfPart(fixture.bucket().id(), upload.key(), upload.id(), part);
        return fixture.catalog.ownerLookup().find(claimed, blob.id());
    }

    @Test
    void aBlobIsOwnedByItsHeadThenByTheTrashThenByNobody() {
        BlobRef blob = fixture.blob(3);
        assertThat(ownerOf("k", blob)).isEqualTo(new Owner.None());
        fixture.put("k", fixture.ofBlob(blob));
        assertThat(ownerOf("k", blob)).isEqualTo(new Owner.Live(blob));
        assertThat(ownerOf("other", blob)).isEqualTo(new Owner.None());
        fixture.delete("k");
        assertThat(ownerOf("k", blob)).isEqualTo(new Owner.Trashed(blob));
        fixture.catalog.trash().remove(fixture.trash().getFirst());
        assertThat(ownerOf("k", blob)).isEqualTo(new Owner.None());
    }

    @Test
    void aBlobAmongManyVersionsIsFound() {
        fixture.versioning(Versioning.ENABLED);
        List<BlobRef> blobs = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            blobs.add(fixture.putBlob("k"));
        }
        assertThat(ownerOf("k", blobs.getFirst())).isEqualTo(new Owner.Live(blobs.getFirst()));
        assertThat(ownerOf("k", blobs.getLast())).isEqualTo(new Owner.Live(blobs.getLast()));
        assertThat(ownerOf("k", fixture.blob(1))).isEqualTo(new Owner.None());
    }

    @Test
    void aPartIsOwnedByItsRecordAndThenByTheTrash() {
        Upload upload = fixture.beginUpload("k");
        Part replaced = fixture.putPart(upload, 1, 1);
        Part kept = fixture.putPart(upload, 1, 2);
        Part leftover = fixture.putPart(upload, 2, 3);
        assertThat(ownerOf(upload, 1, replaced.blob()))
                .isEqualTo(new Owner.Trashed(replaced.blob()));
        assertThat(ownerOf(upload, 1, kept.blob())).isEqualTo(new Owner.Live(kept.blob()));
        fixture.complete(upload, kept);
        assertThat(ownerOf(upload, 1, kept.blob())).isEqualTo(new Owner.Live(kept.blob()));
        assertThat(ownerOf(upload, 2, leftover.blob()))
                .isEqualTo(new Owner.Trashed(leftover.blob()));
        fixture.delete("k");
        assertThat(ownerOf(upload, 1, kept.blob())).isEqualTo(new Owner.Trashed(kept.blob()));
        assertThat(ownerOf(upload, 2, fixture.blob(1))).isEqualTo(new Owner.None());
    }

    @Test
    void theWalkMeetsEveryOwnedBlobAndCountsUsage() {
        BlobRef nullVersion = fixture.putBlob("a");
        fixture.versioning(Versioning.ENABLED);
        BlobRef version = fixture.putBlob("a");
        BlobRef gone = fixture.blob(10);
        fixture.put("b", fixture.ofBlob(gone));
        fixture.delete("b", fixture.find("b").orElseThrow().id());
        fixture.put("c", CatalogFixture.inline("inline"));
        fixture.delete("c");
        Upload upload = fixture.beginUpload("d");
        Part part = fixture.putPart(upload, 1, 5);
        fixture.complete(upload, part);
        Upload open = fixture.beginUpload("e");
        Part openPart = fixture.putPart(open, 1, 5);

        assertThat(fixture.owned())
                .containsExactlyInAnyOrder(
                        new OwnedBlob(nullVersion, false),
                        new OwnedBlob(version, false),
                        new OwnedBlob(gone, true),
                        new OwnedBlob(part.blob(), false),
                        new OwnedBlob(openPart.blob(), false));
        assertThat(walkedUsage()).isEqualTo(new Usage(4, 10 + 10 + 6 + 5));
        assertThat(fixture.catalog.usage().of(fixture.bucket().id())).isEqualTo(walkedUsage());
    }

    private Usage walkedUsage() {
        Usage sum = Usage.none();
        OwnerWalk.Cursor cursor = null;
        do {
            OwnerWalk.Page page = fixture.catalog.ownerWalk().next(cursor, 2);
            sum = sum.plus(page.usage().getOrDefault(fixture.bucket().id(), Usage.none()));
            cursor = page.next().orElse(null);
        } while (cursor != null);
        return sum;
    }

    @Test
    void aBlobThatMovesAheadOfTheWalkIsMet() {
        BlobRef blob = fixture.putBlob("a");
        fixture.versioning(Versioning.ENABLED);
        OwnerWalk walk = fixture.catalog.ownerWalk();
        OwnerWalk.Page heads = walk.next(null, 100);
        assertThat(heads.blobs()).extracting(OwnedBlob::blob).containsExactly(blob);

        OwnerWalk.Cursor beforeHeads = new OwnerWalk.Cursor(Keys.allHeads().from());
        fixture.putBlob("a"); // moves the null version from the head to the versions
        List<BlobRef> met = new ArrayList<>();
        OwnerWalk.Page page = walk.next(beforeHeads, 100);
        while (page.next().isPresent()) {
            page = walk.next(page.next().get(), 1);
            page.blobs().forEach(owned -> met.add(owned.blob()));
        }
        assertThat(met).contains(blob);
    }

    @Test
    void anEntryReadAgainIsGoneWhenItWasSwept() {
        fixture.putBlob("k");
        fixture.delete("k");
        TrashEntry entry = fixture.trash().getFirst();
        assertThat(fixture.catalog.trash().reread(entry)).contains(entry);
        fixture.catalog.trash().remove(entry);
        assertThat(fixture.catalog.trash().reread(entry)).isEmpty();
    }
}
