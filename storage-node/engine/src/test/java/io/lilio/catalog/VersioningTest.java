package io.lilio.catalog;

import static io.lilio.catalog.CatalogFixture.assertRefused;
import static io.lilio.catalog.CatalogFixture.inline;
import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.bucket.Versioning;
import io.lilio.catalog.commit.RefusedReason;
import io.lilio.catalog.content.BlobRef;
import io.lilio.catalog.object.Conditions;
import io.lilio.catalog.object.Deleted;
import io.lilio.catalog.object.ObjectVersion;
import io.lilio.catalog.object.VersionId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VersioningTest {

    private static final VersionId NULL = new VersionId.Null();

    private final CatalogFixture fixture = CatalogFixture.create();

    @AfterEach
    void close() {
        fixture.close();
    }

    private VersionId put(String text) {
        return fixture.put("k", inline(text)).version().id();
    }

    private Optional<String> etag(VersionId version) {
        return fixture.find("k", version).map(ObjectVersion::etag);
    }

    @Test
    void everyVersionStaysAndTheNewestIsCurrent() {
        fixture.versioning(Versioning.ENABLED);
        VersionId one = put("1");
        VersionId two = put("2");
        assertThat(fixture.etag("k")).contains("2");
        assertThat(etag(one)).contains("1");
        assertThat(etag(two)).contains("2");
        assertThat(one).isNotEqualTo(two);
        assertThat(VersionId.parse(one.toString())).isEqualTo(one);
    }

    @Test
    void aVersionIdOfAnotherWriteIsNotFound() {
        fixture.versioning(Versioning.ENABLED);
        VersionId.Numbered one = (VersionId.Numbered) put("1");
        assertThat(etag(new VersionId.Numbered(one.seq(), one.tag() + 1))).isEmpty();
    }

    @Test
    void theNullVersionStaysWhenVersioningIsEnabled() {
        BlobRef blob = fixture.putBlob("k");
        fixture.versioning(Versioning.ENABLED);
        VersionId two = put("2");
        assertThat(etag(NULL)).contains(blob.id().toString());
        fixture.delete("k", two);
        assertThat(fixture.etag("k")).as("the next newest").contains(blob.id().toString());
        assertThat(fixture.find("k").orElseThrow().id()).isEqualTo(NULL);
        assertThat(fixture.trash()).isEmpty();
    }

    @Test
    void aNullVersionAmongTheVersionsIsReplacedWhileSuspended() {
        BlobRef first = fixture.putBlob("k");
        fixture.versioning(Versioning.ENABLED);
        VersionId kept = put("2");
        fixture.versioning(Versioning.SUSPENDED);
        BlobRef second = fixture.putBlob("k");
        assertThat(fixture.trashedBlobs()).containsExactly(first);
        assertThat(etag(NULL)).contains(second.id().toString());
        BlobRef third = fixture.putBlob("k");
        assertThat(fixture.trashedBlobs()).containsExactlyInAnyOrder(first, second);
        assertThat(fixture.etag("k")).contains(third.id().toString());
        assertThat(etag(kept)).contains("2");
    }

    @Test
    void aPromotedNullVersionStaysAmongTheVersionsAndCanStillBeReplacedAndDeleted() {
        BlobRef first = fixture.putBlob("k");
        fixture.versioning(Versioning.ENABLED);
        fixture.delete("k", put("2"));
        fixture.versioning(Versioning.SUSPENDED);
        fixture.put("k", inline("3"));
        assertThat(fixture.trashedBlobs()).containsExactly(first);
        assertThat(etag(NULL)).contains("3");
        fixture.delete("k", NULL);
        assertThat(fixture.find("k")).isEmpty();
        assertThat(fixture.owned()).allMatch(owned -> owned.trashed());
    }

    @Test
    void aDeleteMarkerHidesAndItsRemovalBringsBack() {
        fixture.versioning(Versioning.ENABLED);
        VersionId one = put("1");
        Deleted deleted = fixture.delete("k");
        VersionId marker = deleted.marker().orElseThrow();
        assertThat(fixture.find("k").orElseThrow().deleteMarker()).isTrue();
        assertThat(fixture.etag("k")).isEmpty();
        assertThat(etag(one)).contains("1");
        assertThat(fixture.find("k", marker).orElseThrow().deleteMarker()).isTrue();

        Deleted undeleted = fixture.delete("k", marker);
        assertThat(undeleted.marker()).contains(marker);
        assertThat(fixture.etag("k")).contains("1");
    }

    @Test
    void aMarkerIsMadeEvenWhereThereIsNothing() {
        fixture.versioning(Versioning.ENABLED);
        assertThat(fixture.delete("k").marker()).isPresent();
        assertThat(fixture.find("k").orElseThrow().deleteMarker()).isTrue();
    }

    @Test
    void whileSuspendedTheMarkerIsTheNullVersion() {
        BlobRef blob = fixture.putBlob("k");
        fixture.versioning(Versioning.SUSPENDED);
        assertThat(fixture.delete("k").marker()).contains(NULL);
        assertThat(fixture.trashedBlobs()).containsExactly(blob);
        assertThat(fixture.find("k", NULL).orElseThrow().deleteMarker()).isTrue();
        fixture.put("k", inline("2"));
        assertThat(etag(NULL)).contains("2");
    }

    @Test
    void deletingAnOlderVersionLeavesTheCurrentOne() {
        fixture.versioning(Versioning.ENABLED);
        BlobRef blob = fixture.blob(5);
        VersionId one = fixture.put("k", fixture.ofBlob(blob)).version().id();
        put("2");
        fixture.delete("k", one);
        assertThat(fixture.etag("k")).contains("2");
        assertThat(etag(one)).isEmpty();
        assertThat(fixture.trashedBlobs()).containsExactly(blob);
    }

    @Test
    void deletingTheLastVersionLeavesNothing() {
        fixture.versioning(Versioning.ENABLED);
        fixture.delete("k", put("1"));
        assertThat(fixture.find("k")).isEmpty();
        fixture.catalog.buckets().delete(CatalogFixture.BUCKET);
    }

    @Test
    void forConditionsADeleteMarkerIsNoObject() {
        fixture.versioning(Versioning.ENABLED);
        put("1");
        fixture.delete("k");
        Conditions absent =
                new Conditions(List.of(), List.of("*"), Optional.empty(), Optional.empty());
        Conditions present =
                new Conditions(List.of("*"), List.of(), Optional.empty(), Optional.empty());
        assertRefused(fixture.tryPut("k", inline("2"), present), RefusedReason.NO_SUCH_KEY);
        fixture.tryPut("k", inline("2"), absent).orThrow();
        assertThat(fixture.etag("k")).contains("2");
    }
}
