package io.lilio.catalog.usage;

import static io.lilio.catalog.CatalogFixture.inline;
import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.CatalogFixture;
import io.lilio.catalog.LossyMetadataStore.Loss;
import io.lilio.catalog.bucket.Versioning;
import io.lilio.catalog.content.Part;
import io.lilio.catalog.object.VersionId;
import io.lilio.catalog.owner.OwnerWalk;
import io.lilio.catalog.upload.Upload;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UsageRecordsTest {

    private final CatalogFixture fixture = CatalogFixture.create();
    private final UsageRecords usage = fixture.catalog.usage();
    private final UUID bucket = fixture.bucket().id();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void overwritesVersionsMarkersAndUploadsCountAsTheyAreStored() {
        fixture.put("a", inline("12345"));
        fixture.put("a", inline("123"));
        assertHolds(1, 3);
        Upload upload = fixture.beginUpload("a");
        Part part = fixture.putPart(upload, 1, 7);
        fixture.putPart(upload, 2, 70);
        assertHolds(1, 3); // parts count once they are an object
        fixture.complete(upload, part);
        assertHolds(1, 7);

        fixture.versioning(Versioning.ENABLED);
        VersionId second = fixture.put("a", inline("12")).version().id();
        assertHolds(2, 9);
        VersionId marker = fixture.delete("a").marker().orElseThrow();
        assertHolds(2, 9);
        fixture.delete("a", marker);
        assertHolds(2, 9);

        fixture.versioning(Versioning.SUSPENDED);
        fixture.put("a", inline("1")); // takes the place of the null version
        assertHolds(2, 3);
        fixture.delete("a"); // and so does its marker
        assertHolds(1, 2);
        fixture.delete("a", second);
        assertHolds(0, 0);

        fixture.abort(fixture.beginUpload("b"));
        fixture.delete("never there");
        assertHolds(0, 0);
    }

    private void assertHolds(long objects, long bytes) {
        assertThat(usage.of(bucket)).isEqualTo(new Usage(objects, bytes));
        usage.flush();
        assertThat(usage.of(bucket)).isEqualTo(new Usage(objects, bytes));
        assertThat(walked()).as("what a walk finds").isEqualTo(new Usage(objects, bytes));
    }

    private Usage walked() {
        OwnerWalk.Page page = fixture.catalog.ownerWalk().next(null, 100);
        Usage sum = page.usage().getOrDefault(bucket, Usage.none());
        while (page.next().isPresent()) {
            page = fixture.catalog.ownerWalk().next(page.next().get(), 100);
            sum = sum.plus(page.usage().getOrDefault(bucket, Usage.none()));
        }
        return sum;
    }

    @Test
    void whatIsBeingWrittenIsNotMissedMeanwhile() {
        fixture.put("a", inline("12345"));
        var seen = new CompletableFuture<Usage>();
        fixture.store.lose(
                txn -> {
                    fixture.store.lose(other -> Loss.NONE);
                    Thread.ofVirtual().start(() -> seen.complete(usage.of(bucket)));
                    seen.copy().completeOnTimeout(Usage.none(), 300, TimeUnit.MILLISECONDS).join();
                    return Loss.NONE;
                });

        usage.flush();

        assertThat(seen.join()).isEqualTo(new Usage(1, 5));
    }

    @Test
    void whatAnotherNodeHasWrittenCountsAndIsNeverToldAsLessThanNothing() {
        try (CatalogFixture killed = fixture.join("n2")) {
            killed.put("a", inline("12345"));
            fixture.delete("a");

            assertThat(usage.of(bucket).notNegative())
                    .as("n2 wrote nothing")
                    .isEqualTo(Usage.none());
            killed.catalog.usage().flush();
            assertThat(usage.of(bucket)).isEqualTo(Usage.none());
        }
    }
}
