package io.lilio.catalog;

import static io.lilio.catalog.BucketsTest.assertKind;
import static io.lilio.catalog.CatalogFixture.ASSEMBLY;
import static io.lilio.catalog.CatalogFixture.BUCKET;
import static io.lilio.catalog.CatalogFixture.assertRefused;
import static io.lilio.catalog.CatalogFixture.inline;
import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.commit.RefusedReason;
import io.lilio.catalog.content.BlobRef;
import io.lilio.catalog.content.Content;
import io.lilio.catalog.content.Part;
import io.lilio.catalog.content.PartRun;
import io.lilio.catalog.object.Conditions;
import io.lilio.catalog.object.ObjectVersion;
import io.lilio.catalog.object.Stored;
import io.lilio.catalog.trash.TrashBin;
import io.lilio.catalog.trash.TrashEntry;
import io.lilio.catalog.upload.Assembly;
import io.lilio.catalog.upload.Upload;
import io.lilio.catalog.upload.UploadId;
import io.lilio.catalog.usage.Usage;
import io.lilio.metadata.Txn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UploadsTest {

    private static final Assembly UNFIT =
            (upload, parts) -> {
                throw new ObjectStoreException(Kind.PART_TOO_SMALL, "too small");
            };

    private final CatalogFixture fixture = CatalogFixture.create();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void partsBecomeOneObjectNamedByTheirRuns() {
        Upload upload = fixture.beginUpload("k");
        Part one = fixture.putPart(upload, 1, 100);
        Part two = fixture.putPart(upload, 2, 100);
        Part five = fixture.putPart(upload, 5, 30);
        fixture.complete(upload, one, two, five);

        ObjectVersion object = fixture.find("k").orElseThrow();
        assertThat(object.content())
                .contains(
                        new Content.Multipart(
                                upload.id(),
                                List.of(new PartRun(1, 2, 100), new PartRun(5, 1, 30))));
        assertThat(object.size()).isEqualTo(230);
        assertThat(object.parts()).isEqualTo(3);
        assertThat(object.etag()).isEqualTo("etag-3");
        assertThat(fixture.catalog.uploads().parts(upload.id(), 1, 2)).containsExactly(one, two);
        assertThat(fixture.trash()).isEmpty();
        assertThat(fixture.catalog.usage().of(fixture.bucket().id())).isEqualTo(new Usage(1, 230));
    }

    @Test
    void anUploadIsFoundUntilItEnds() {
        Upload upload = fixture.beginUpload("k");
        assertThat(fixture.catalog.uploads().find(BUCKET, "k", upload.id()).upload())
                .isEqualTo(upload);
        assertKind(
                () -> fixture.catalog.uploads().find(BUCKET, "other", upload.id()),
                Kind.NO_SUCH_UPLOAD);
        fixture.abort(upload).orThrow();
        assertKind(
                () -> fixture.catalog.uploads().find(BUCKET, "k", upload.id()),
                Kind.NO_SUCH_UPLOAD);
    }

    @Test
    void aPartSentAgainReplacesTheFirst() {
        Upload upload = fixture.beginUpload("k");
        Part first = fixture.putPart(upload, 1, 10);
        Part second = fixture.putPart(upload, 1, 20);
        assertThat(fixture.trashedBlobs()).containsExactly(first.blob());
        assertThat(fixture.catalog.uploads().list(BUCKET, "k", upload.id(), 0, 10).parts())
                .containsExactly(second);
    }

    @Test
    void partsAreListedInPages() {
        Upload upload = fixture.beginUpload("k");
        for (int number : new int[] {3, 1, 2, 10_000}) {
            fixture.putPart(upload, number, number);
        }
        var page = fixture.catalog.uploads().list(BUCKET, "k", upload.id(), 0, 3);
        assertThat(page.parts()).extracting(Part::number).containsExactly(1, 2, 3);
        assertThat(page.truncated()).isTrue();
        var rest = fixture.catalog.uploads().list(BUCKET, "k", upload.id(), 3, 3);
        assertThat(rest.parts()).extracting(Part::number).containsExactly(10_000);
        assertThat(rest.truncated()).isFalse();
    }

    @Test
    void aPartOfAnUploadThatEndedIsRefused() {
        Upload aborted = fixture.beginUpload("k");
        fixture.abort(aborted).orThrow();
        assertRefused(
                fixture.tryPutPart(aborted, 1, fixture.blob(1)), RefusedReason.NO_SUCH_UPLOAD);
        Upload completed = fixture.beginUpload("k");
        fixture.complete(completed, fixture.putPart(completed, 1, 1));
        assertRefused(
                fixture.tryPutPart(completed, 2, fixture.blob(1)), RefusedReason.NO_SUCH_UPLOAD);
        assertRefused(fixture.abort(completed), RefusedReason.NO_SUCH_UPLOAD);
    }

    @Test
    void whatIsUnfitLeavesTheUploadOpen() {
        Upload upload = fixture.beginUpload("k");
        Part part = fixture.putPart(upload, 1, 1);
        assertKind(
                () -> fixture.tryComplete(upload, Conditions.none(), UNFIT, part),
                Kind.PART_TOO_SMALL);
        fixture.putPart(upload, 2, 1);
        fixture.complete(upload, part);
        assertThat(fixture.find("k")).isPresent();
    }

    @Test
    void unknownPartsAndBadOrderAreRefused() {
        Upload upload = fixture.beginUpload("k");
        Part one = fixture.putPart(upload, 1, 1);
        Part two = fixture.putPart(upload, 2, 1);
        assertKind(() -> fixture.complete(upload, two, one), Kind.INVALID_PART_ORDER);
        assertKind(() -> fixture.complete(upload, one, one), Kind.INVALID_PART_ORDER);
        Part absent = new Part(3, fixture.blob(1), "x", one.lastModified(), Optional.empty());
        assertKind(() -> fixture.complete(upload, one, absent), Kind.INVALID_PART);
        Part wrongTag = new Part(2, two.blob(), "x", one.lastModified(), Optional.empty());
        assertKind(() -> fixture.complete(upload, one, wrongTag), Kind.INVALID_PART);
        fixture.complete(upload, one, two);
    }

    @Test
    void aFailedConditionLeavesTheUploadOpen() {
        fixture.put("k", inline("1"));
        Upload upload = fixture.beginUpload("k");
        Part part = fixture.putPart(upload, 1, 1);
        Conditions absent =
                new Conditions(List.of(), List.of("*"), Optional.empty(), Optional.empty());
        assertRefused(
                fixture.tryComplete(upload, absent, ASSEMBLY, part),
                RefusedReason.PRECONDITION_FAILED);
        assertThat(fixture.etag("k")).contains("1");
        fixture.complete(upload, part);
        assertThat(fixture.etag("k")).contains("etag-1");
    }

    @Test
    void aRepeatedCompleteGetsTheSameAnswerAsLongAsTheObjectExists() {
        Upload upload = fixture.beginUpload("k");
        Part part = fixture.putPart(upload, 1, 1);
        Stored first = fixture.complete(upload, part);
        assertThat(fixture.complete(upload, part)).isEqualTo(first);
        fixture.delete("k");
        assertThat(fixture.complete(upload, part)).isEqualTo(first);
        fixture.trash().forEach(this::sweep);
        assertRefused(
                fixture.tryComplete(upload, Conditions.none(), ASSEMBLY, part),
                RefusedReason.NO_SUCH_UPLOAD);
        assertThat(fixture.find("k")).as("it was not brought back").isEmpty();
    }

    @Test
    void partsThatAreNotListedGoToTheTrash() {
        Upload upload = fixture.beginUpload("k");
        Part one = fixture.putPart(upload, 1, 1);
        Part two = fixture.putPart(upload, 2, 1);
        fixture.complete(upload, two);
        TrashEntry leftovers = fixture.trash().getFirst();
        TrashBin trash = fixture.catalog.trash();
        assertThat(trash.parts(leftovers, 0, 10)).containsExactly(one);
        sweep(leftovers);
        assertThat(fixture.trash()).isEmpty();
        assertThat(fixture.catalog.uploads().parts(upload.id(), 2, 1)).containsExactly(two);
    }

    @Test
    void anAbortThrowsAllPartsAwayAndTheSweeperRemovesThem() {
        Upload upload = fixture.beginUpload("k");
        Part one = fixture.putPart(upload, 1, 1);
        Part two = fixture.putPart(upload, 2, 1);
        fixture.abort(upload).orThrow();
        TrashEntry entry = fixture.trash().getFirst();
        TrashBin trash = fixture.catalog.trash();
        assertThat(trash.parts(entry, 0, 1)).containsExactly(one);
        assertThat(trash.parts(entry, 1, 10)).containsExactly(two);
        assertThat(fixture.owned()).hasSize(2);
        sweep(entry);
        assertThat(fixture.owned()).isEmpty();
        assertThat(trash.count()).isZero();
    }

    private void sweep(TrashEntry entry) {
        TrashBin trash = fixture.catalog.trash();
        List<Integer> numbers = trash.parts(entry, 0, 100).stream().map(Part::number).toList();
        if (!numbers.isEmpty()) {
            assertThat(trash.removeParts(entry, numbers)).isTrue();
        }
        assertThat(trash.remove(entry)).isTrue();
        assertThat(trash.remove(entry)).as("once").isFalse();
    }

    @Test
    void anOverwrittenMultipartObjectIsThrownAwayAsItsUpload() {
        Upload upload = fixture.beginUpload("k");
        fixture.complete(upload, fixture.putPart(upload, 1, 1));
        fixture.putBlob("k");
        assertThat(fixture.trash())
                .singleElement()
                .isInstanceOfSatisfying(
                        TrashEntry.OfUpload.class,
                        entry -> assertThat(entry.upload()).isEqualTo(upload.id()));
    }

    @Test
    void aSealOfADeadSessionIsTakenOver() {
        Upload upload = fixture.beginUpload("k");
        Part part = fixture.putPart(upload, 1, 1);
        CatalogFixture dying = fixture.join("n2");
        leaveSealed(dying, upload, part);
        dying.close();
        fixture.complete(upload, part);
        assertThat(fixture.etag("k")).contains("etag-1");
    }

    @Test
    void aSealThatNobodyHereWorksOnIsTakenOverByAPart() {
        Upload upload = fixture.beginUpload("k");
        Part part = fixture.putPart(upload, 1, 1);
        leaveSealed(fixture, upload, part);
        Part again = fixture.putPart(upload, 1, 2);
        fixture.complete(upload, again);
        assertThat(fixture.find("k").orElseThrow().size()).isEqualTo(2);
    }

    /** As after a crash: what opens the upload again never arrives. */
    private void leaveSealed(CatalogFixture node, Upload upload, Part part) {
        Assembly cutOff =
                (it, parts) -> {
                    node.store.lose(txn -> LossyMetadataStore.Loss.UNAVAILABLE);
                    throw new ObjectStoreException(Kind.INTERNAL, "crash");
                };
        assertKind(() -> node.tryComplete(upload, Conditions.none(), cutOff, part), Kind.INTERNAL);
        node.store.lose(txn -> LossyMetadataStore.Loss.NONE);
    }

    @Test
    void aCompleteWhoseSealWasTakenOverIsRefused() {
        Upload upload = fixture.beginUpload("k");
        Part part = fixture.putPart(upload, 1, 1);
        Assembly overtaken =
                (it, parts) -> {
                    fixture.abort(upload).orThrow();
                    return ASSEMBLY.assemble(it, parts);
                };
        assertRefused(
                fixture.tryComplete(upload, Conditions.none(), overtaken, part),
                RefusedReason.NO_SUCH_UPLOAD);
        assertThat(fixture.find("k")).isEmpty();
    }

    @Test
    void aPartOfAClosedEpochIsRefused() {
        Upload upload = fixture.beginUpload("k");
        BlobRef blob = fixture.blob(1);
        fixture.store.commit(Txn.upkeep().delete(Keys.openEpoch(1)).build());
        assertRefused(fixture.tryPutPart(upload, 1, blob), RefusedReason.EPOCH_CLOSED);
    }

    @Test
    void tenThousandPartsOfDifferentSizesFitOneTransaction() {
        Upload upload = fixture.beginUpload("k".repeat(1024));
        List<Part> parts = new ArrayList<>();
        for (int number = 1; number <= Part.MAX_NUMBER; number++) {
            parts.add(fixture.putPart(upload, number, number * 7_000_000L));
        }
        fixture.complete(upload, parts.subList(1, parts.size()).toArray(Part[]::new));
        ObjectVersion object = fixture.find(upload.key()).orElseThrow();
        assertThat(object.parts()).isEqualTo(9_999);
        assertThat(object.size()).isEqualTo(7_000_000L * (10_000L * 10_001 / 2 - 1));
    }

    @Test
    void uploadIdsSortByTimeAndOnlyRealOnesAreRead() {
        UUID first = fixture.beginUpload("k").id();
        assertThat(UploadId.parse(first.toString())).isEqualTo(first);
        assertThat(first.version()).isEqualTo(7);
        for (String bad : List.of("", "1-1-1-1-1", "x".repeat(36), first + "0")) {
            assertKind(() -> UploadId.parse(bad), Kind.NO_SUCH_UPLOAD);
        }
    }
}
