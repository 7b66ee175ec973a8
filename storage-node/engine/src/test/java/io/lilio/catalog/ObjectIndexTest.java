package io.lilio.catalog;

import static io.lilio.catalog.CatalogFixture.BUCKET;
import static io.lilio.catalog.CatalogFixture.assertRefused;
import static io.lilio.catalog.CatalogFixture.inline;
import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.bucket.Versioning;
import io.lilio.catalog.commit.CommitOutcome;
import io.lilio.catalog.commit.RefusedReason;
import io.lilio.catalog.content.BlobRef;
import io.lilio.catalog.content.Content;
import io.lilio.catalog.object.Attributes;
import io.lilio.catalog.object.Conditions;
import io.lilio.catalog.object.Draft;
import io.lilio.catalog.object.HeadLook;
import io.lilio.catalog.object.ObjectVersion;
import io.lilio.catalog.object.Stored;
import io.lilio.catalog.object.VersionId;
import io.lilio.catalog.trash.TrashEntry;
import io.lilio.catalog.usage.Usage;
import io.lilio.digest.Checksum;
import io.lilio.digest.DigestAlgorithm;
import io.lilio.metadata.Txn;
import io.lilio.metadata.session.InFlight;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ObjectIndexTest {

    private static final Conditions ABSENT =
            new Conditions(List.of(), List.of("*"), Optional.empty(), Optional.empty());

    private final CatalogFixture fixture = CatalogFixture.create();

    @AfterEach
    void close() {
        fixture.close();
    }

    private static Conditions ifMatch(String etag) {
        return new Conditions(List.of(etag), List.of(), Optional.empty(), Optional.empty());
    }

    @Test
    void anObjectIsFoundAsItWasPut() {
        Attributes attributes =
                new Attributes(
                        Optional.of("text/plain"),
                        Optional.of("no-cache"),
                        Optional.of("inline"),
                        Optional.of("gzip"),
                        Optional.of("de"),
                        Optional.of("tomorrow"),
                        Optional.of("STANDARD_IA"),
                        Map.of("a", "1", "b", "\u00e9"));
        Checksum checksum = Checksum.ofBytes(DigestAlgorithm.CRC32C, new byte[] {1, 2, 3, 4});
        BlobRef blob = fixture.blob(12345);
        Draft draft = new Draft(new Content.Blob(blob), "tag", attributes, Optional.of(checksum));
        Stored stored = fixture.put("k", draft);

        ObjectVersion found = fixture.find("k").orElseThrow();
        assertThat(found.content()).contains(new Content.Blob(blob));
        assertThat(found.attributes()).isEqualTo(attributes);
        assertThat(found.summary()).isEqualTo(stored.version());
        assertThat(found.summary().checksum()).contains(checksum);
        assertThat(found.summary().storageClass()).contains("STANDARD_IA");
        assertThat(found.size()).isEqualTo(12345);
        assertThat(found.id()).isEqualTo(new VersionId.Null());
    }

    @Test
    void anOverwriteThrowsTheOldBlobAway() {
        BlobRef first = fixture.putBlob("k");
        BlobRef second = fixture.putBlob("k");
        assertThat(fixture.trashedBlobs()).containsExactly(first);
        assertThat(fixture.etag("k")).contains(second.id().toString());
    }

    @Test
    void aPutLooksAgainOnlyWhenAnotherCameBetween() {
        fixture.putBlob("k");
        try (InFlight request = fixture.begin()) {
            HeadLook opened = fixture.look("k");
            int before = fixture.store.reads();
            assertCommitted(request, opened, "1");
            assertThat(fixture.store.reads()).isEqualTo(before);

            BlobRef other = fixture.putBlob("k");
            before = fixture.store.reads();
            assertCommitted(request, opened, "2");
            assertThat(fixture.store.reads()).isEqualTo(before + 1);
            assertThat(fixture.trashedBlobs()).as("what it replaced").contains(other);
        }
        assertThat(fixture.etag("k")).contains("2");
    }

    private void assertCommitted(InFlight request, HeadLook opened, String text) {
        assertThat(fixture.catalog.objects().put(request, opened, inline(text), Conditions.none()))
                .isInstanceOf(CommitOutcome.Committed.class);
    }

    @Test
    void anInlineObjectLeavesNoTrash() {
        fixture.put("k", inline("1"));
        fixture.put("k", inline("2"));
        fixture.delete("k");
        assertThat(fixture.trash()).isEmpty();
        assertThat(fixture.find("k")).isEmpty();
    }

    @Test
    void aDeleteThrowsTheBlobAwayAndTheTrashSaysWhatTheSweeperNeeds() {
        BlobRef blob = fixture.putBlob("k");
        fixture.delete("k");
        assertThat(fixture.trash())
                .singleElement()
                .isInstanceOfSatisfying(
                        TrashEntry.OfBlob.class,
                        entry -> {
                            assertThat(entry.blob()).isEqualTo(blob);
                            assertThat(entry.bucket()).isEqualTo(fixture.bucket().id());
                            assertThat(entry.key()).isEqualTo("k");
                            assertThat(entry.revision()).isEqualTo(fixture.store.revision());
                        });
    }

    @Test
    void deletingWhatIsNotThereIsNoError() {
        assertThat(fixture.delete("k").marker()).isEmpty();
        assertThat(fixture.delete("k", new VersionId.Null()).version())
                .contains(new VersionId.Null());
    }

    @Test
    void theNullVersionCanBeNamedWithoutVersioning() {
        BlobRef blob = fixture.putBlob("k");
        assertThat(fixture.find("k", new VersionId.Null())).isPresent();
        fixture.delete("k", new VersionId.Null());
        assertThat(fixture.find("k")).isEmpty();
        assertThat(fixture.trashedBlobs()).containsExactly(blob);
    }

    @Test
    void ifNoneMatchStarCreatesOnce() {
        assertThat(fixture.tryPut("k", inline("1"), ABSENT))
                .isInstanceOf(CommitOutcome.Committed.class);
        assertRefused(fixture.tryPut("k", inline("2"), ABSENT), RefusedReason.PRECONDITION_FAILED);
        assertThat(fixture.etag("k")).contains("1");
    }

    @Test
    void ifMatchReplacesOnlyWhatWasSeen() {
        assertRefused(fixture.tryPut("k", inline("1"), ifMatch("0")), RefusedReason.NO_SUCH_KEY);
        fixture.put("k", inline("1"));
        assertRefused(
                fixture.tryPut("k", inline("2"), ifMatch("0")), RefusedReason.PRECONDITION_FAILED);
        fixture.tryPut("k", inline("2"), ifMatch("1")).orThrow();
        fixture.tryPut("k", inline("3"), ifMatch("*")).orThrow();
        assertThat(fixture.etag("k")).contains("3");
    }

    @Test
    void aDeleteHasConditionsToo() {
        fixture.put("k", inline("1"));
        try (InFlight request = fixture.begin()) {
            assertRefused(
                    fixture.catalog.objects().delete(request, fixture.bucket(), "k", ifMatch("2")),
                    RefusedReason.PRECONDITION_FAILED);
            fixture.catalog.objects().delete(request, fixture.bucket(), "k", ifMatch("1"));
        }
        assertThat(fixture.find("k")).isEmpty();
    }

    @Test
    void aBlobOfAClosedEpochIsRefused() {
        BlobRef blob = fixture.blob(10);
        fixture.store.commit(Txn.upkeep().delete(Keys.openEpoch(1)).build());
        assertRefused(
                fixture.tryPut("k", fixture.ofBlob(blob), Conditions.none()),
                RefusedReason.EPOCH_CLOSED);
        assertThat(fixture.tryPut("k", inline("1"), Conditions.none()))
                .as("no blob, no epoch")
                .isInstanceOf(CommitOutcome.Committed.class);
    }

    @Test
    void aCommitIntoABucketThatWasMadeAgainIsRefused() {
        HeadLook old = fixture.look("k");
        fixture.catalog.buckets().delete(BUCKET);
        fixture.catalog.buckets().create(BUCKET, "owner", 1 << 20);
        try (InFlight request = fixture.begin()) {
            assertRefused(
                    fixture.catalog.objects().put(request, old, inline("1"), Conditions.none()),
                    RefusedReason.NO_SUCH_BUCKET);
        }
    }

    @Test
    void aCommitOfASessionThatEndedIsRefused() {
        CatalogFixture other = fixture.join("n2");
        try (InFlight request = other.begin()) {
            HeadLook opened = other.look("k");
            other.sessions.close();
            assertRefused(
                    other.catalog.objects().put(request, opened, inline("1"), Conditions.none()),
                    RefusedReason.SESSION_LOST);
        }
        assertThat(fixture.find("k")).isEmpty();
    }

    @Test
    void aRewriteKeepsTheBlobAndItsOneOwner() {
        BlobRef blob = fixture.putBlob("k");
        ObjectVersion source = fixture.find("k").orElseThrow();
        Attributes changed = attributesOfType("image/png");
        Stored stored = rewrite(source, changed).orThrow();

        ObjectVersion now = fixture.find("k").orElseThrow();
        assertThat(now.attributes()).isEqualTo(changed);
        assertThat(now.content()).contains(new Content.Blob(blob));
        assertThat(now.etag()).isEqualTo(source.etag());
        assertThat(now.summary()).isEqualTo(stored.version());
        assertThat(now.summary().seq()).isGreaterThan(source.summary().seq());
        assertThat(fixture.trash()).isEmpty();
        assertThat(fixture.owned()).hasSize(1);
    }

    @Test
    void aRewriteOfWhatWasReplacedIsRefused() {
        fixture.putBlob("k");
        ObjectVersion source = fixture.find("k").orElseThrow();
        fixture.putBlob("k");
        assertRefused(rewrite(source, Attributes.none()), RefusedReason.SOURCE_CHANGED);
    }

    @Test
    void aRewriteWhereVersionsAreKeptHasToBeACopy() {
        fixture.putBlob("k");
        fixture.versioning(Versioning.ENABLED);
        ObjectVersion source = fixture.find("k").orElseThrow();
        assertRefused(rewrite(source, Attributes.none()), RefusedReason.NEEDS_COPY);
    }

    private CommitOutcome<Stored> rewrite(ObjectVersion source, Attributes attributes) {
        try (InFlight request = fixture.begin()) {
            return fixture.catalog
                    .objects()
                    .rewrite(request, fixture.bucket(), source, attributes, Conditions.none());
        }
    }

    private static Attributes attributesOfType(String type) {
        return new Attributes(
                Optional.of(type),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }

    @Test
    void aSequenceNumberIsNeverUsedTwiceForAKey() {
        long first = fixture.put("k", inline("1")).version().seq();
        fixture.delete("k");
        long second = fixture.put("k", inline("2")).version().seq();
        assertThat(second).isGreaterThan(first);
    }

    @Test
    void keysWithZerosAndSlashesAreDifferentObjects() {
        List<String> keys = List.of("a/b", "a_b", "a//b", "a", "a\0", "a\0b", "/a", "a/", "..");
        keys.forEach(key -> fixture.put(key, inline(key)));
        keys.forEach(key -> assertThat(fixture.etag(key)).contains(key));
    }

    @Test
    void usageFollowsWhatIsStored() {
        fixture.put("a", inline("12345"));
        fixture.putBlob("b");
        fixture.put("a", inline("123"));
        assertThat(usage()).isEqualTo(new Usage(2, 13));
        fixture.delete("b");
        fixture.catalog.usage().flush();
        assertThat(usage()).isEqualTo(new Usage(1, 3));
        fixture.catalog.usage().correct(fixture.bucket().id(), new Usage(6, 67));
        assertThat(usage()).isEqualTo(new Usage(7, 70));
        assertThat(fixture.catalog.usage().all())
                .containsEntry(fixture.bucket().id(), new Usage(7, 70));
    }

    private Usage usage() {
        return fixture.catalog.usage().of(fixture.bucket().id());
    }

    @Test
    void aSilentStoreRefuses() {
        fixture.store.lose(txn -> LossyMetadataStore.Loss.UNAVAILABLE);
        assertRefused(
                fixture.tryPut("k", inline("1"), Conditions.none()),
                RefusedReason.METADATA_UNAVAILABLE);
        fixture.store.lose(txn -> LossyMetadataStore.Loss.NONE);
        assertThat(fixture.find("k")).isEmpty();
    }
}
