package io.lilio.maintenance.remove;

import static io.lilio.catalog.CatalogFixture.BUCKET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.CatalogFixture;
import io.lilio.catalog.LossyMetadataStore.Loss;
import io.lilio.catalog.bucket.Buckets;
import io.lilio.catalog.bucket.Versioning;
import io.lilio.maintenance.remove.BucketRemoval.Progress;
import io.lilio.maintenance.run.Parallel;
import io.lilio.time.ManualTime;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BucketRemovalTest {

    private static final String OWNER = "uid-1";

    private final CatalogFixture fixture = CatalogFixture.create();
    private final Buckets buckets = fixture.catalog.buckets();
    private final ManualTime time = new ManualTime();
    private final BucketRemoval removal =
            new BucketRemoval(
                    fixture.catalog, fixture.sessions, time, Thread.ofVirtual().factory());

    @BeforeEach
    void adopt() {
        buckets.claim(new Buckets.Claim(BUCKET, Versioning.OFF, OWNER, true), "root", 1 << 20);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static void assertKind(ThrowingCallable call, Kind kind) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void versionsMarkersAndUploadsGoAndThenTheBucket() {
        fixture.putBlob("old");
        fixture.versioning(Versioning.ENABLED);
        for (int i = 0; i < 3; i++) {
            fixture.put("k", CatalogFixture.inline("v" + i));
            fixture.put("old", CatalogFixture.inline("w" + i));
        }
        fixture.delete("k");
        fixture.beginUpload("big");
        fixture.beginUpload("big");

        assertThat(removal.removeWithContents(BUCKET, OWNER)).isEqualTo(new Progress(true, 10));

        assertKind(() -> buckets.get(BUCKET), Kind.NO_SUCH_BUCKET);
        assertKind(() -> removal.removeWithContents(BUCKET, OWNER), Kind.NO_SUCH_BUCKET);
    }

    @Test
    void whatTakesLongIsLeftOffAndGoesOnWhenItIsAskedForAgain() {
        for (int i = 0; i < 1_001; i++) {
            fixture.put("k%04d".formatted(i), CatalogFixture.inline("1"));
        }
        fixture.store.lose(
                _ -> {
                    time.advance(Duration.ofSeconds(6));
                    return Loss.NONE;
                });

        assertThat(removal.removeWithContents(BUCKET, OWNER)).isEqualTo(new Progress(false, 1_000));

        assertThat(buckets.get(BUCKET).managedBy()).isEqualTo(OWNER);
        fixture.store.lose(_ -> Loss.NONE);
        assertThat(removal.removeWithContents(BUCKET, OWNER)).isEqualTo(new Progress(true, 1));
    }

    @Test
    void onlyItsOwnerRemovesABucketAndWhatItHoldsOnlyIfItSaysSo() {
        fixture.put("k", CatalogFixture.inline("1"));
        assertKind(() -> removal.removeEmpty(BUCKET, "uid-2"), Kind.BUCKET_OWNED_BY_ANOTHER);
        assertKind(() -> removal.removeWithContents(BUCKET, "uid-2"), Kind.BUCKET_OWNED_BY_ANOTHER);
        assertKind(() -> removal.removeEmpty(BUCKET, OWNER), Kind.BUCKET_NOT_EMPTY);
        buckets.release(BUCKET, OWNER);
        assertKind(() -> removal.removeWithContents(BUCKET, OWNER), Kind.BUCKET_OWNED_BY_ANOTHER);
        assertThat(fixture.etag("k")).contains("1");
    }

    @Test
    void anotherBucketThatGetsTheNameLosesNothing() {
        fixture.put("k", CatalogFixture.inline("1"));
        var emptying =
                new Emptying(
                        fixture.catalog,
                        fixture.sessions,
                        fixture.bucket(),
                        new Parallel(Thread.ofVirtual().factory(), 2));
        fixture.delete("k");
        buckets.delete(BUCKET, OWNER);
        buckets.claim(new Buckets.Claim(BUCKET, Versioning.OFF, OWNER, false), "root", 1 << 20);
        fixture.put("k", CatalogFixture.inline("2"));

        assertKind(emptying::removeSome, Kind.NO_SUCH_BUCKET);

        assertThat(fixture.etag("k")).contains("2");
    }
}
