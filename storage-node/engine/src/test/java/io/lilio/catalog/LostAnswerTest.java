package io.lilio.catalog;

import static io.lilio.catalog.BucketsTest.assertKind;
import static io.lilio.catalog.CatalogFixture.ASSEMBLY;
import static io.lilio.catalog.CatalogFixture.inline;
import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.LossyMetadataStore.Loss;
import io.lilio.catalog.bucket.Buckets;
import io.lilio.catalog.bucket.Versioning;
import io.lilio.catalog.commit.CommitOutcome;
import io.lilio.catalog.content.BlobRef;
import io.lilio.catalog.content.Part;
import io.lilio.catalog.object.Conditions;
import io.lilio.catalog.object.Deleted;
import io.lilio.catalog.object.HeadLook;
import io.lilio.catalog.object.Stored;
import io.lilio.catalog.object.VersionId;
import io.lilio.catalog.owner.OwnedBlob;
import io.lilio.catalog.upload.Upload;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.session.InFlight;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of changes whose answer is lost: applied, never applied, or applied much later. */
class LostAnswerTest {

    private final CatalogFixture fixture = CatalogFixture.create();
    private final CatalogFixture other = fixture.join("n2");

    @AfterEach
    void close() {
        other.close();
        fixture.close();
    }

    private Bytes head() {
        return Keys.head(fixture.bucket().id(), "k");
    }

    private CommitOutcome<Stored> put(BlobRef blob) {
        return fixture.tryPut("k", fixture.ofBlob(blob), Conditions.none());
    }

    private void assertOwnedOnce(BlobRef... blobs) {
        assertThat(fixture.owned()).extracting(OwnedBlob::blob).containsExactlyInAnyOrder(blobs);
    }

    @Test
    void aPutThatWasAppliedIsFoundToBe() {
        BlobRef first = fixture.putBlob("k");
        BlobRef second = fixture.blob(2);
        fixture.store.loseNext(head(), Loss.ANSWER);
        assertThat(put(second)).isInstanceOf(CommitOutcome.Committed.class);
        assertThat(fixture.trashedBlobs()).containsExactly(first);
        assertOwnedOnce(first, second);
    }

    @Test
    void aPutThatNeverArrivedIsSentAgainWithTheSameBlob() {
        BlobRef first = fixture.putBlob("k");
        BlobRef second = fixture.blob(2);
        fixture.store.loseNext(head(), Loss.REQUEST);
        assertThat(put(second)).isInstanceOf(CommitOutcome.Committed.class);
        assertThat(fixture.etag("k")).contains(second.id().toString());
        assertOwnedOnce(first, second);
    }

    @Test
    void aPutThatArrivesLateFindsTheFenceMoved() {
        BlobRef first = fixture.putBlob("k");
        BlobRef second = fixture.blob(2);
        fixture.store.loseNext(head(), Loss.LATE);
        assertThat(put(second)).isInstanceOf(CommitOutcome.Committed.class);
        BlobRef third = fixture.putBlob("k");
        assertThat(fixture.store.deliverLate())
                .singleElement()
                .isInstanceOf(CommitResult.Refused.class);
        assertThat(fixture.etag("k")).contains(third.id().toString());
        assertOwnedOnce(first, second, third);
    }

    @Test
    void aStoreThatThrowsSomethingElseMayHaveAppliedIt() {
        fixture.store.loseNext(head(), Loss.FAULT);
        BlobRef blob = fixture.blob(2);
        assertThat(put(blob)).isInstanceOf(CommitOutcome.Committed.class);
        assertOwnedOnce(blob);
    }

    @Test
    void anAbsentHeadProvesNothing() {
        BlobRef blob = fixture.blob(2);
        fixture.store.loseNext(head(), Loss.LATE);
        assertThat(put(blob)).isInstanceOf(CommitOutcome.Unknown.class);
        assertThat(fixture.store.deliverLate())
                .singleElement()
                .isInstanceOf(CommitResult.Refused.class);
        assertThat(fixture.find("k")).as("it never comes afterwards").isEmpty();
        assertOwnedOnce();
    }

    @Test
    void aPutThatWasAppliedAndReplacedIsUnknownAndItsBlobIsInTheTrash() {
        fixture.putBlob("k");
        BlobRef ours = fixture.blob(2);
        fixture.store.loseNext(head(), Loss.ANSWER, () -> other.put("k", inline("theirs")));
        assertThat(put(ours)).isInstanceOf(CommitOutcome.Unknown.class);
        assertThat(fixture.trashedBlobs()).contains(ours);
        assertThat(fixture.etag("k")).contains("theirs");
    }

    @Test
    void aVersionThatWasAppliedIsFoundBelowANewerOne() {
        fixture.versioning(Versioning.ENABLED);
        BlobRef ours = fixture.blob(2);
        fixture.store.loseNext(head(), Loss.ANSWER, () -> other.put("k", inline("theirs")));
        CommitOutcome<Stored> outcome = put(ours);
        VersionId id = outcome.orThrow().version().id();
        assertThat(fixture.find("k", id).orElseThrow().etag()).isEqualTo(ours.id().toString());
        assertThat(fixture.etag("k")).contains("theirs");
    }

    @Test
    void aDeleteIsDoneOnceWhateverGetsLost() {
        for (Loss loss : List.of(Loss.ANSWER, Loss.REQUEST, Loss.LATE)) {
            fixture.putBlob("k");
            fixture.store.loseNext(head(), loss);
            fixture.delete("k");
            assertThat(fixture.find("k")).as(loss.name()).isEmpty();
        }
        fixture.put("k", inline("1"));
        assertThat(fixture.store.deliverLate()).allMatch(CommitResult.Refused.class::isInstance);
        assertThat(fixture.etag("k")).contains("1");
        assertThat(fixture.trashedBlobs()).hasSize(3);
    }

    @Test
    void aConditionalDeleteIsNotClaimedWhenAnotherMayHaveRemovedTheObject() {
        fixture.put("k", inline("A"));
        fixture.store.loseNext(
                head(),
                Loss.REQUEST,
                () -> {
                    other.put("k", inline("B"));
                    other.delete("k");
                });
        assertThat(tryDelete(ifMatch("A"))).isInstanceOf(CommitOutcome.Unknown.class);

        fixture.versioning(Versioning.ENABLED);
        VersionId version = fixture.put("k", inline("A")).version().id();
        fixture.store.loseNext(head(), Loss.REQUEST, () -> other.delete("k", version));
        try (InFlight request = fixture.begin()) {
            assertThat(
                            fixture.catalog
                                    .objects()
                                    .delete(request, fixture.bucket(), "k", version, ifMatch("A")))
                    .isInstanceOf(CommitOutcome.Unknown.class);
        }
    }

    @Test
    void aConditionalDeleteThatNeverArrivedIsSentAgain() {
        fixture.put("k", inline("A"));
        fixture.store.loseNext(head(), Loss.REQUEST);
        assertThat(tryDelete(ifMatch("A"))).isInstanceOf(CommitOutcome.Committed.class);
        assertThat(fixture.find("k")).isEmpty();
    }

    private static Conditions ifMatch(String etag) {
        return new Conditions(List.of(etag), List.of(), Optional.empty(), Optional.empty());
    }

    private CommitOutcome<Deleted> tryDelete(Conditions conditions) {
        try (InFlight request = fixture.begin()) {
            return fixture.catalog.objects().delete(request, fixture.bucket(), "k", conditions);
        }
    }

    @Test
    void aDeleteMarkerIsMadeOnceWhateverGetsLost() {
        fixture.versioning(Versioning.ENABLED);
        for (Loss loss : List.of(Loss.ANSWER, Loss.REQUEST, Loss.LATE)) {
            VersionId version = fixture.put("k", inline("1")).version().id();
            fixture.store.loseNext(head(), loss);
            VersionId marker = fixture.delete("k").marker().orElseThrow();
            fixture.store.deliverLate();
            fixture.delete("k", marker);
            assertThat(fixture.etag("k")).as("no second marker").contains("1");
            fixture.delete("k", version);
        }
    }

    @Test
    void aVersionIsDeletedOnceWhateverGetsLost() {
        fixture.versioning(Versioning.ENABLED);
        fixture.put("k", inline("0"));
        for (Loss loss : List.of(Loss.ANSWER, Loss.REQUEST, Loss.LATE)) {
            VersionId version = fixture.put("k", inline("1")).version().id();
            fixture.store.loseNext(head(), loss);
            fixture.delete("k", version);
            fixture.store.deliverLate();
            assertThat(fixture.find("k", version)).isEmpty();
            assertThat(fixture.etag("k")).contains("0");
        }
    }

    @Test
    void aPartIsStoredOnceWhateverGetsLost() {
        Upload upload = fixture.beginUpload("k");
        Part first = fixture.putPart(upload, 1, 1);
        Bytes key = Keys.part(upload.id(), 1);
        fixture.store.loseNext(key, Loss.ANSWER);
        Part second = fixture.putPart(upload, 1, 2);
        fixture.store.loseNext(key, Loss.LATE);
        Part third = fixture.putPart(upload, 1, 3);
        fixture.store.deliverLate();
        assertOwnedOnce(first.blob(), second.blob(), third.blob());
        assertThat(fixture.trashedBlobs()).containsExactlyInAnyOrder(first.blob(), second.blob());
    }

    @Test
    void anUploadIsCompletedOnceWhateverGetsLost() {
        for (Loss loss : List.of(Loss.ANSWER, Loss.REQUEST, Loss.LATE)) {
            Upload upload = fixture.beginUpload("k");
            Part part = fixture.putPart(upload, 1, 1);
            fixture.store.loseNext(Keys.completed(upload.id()), loss);
            Stored stored = fixture.complete(upload, part);
            fixture.store.deliverLate();
            assertThat(fixture.find("k").orElseThrow().summary()).isEqualTo(stored.version());
            assertThat(fixture.complete(upload, part)).isEqualTo(stored);
        }
    }

    @Test
    void aSealWhoseAnswerIsLostIsResolvedToo() {
        for (Loss loss : List.of(Loss.ANSWER, Loss.REQUEST, Loss.LATE)) {
            Upload upload = fixture.beginUpload("k");
            Part part = fixture.putPart(upload, 1, 1);
            fixture.store.loseNext(Keys.upload(fixture.bucket().id(), "k", upload.id()), loss);
            assertThat(fixture.tryComplete(upload, Conditions.none(), ASSEMBLY, part))
                    .isInstanceOf(CommitOutcome.Committed.class);
            assertThat(fixture.store.deliverLate())
                    .allMatch(CommitResult.Refused.class::isInstance);
        }
    }

    @Test
    void anAbortIsDoneOnceWhateverGetsLost() {
        for (Loss loss : List.of(Loss.ANSWER, Loss.REQUEST, Loss.LATE)) {
            Upload upload = fixture.beginUpload("k");
            fixture.putPart(upload, 1, 1);
            fixture.store.loseNext(Keys.trashedUpload(upload.id()), loss);
            fixture.abort(upload).orThrow();
            fixture.store.deliverLate();
        }
        assertThat(fixture.trash()).hasSize(3);
    }

    @Test
    void aBucketIsMadeAndRemovedWhenOnlyTheAnswerIsLost() {
        fixture.store.loseNext(Keys.bucket("new"), Loss.ANSWER);
        fixture.catalog.buckets().create("new", "o", 1 << 20);
        assertThat(fixture.catalog.buckets().get("new").owner()).isEqualTo("o");
        fixture.store.loseNext(Keys.bucket("new"), Loss.ANSWER);
        fixture.catalog.buckets().delete("new");
        assertThat(fixture.catalog.buckets().list(null, 10)).hasSize(1);
    }

    @Test
    void aBucketIsClaimedAndGivenUpWhenOnlyTheAnswerIsLost() {
        Buckets buckets = fixture.catalog.buckets();
        for (String name : List.of("new", CatalogFixture.BUCKET)) {
            var claim = new Buckets.Claim(name, Versioning.OFF, "uid-1", true);
            fixture.store.loseNext(Keys.bucket(name), Loss.ANSWER);
            assertThat(buckets.claim(claim, "o", 1 << 20).managedBy()).isEqualTo("uid-1");
            assertThat(buckets.get(name).managedBy()).isEqualTo("uid-1");
            fixture.store.loseNext(Keys.bucket(name), Loss.ANSWER);
            assertThat(buckets.release(name, "uid-1").managedBy()).isEmpty();
        }
        fixture.store.loseNext(
                Keys.bucket(CatalogFixture.BUCKET),
                Loss.REQUEST,
                () -> claimedByAnother(CatalogFixture.BUCKET));
        assertKind(
                () ->
                        buckets.claim(
                                new Buckets.Claim(
                                        CatalogFixture.BUCKET, Versioning.OFF, "uid-1", true),
                                "o",
                                1 << 20),
                Kind.UNKNOWN_OUTCOME);
        assertThat(fixture.bucket().managedBy()).isEqualTo("uid-2");
    }

    private void claimedByAnother(String name) {
        other.catalog
                .buckets()
                .claim(new Buckets.Claim(name, Versioning.OFF, "uid-2", true), "o", 1 << 20);
    }

    @Test
    void versioningThatWasEnabledAndThenSuspendedByAnotherStaysSuspended() {
        Buckets buckets = fixture.catalog.buckets();
        fixture.store.loseNext(
                Keys.bucket(CatalogFixture.BUCKET),
                Loss.ANSWER,
                () -> other.versioning(Versioning.SUSPENDED));
        assertKind(() -> fixture.versioning(Versioning.ENABLED), Kind.UNKNOWN_OUTCOME);
        assertThat(fixture.bucket().versioning()).isEqualTo(Versioning.SUSPENDED);

        for (Loss loss : List.of(Loss.ANSWER, Loss.REQUEST, Loss.LATE)) {
            buckets.setVersioning(CatalogFixture.BUCKET, Versioning.SUSPENDED);
            fixture.store.loseNext(Keys.bucket(CatalogFixture.BUCKET), loss);
            buckets.setVersioning(CatalogFixture.BUCKET, Versioning.ENABLED);
            fixture.store.deliverLate();
            assertThat(fixture.bucket().versioning()).as("%s", loss).isEqualTo(Versioning.ENABLED);
        }
    }

    @Test
    void whatWasDecidedOfABucketIsTheAnswerWhateverHappensToItNext() {
        Buckets buckets = fixture.catalog.buckets();
        fixture.store.loseNext(
                Keys.bucket("new"), Loss.NONE, () -> other.catalog.buckets().delete("new"));
        buckets.create("new", "o", 1 << 20);
        assertKind(() -> buckets.get("new"), Kind.NO_SUCH_BUCKET);
    }

    @Test
    void withoutAFenceTheOutcomeStaysUnknownAndTheMarkIsHeld() {
        fixture.putBlob("k");
        HeadLook look = fixture.look("k");
        long opened;
        try (InFlight request = fixture.begin()) {
            opened = request.openingRevision();
            fixture.store.loseNext(
                    head(), Loss.LATE, () -> fixture.store.lose(txn -> Loss.UNAVAILABLE));
            assertThat(
                            fixture.catalog
                                    .objects()
                                    .put(request, look, inline("late"), Conditions.none()))
                    .isInstanceOf(CommitOutcome.Unknown.class);
        }
        assertThat(fixture.sessions.live().ended(fixture.sessions.current().incarnation(), opened))
                .as("it may still be applied")
                .isFalse();
        assertThat(fixture.store.deliverLate())
                .as("and here it is")
                .singleElement()
                .isInstanceOf(CommitResult.Committed.class);
        fixture.store.lose(txn -> Loss.NONE);
    }
}
