package io.lilio.catalog;

import static io.lilio.catalog.CatalogFixture.BUCKET;
import static io.lilio.catalog.CatalogFixture.inline;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.bucket.Bucket;
import io.lilio.catalog.bucket.BucketName;
import io.lilio.catalog.bucket.Buckets;
import io.lilio.catalog.bucket.Versioning;
import io.lilio.catalog.upload.Upload;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.Compare;
import io.lilio.metadata.ForwardingMetadataStore;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.ScanPage;
import io.lilio.metadata.Txn;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketsTest {

    private final CatalogFixture fixture = CatalogFixture.create();
    private final Buckets buckets = fixture.catalog.buckets();

    @AfterEach
    void close() {
        fixture.close();
    }

    static void assertKind(ThrowingCallable call, Kind kind) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void aBucketIsFoundAsItWasMade() {
        buckets.create("photos", "alice", 1 << 16);
        Bucket made = buckets.get("photos");
        assertThat(made.owner()).isEqualTo("alice");
        assertThat(made.chunkSize()).isEqualTo(1 << 16);
        assertThat(made.versioning()).isEqualTo(Versioning.OFF);
        assertThat(made.createRevision()).isPositive();
    }

    @Test
    void aNameIsTakenOnce() {
        assertKind(() -> buckets.create(BUCKET, "owner", 1 << 20), Kind.BUCKET_ALREADY_EXISTS);
    }

    @Test
    void bucketsAreListedByNameInPages() {
        buckets.create("aaa", "o", 1 << 20);
        buckets.create("zzz", "o", 1 << 20);
        assertThat(buckets.list(null, 2)).extracting(Bucket::name).containsExactly("aaa", BUCKET);
        assertThat(buckets.list(BUCKET, 2)).extracting(Bucket::name).containsExactly("zzz");
    }

    @Test
    void theBucketWithTheLargestChunksIsFoundAmongAll() {
        buckets.create("aaa", "o", 1 << 22);
        assertThat(buckets.withLargestChunks()).map(Bucket::name).contains("aaa");
        buckets.create("zzz", "o", 1 << 23);
        assertThat(buckets.withLargestChunks()).map(Bucket::name).contains("zzz");
        List.of("aaa", BUCKET, "zzz").forEach(buckets::delete);
        assertThat(buckets.withLargestChunks()).isEmpty();
    }

    @Test
    void onlyAnEmptyBucketCanBeRemoved() {
        fixture.put("k", inline("1"));
        assertKind(() -> buckets.delete(BUCKET), Kind.BUCKET_NOT_EMPTY);
        fixture.delete("k");
        buckets.delete(BUCKET);
        assertKind(() -> buckets.get(BUCKET), Kind.NO_SUCH_BUCKET);
        assertKind(() -> buckets.delete(BUCKET), Kind.NO_SUCH_BUCKET);
    }

    @Test
    void aDeleteMarkerKeepsABucket() {
        fixture.versioning(Versioning.ENABLED);
        fixture.delete("k");
        assertKind(() -> buckets.delete(BUCKET), Kind.BUCKET_NOT_EMPTY);
    }

    @Test
    void anOpenUploadKeepsABucketUntilItIsAborted() {
        Upload upload = fixture.beginUpload("k");
        assertKind(() -> buckets.delete(BUCKET), Kind.BUCKET_NOT_EMPTY);
        fixture.abort(upload).orThrow();
        buckets.delete(BUCKET);
    }

    /** etcd loads a whole range to compare it, and takes no other transaction meanwhile. */
    @Test
    void aBucketThatHoldsSomethingIsRefusedWithoutARangeCompare() {
        List<KeyRange> compared = new ArrayList<>();
        List<Integer> limits = new ArrayList<>();
        CatalogFixture other = fixture.join("n2", watched(compared, limits));
        fixture.put("k", inline("1"));
        assertKind(() -> other.catalog.buckets().delete(BUCKET), Kind.BUCKET_NOT_EMPTY);
        fixture.delete("k");
        Upload upload = fixture.beginUpload("k");
        assertKind(() -> other.catalog.buckets().delete(BUCKET), Kind.BUCKET_NOT_EMPTY);
        fixture.abort(upload).orThrow();
        fixture.versioning(Versioning.ENABLED);
        buckets.create("versioned", "o", 1 << 20);
        fixture.delete("k");
        assertKind(() -> other.catalog.buckets().delete(BUCKET), Kind.BUCKET_NOT_EMPTY);
        assertThat(compared).isEmpty();
        assertThat(limits).as("keys asked for in a look").isNotEmpty().containsOnly(1);

        other.catalog.buckets().delete("versioned");
        assertThat(compared).as("heads, versions and uploads of an empty one").hasSize(3);
        other.close();
    }

    /** Tells which ranges commits compare, and the limits of scans beside them. */
    private MetadataStore watched(List<KeyRange> compared, List<Integer> limits) {
        return new ForwardingMetadataStore(fixture.store) {
            @Override
            public CommitResult commit(Txn txn) {
                for (Compare compare : txn.compares()) {
                    if (compare instanceof Compare.RangeEmpty(KeyRange range)) {
                        compared.add(range);
                    }
                }
                return super.commit(txn);
            }

            @Override
            public ReadView view() {
                return new ForwardingView(super.view()) {
                    @Override
                    public ScanPage scan(KeyRange range, int limit) {
                        if (Keys.heads(bucketId()).equals(range)
                                || Keys.versions(bucketId()).equals(range)
                                || Keys.uploads(bucketId()).equals(range)) {
                            limits.add(limit);
                        }
                        return super.scan(range, limit);
                    }
                };
            }
        };
    }

    private UUID bucketId() {
        return fixture.bucket().id();
    }

    @Test
    void aBucketMadeAgainIsAnotherOneForEveryNode() {
        CatalogFixture other = fixture.join("n2");
        other.put("k", inline("1"));
        other.delete("k");
        buckets.delete(BUCKET);
        buckets.create(BUCKET, "owner", 1 << 20);
        fixture.put("k", inline("2"));
        assertThat(other.etag("k")).as("the other node's cache is stale").contains("2");
        other.close();
    }

    @Test
    void aRemovedBucketIsNotServedFromTheCache() {
        CatalogFixture other = fixture.join("n2");
        assertThat(other.find("k")).isEmpty();
        buckets.delete(BUCKET);
        assertKind(() -> other.find("k"), Kind.NO_SUCH_BUCKET);
        other.close();
    }

    @Test
    void versioningIsNeverSwitchedOffAgain() {
        assertKind(() -> buckets.setVersioning(BUCKET, Versioning.OFF), Kind.INVALID_ARGUMENT);
        for (Versioning state : List.of(Versioning.ENABLED, Versioning.SUSPENDED)) {
            buckets.setVersioning(BUCKET, state);
            assertThat(buckets.get(BUCKET).versioning()).isEqualTo(state);
        }
    }

    @Test
    void whoeverABucketIsMadeForFindsItAgainAndNobodyElseDoes() {
        Bucket made = claim("photos", "uid-1", false);
        assertThat(made.managedBy()).isEqualTo("uid-1");
        assertThat(made.versioning()).isEqualTo(Versioning.ENABLED);
        assertThat(buckets.get("photos").managedBy()).isEqualTo("uid-1");
        buckets.setVersioning("photos", Versioning.SUSPENDED);
        Bucket again = claim("photos", "uid-1", false);
        assertThat(again).isEqualTo(buckets.get("photos"));
        assertThat(again.id()).isEqualTo(made.id());
        assertThat(again.versioning())
                .as("one that is there keeps its own")
                .isEqualTo(Versioning.SUSPENDED);
        assertKind(() -> claim("photos", "uid-2", false), Kind.BUCKET_OWNED_BY_ANOTHER);
        assertKind(() -> claim("photos", "uid-2", true), Kind.BUCKET_OWNED_BY_ANOTHER);
        assertKind(() -> buckets.create("photos", "root", 1 << 20), Kind.BUCKET_ALREADY_EXISTS);
        assertKind(() -> claim("Photos", "uid-2", true), Kind.INVALID_BUCKET_NAME);
    }

    @Test
    void aBucketOfNobodyIsTakenOverOnlyWhereThatIsAskedFor() {
        fixture.put("k", inline("1"));
        Bucket before = buckets.get(BUCKET);
        assertKind(() -> claim(BUCKET, "uid-1", false), Kind.BUCKET_ALREADY_EXISTS);
        assertThat(claim(BUCKET, "uid-1", true).id()).isEqualTo(before.id());
        assertThat(buckets.get(BUCKET).managedBy()).isEqualTo("uid-1");
        assertThat(buckets.get(BUCKET).versioning()).isEqualTo(before.versioning());
        assertThat(fixture.etag("k")).contains("1");
    }

    @Test
    void whatBelongsToSomebodyIsRemovedByNobodyElse() {
        claim("photos", "uid-1", false);
        assertKind(() -> buckets.delete("photos"), Kind.BUCKET_OWNED_BY_ANOTHER);
        assertKind(() -> buckets.delete("photos", "uid-2"), Kind.BUCKET_OWNED_BY_ANOTHER);
        assertKind(() -> buckets.delete(BUCKET, "uid-1"), Kind.BUCKET_OWNED_BY_ANOTHER);
        buckets.delete("photos", "uid-1");
        assertKind(() -> buckets.get("photos"), Kind.NO_SUCH_BUCKET);
        assertKind(() -> buckets.delete("photos", "uid-1"), Kind.NO_SUCH_BUCKET);
    }

    @Test
    void aBucketThatIsGivenUpBelongsToNobody() {
        claim("photos", "uid-1", false);
        assertKind(() -> buckets.release("photos", "uid-2"), Kind.BUCKET_OWNED_BY_ANOTHER);
        assertThat(buckets.release("photos", "uid-1").managedBy()).isEmpty();
        assertThat(buckets.release("photos", "uid-1").managedBy()).as("once more").isEmpty();
        assertKind(() -> claim("photos", "uid-2", false), Kind.BUCKET_ALREADY_EXISTS);
        buckets.delete("photos");
        assertKind(() -> buckets.release("photos", "uid-1"), Kind.NO_SUCH_BUCKET);
    }

    @Test
    void anOwnerChangesVersioningOfItsOwnBucketsAndS3ClientsThatOfAll() {
        claim("photos", "uid-1", false);
        assertKind(
                () -> buckets.setVersioning("photos", Versioning.SUSPENDED, "uid-2"),
                Kind.BUCKET_OWNED_BY_ANOTHER);
        assertKind(
                () -> buckets.setVersioning(BUCKET, Versioning.ENABLED, "uid-1"),
                Kind.BUCKET_OWNED_BY_ANOTHER);
        assertThat(buckets.setVersioning("photos", Versioning.SUSPENDED, "uid-1").versioning())
                .isEqualTo(Versioning.SUSPENDED);
        buckets.setVersioning("photos", Versioning.ENABLED);
        assertThat(buckets.get("photos").versioning()).isEqualTo(Versioning.ENABLED);
        assertThat(buckets.get("photos").managedBy()).as("and keeps it").isEqualTo("uid-1");
    }

    private Bucket claim(String name, String manager, boolean adopt) {
        return buckets.claim(
                new Buckets.Claim(name, Versioning.ENABLED, manager, adopt), "root", 1 << 20);
    }

    @Test
    void aChunkSizeOutOfBoundsIsRefused() {
        assertKind(() -> buckets.create("small", "o", 1000), Kind.INVALID_ARGUMENT);
        assertKind(() -> buckets.create("large", "o", 1 << 27), Kind.INVALID_ARGUMENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "a.b-c", "0123", "my-bucket.example.com"})
    void goodNamesAreTaken(String name) {
        assertThat(BucketName.isValid(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ab",
                "Abc",
                "a_b",
                "-abc",
                "abc-",
                ".abc",
                "a..b",
                "192.168.0.1",
                "xn--abc",
                "abc-s3alias",
                "a/b",
                "\u00e4bc",
                "",
                "0123456789012345678901234567890123456789012345678901234567890123"
            })
    void badNamesAreRefused(String name) {
        assertKind(() -> buckets.create(name, "o", 1 << 20), Kind.INVALID_BUCKET_NAME);
    }
}
