package io.lilio.catalog.loss;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.CatalogFixture;
import io.lilio.catalog.bucket.Versioning;
import io.lilio.catalog.content.BlobRef;
import io.lilio.catalog.content.Part;
import io.lilio.catalog.object.Conditions;
import io.lilio.catalog.object.Stored;
import io.lilio.catalog.object.VersionId;
import io.lilio.catalog.upload.Upload;
import io.lilio.chunk.ChunkId;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.ForwardingMetadataStore;
import io.lilio.metadata.ReadView;
import io.lilio.placement.Endangered;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Partitioning;
import io.lilio.placement.Replication;
import io.lilio.placement.Ring;
import io.lilio.placement.RingView;
import io.lilio.placement.SettledEpochs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two of five members are to be lost, and with them both of the three slots of some partitions. */
class LossWalkTest {

    private static final int CHUNK = 1 << 20;
    private static final LossWalk.Bounds ALL = new LossWalk.Bounds(1_000, 100_000);
    private static final VersionId NULL = new VersionId.Null();

    private static final Ring RING =
            Ring.create(
                    Partitioning.of(64),
                    new Replication(3, 2, 2, Replication.Spread.HOST, false),
                    IntStream.rangeClosed(1, 5).mapToObj(LossWalkTest::member).toList());

    private final CatalogFixture fixture = CatalogFixture.create();
    private final LossWalk walk = new LossWalk(fixture.store);
    private final Endangered endangered = remaining(1, 2, 3);

    @AfterEach
    void close() {
        fixture.close();
    }

    private static Member member(int number) {
        return new Member(
                id(number), "disk", "node-" + number, "host-" + number, "", 1, MemberState.ACTIVE);
    }

    private static MemberId id(int number) {
        return new MemberId(new UUID(number * 0x9E3779B97F4A7C15L, number));
    }

    private static Endangered remaining(int... numbers) {
        return new Endangered(
                new RingView(RING, SettledEpochs.NONE),
                IntStream.of(numbers).mapToObj(LossWalkTest::id).collect(Collectors.toSet()));
    }

    /** What a page lists when it may list everything. */
    private List<AtRisk> found() {
        LossWalk.Page page = walk.next(endangered, null, ALL);
        assertThat(page.next()).isEmpty();
        return page.found();
    }

    private static AtRisk object(String key) {
        return object(key, NULL);
    }

    private static AtRisk object(String key, VersionId version) {
        return new AtRisk.OfVersion(CatalogFixture.BUCKET, key, version);
    }

    private static AtRisk part(Upload upload, int number) {
        return new AtRisk.OfUpload(CatalogFixture.BUCKET, upload.key(), upload.id(), number);
    }

    /** A blob with chunks of which those are endangered, and no others, that are told. */
    private BlobRef blob(boolean... chunks) {
        while (true) {
            BlobRef blob = fixture.blob((long) chunks.length * CHUNK);
            boolean fits =
                    IntStream.range(0, chunks.length)
                            .allMatch(index -> isEndangered(blob, index) == chunks[index]);
            if (fits) {
                return blob;
            }
        }
    }

    /** Counted anew: fewer than two of its three slots remain. */
    private static boolean isEndangered(BlobRef blob, int index) {
        int partition = new ChunkId(blob.id(), index, 0).partition(RING.partitions());
        Set<MemberId> lost = Set.of(id(4), id(5));
        return RING.table().members(partition).stream().filter(lost::contains).count() > 1;
    }

    private Stored put(String key, boolean... chunks) {
        return fixture.put(key, fixture.ofBlob(blob(chunks)));
    }

    private Part putPart(Upload upload, int number, boolean... chunks) {
        return fixture.tryPutPart(upload, number, blob(chunks)).orThrow();
    }

    @Test
    void anObjectIsFoundWhenAnyOfItsChunksIsEndangered() {
        put("first", true, false, false);
        put("last", false, false, true);
        put("none", false, false, false);
        put("only", true);
        assertThat(found()).containsExactly(object("first"), object("last"), object("only"));
    }

    @Test
    void whatHasNoChunksIsNotEndangered() {
        fixture.put("inline", CatalogFixture.inline("text"));
        fixture.put("empty", fixture.ofBlob(fixture.blob(0)));
        assertThat(found()).isEmpty();
    }

    @Test
    void everyVersionIsFoundByItsIdAndDeleteMarkersAreNot() {
        put("k", true);
        fixture.versioning(Versioning.ENABLED);
        VersionId old = put("k", true).version().id();
        put("k", false);
        VersionId current = put("k", true).version().id();
        fixture.delete("gone");
        assertThat(found())
                .containsExactly(object("k", current), object("k", old), object("k", NULL));
    }

    @Test
    void whatIsInTheTrashIsNotFound() {
        put("deleted", true);
        fixture.delete("deleted");
        put("overwritten", true);
        put("overwritten", false);
        Upload aborted = fixture.beginUpload("aborted");
        putPart(aborted, 1, true);
        fixture.abort(aborted).orThrow();
        Upload completed = fixture.beginUpload("multipart");
        fixture.complete(completed, putPart(completed, 1, true));
        fixture.delete("multipart");
        assertThat(fixture.trash()).isNotEmpty();
        assertThat(found()).isEmpty();
    }

    @Test
    void anObjectOfPartsIsFoundOnceForThePartsThatItConsistsOf() {
        Upload endangers = fixture.beginUpload("endangered");
        fixture.complete(
                endangers,
                putPart(endangers, 1, false),
                putPart(endangers, 3, true),
                putPart(endangers, 4, true));
        Upload leavesOver = fixture.beginUpload("well");
        putPart(leavesOver, 2, true);
        fixture.complete(leavesOver, putPart(leavesOver, 1, false), putPart(leavesOver, 3, false));
        assertThat(found()).containsExactly(object("endangered"));
    }

    @Test
    void ofAnOpenUploadEachPartIsFound() {
        Upload upload = fixture.beginUpload("open");
        putPart(upload, 1, true);
        putPart(upload, 2, false);
        putPart(upload, 10_000, true);
        fixture.beginUpload("without parts");
        assertThat(found()).containsExactly(part(upload, 1), part(upload, 10_000));
    }

    @Test
    void objectsAreCalledByTheNamesOfTheirBuckets() {
        put("k", true);
        fixture.catalog.buckets().create("another", "owner", CHUNK);
        fixture.catalog.buckets().create("third", "owner", CHUNK);
        try (var request = fixture.begin()) {
            fixture.catalog
                    .objects()
                    .put(
                            request,
                            fixture.catalog.objects().look("third", "k"),
                            fixture.ofBlob(blob(true)),
                            Conditions.none())
                    .orThrow();
        }
        assertThat(found())
                .extracting(AtRisk::bucket)
                .containsExactlyInAnyOrder(CatalogFixture.BUCKET, "third");
    }

    @Test
    void nothingIsReadWhenNothingIsEndangered() {
        put("k", true);
        LossWalk unread =
                new LossWalk(
                        new ForwardingMetadataStore(fixture.store) {
                            @Override
                            public ReadView view() {
                                throw new AssertionError("something is read");
                            }
                        });
        assertThat(unread.next(remaining(1, 2, 3, 4), null, ALL))
                .isEqualTo(new LossWalk.Page(List.of(), Optional.empty()));
    }

    /** Some of everything; all that is endangered of it. */
    private Set<AtRisk> fill() {
        Set<AtRisk> expected = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            boolean endangers = i % 3 == 0;
            put("null-" + i, endangers);
            Upload completed = fixture.beginUpload("multi-" + i);
            fixture.complete(
                    completed, putPart(completed, 1, false), putPart(completed, 2, endangers));
            if (endangers) {
                expected.add(object("null-" + i));
                expected.add(object("multi-" + i));
            }
        }
        fixture.versioning(Versioning.ENABLED);
        for (int i = 0; i < 10; i++) {
            expected.add(object("null-1", put("null-1", true).version().id()));
        }
        for (int i = 0; i < 3; i++) {
            Upload open = fixture.beginUpload("open-" + i);
            for (int number = 1; number <= 7; number++) {
                putPart(open, number, number % 2 == 0);
                if (number % 2 == 0) {
                    expected.add(part(open, number));
                }
            }
        }
        return expected;
    }

    @ParameterizedTest
    @CsvSource({"1,100000", "2,100000", "7,100000", "1000,1", "1000,9", "3,25"})
    void allPagesTogetherHaveEverythingOnce(int limit, int records) {
        Set<AtRisk> expected = fill();
        List<AtRisk> met = new ArrayList<>();
        Optional<LossCursor> next = Optional.empty();
        do {
            LossWalk.Page page =
                    walk.next(endangered, next.orElse(null), new LossWalk.Bounds(limit, records));
            assertThat(page.found()).hasSizeLessThanOrEqualTo(limit);
            met.addAll(page.found());
            next = page.next().map(LossCursor::text).flatMap(LossCursor::parse);
            assertThat(next).as("a place is read as it was written").isEqualTo(page.next());
        } while (next.isPresent());
        assertThat(met).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void aPageEndsAfterSoManyRecordsAlthoughItHasFoundNothing() {
        for (int i = 0; i < 100; i++) {
            put("k%02d".formatted(i), i == 99);
        }
        var bounds = new LossWalk.Bounds(10, 30);
        LossWalk.Page page = walk.next(endangered, null, bounds);
        for (int pages = 1; pages <= 3; pages++) {
            assertThat(page.found()).as("page %d", pages).isEmpty();
            page = walk.next(endangered, page.next().orElseThrow(), bounds);
        }
        assertThat(page.found()).containsExactly(object("k99"));
    }

    /** However many parts each of them has, they cost. */
    @Test
    void questionsForPartsCountAsRecords() {
        for (int i = 0; i < 10; i++) {
            Upload upload = fixture.beginUpload("m" + i);
            fixture.complete(upload, putPart(upload, 1, i == 9));
        }
        LossWalk.Page page = walk.next(endangered, null, new LossWalk.Bounds(10, 60));
        assertThat(page.found()).isEmpty();
        assertThat(walk.next(endangered, page.next().orElseThrow(), ALL).found())
                .containsExactly(object("m9"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AA", "AABh", "nonsense", "AABi/", "!", "AAFoYWJj", "J1R1YWJj"})
    void whatNamesNoPlaceIsNone(String text) {
        assertThat(LossCursor.parse(text)).isEmpty();
    }

    @Test
    void whatAClientMakesUpIsAPlaceAtMost() {
        put("k", true);
        LossCursor madeUp = new LossCursor(Bytes.ofUtf8("h"), 0);
        assertThat(walk.next(endangered, madeUp, ALL).found()).containsExactly(object("k"));
        LossCursor beyond = new LossCursor(Bytes.ofUtf8("u\u007f\u007f"), 9_999);
        assertThat(walk.next(endangered, beyond, ALL).found()).isEmpty();
    }
}
