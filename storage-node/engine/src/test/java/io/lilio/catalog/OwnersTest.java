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
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

    /** What may happen to a blob that stays owned. */
    enum Move {
        NOTHING,
        DELETED,
        OVERWRITTEN,
        /** From the head to the versions. */
        KEPT_AS_A_VERSION,
        VERSION_DELETED,
        PART_REPLACED,
        UPLOAD_ABORTED,
        UPLOAD_COMPLETED,
        UPLOAD_COMPLETED_WITHOUT_IT
    }

    /** Rules GC_HEADS_BEFORE_VERSIONS, GC_READS_TRASH_LAST. */
    @ParameterizedTest
    @EnumSource
    void aBlobThatMovesBetweenAnyTwoPagesOfTheWalkIsMet(Move move) {
        boolean over = false;
        for (int page = 0; !over; page++) {
            try (CatalogFixture one = CatalogFixture.create()) {
                Moving moving = new Moving(one, move);
                OwnerWalk walk = one.catalog.ownerWalk();
                List<BlobRef> met = new ArrayList<>();
                Optional<OwnerWalk.Cursor> next = Optional.empty();
                int pages = 0;
                do {
                    if (pages++ == page) {
                        moving.act();
                    }
                    OwnerWalk.Page found = walk.next(next.orElse(null), 1);
                    found.blobs().forEach(owned -> met.add(owned.blob()));
                    next = found.next();
                } while (next.isPresent());
                over = pages <= page;
                assertThat(met).as("%s before page %d", move, page).contains(moving.blob);
            }
        }
    }

    /** A blob among others, and what happens to it. */
    private static final class Moving {

        private final CatalogFixture fixture;
        private final Move move;
        private final Upload upload;
        private final Part part;
        private final Part otherPart;
        private final BlobRef blob;

        Moving(CatalogFixture fixture, Move move) {
            this.fixture = fixture;
            this.move = move;
            fixture.putBlob("a");
            BlobRef object = fixture.putBlob("b");
            fixture.putBlob("c");
            fixture.putBlob("c"); // so there is trash
            upload = fixture.beginUpload("u");
            part = fixture.putPart(upload, 1, 1);
            otherPart = fixture.putPart(upload, 2, 1);
            if (move == Move.KEPT_AS_A_VERSION || move == Move.VERSION_DELETED) {
                fixture.versioning(Versioning.ENABLED);
                fixture.putBlob("a");
                fixture.putBlob("c");
            }
            blob =
                    switch (move) {
                        case NOTHING, DELETED, OVERWRITTEN, KEPT_AS_A_VERSION -> object;
                        case VERSION_DELETED -> fixture.putBlob("b");
                        case PART_REPLACED,
                                UPLOAD_ABORTED,
                                UPLOAD_COMPLETED,
                                UPLOAD_COMPLETED_WITHOUT_IT ->
                                part.blob();
                    };
        }

        void act() {
            switch (move) {
                case NOTHING -> {}
                case DELETED -> fixture.delete("b");
                case OVERWRITTEN, KEPT_AS_A_VERSION -> fixture.putBlob("b");
                case VERSION_DELETED -> fixture.delete("b", fixture.find("b").orElseThrow().id());
                case PART_REPLACED -> fixture.putPart(upload, 1, 2);
                case UPLOAD_ABORTED -> fixture.abort(upload).orThrow();
                case UPLOAD_COMPLETED -> fixture.complete(upload, part);
                case UPLOAD_COMPLETED_WITHOUT_IT -> fixture.complete(upload, otherPart);
            }
        }
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
