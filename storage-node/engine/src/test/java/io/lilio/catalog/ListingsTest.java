package io.lilio.catalog;

import static io.lilio.catalog.CatalogFixture.BUCKET;
import static io.lilio.catalog.CatalogFixture.inline;
import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.bucket.Versioning;
import io.lilio.catalog.listing.ObjectPage;
import io.lilio.catalog.listing.ObjectQuery;
import io.lilio.catalog.listing.UploadPage;
import io.lilio.catalog.listing.UploadQuery;
import io.lilio.catalog.upload.Upload;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.Txn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListingsTest {

    private final CatalogFixture fixture = CatalogFixture.create();

    @AfterEach
    void close() {
        fixture.close();
    }

    private ObjectPage list(String prefix, String delimiter, String after, int max) {
        return fixture.catalog
                .listings()
                .objects(BUCKET, new ObjectQuery(prefix, delimiter, after, max))
                .page();
    }

    private static List<String> keys(ObjectPage page) {
        return page.objects().stream().map(ObjectPage.Entry::key).toList();
    }

    private void putAll(String... keys) {
        for (String key : keys) {
            fixture.put(key, inline(key));
        }
    }

    @Test
    void keysAreListedInOrderWithWhatAListingShows() {
        putAll("b", "a", "c");
        ObjectPage page = list("", "", "", 1000);
        assertThat(keys(page)).containsExactly("a", "b", "c");
        assertThat(page.truncated()).isFalse();
        assertThat(page.objects().getFirst().version())
                .isEqualTo(fixture.find("a").orElseThrow().summary());
    }

    @Test
    void pagesGoOnWhereTheLastEnded() {
        putAll("a", "b", "c", "d", "e");
        ObjectPage first = list("", "", "", 2);
        assertThat(keys(first)).containsExactly("a", "b");
        assertThat(first.truncated()).isTrue();
        ObjectPage second = list("", "", first.last(), 3);
        assertThat(keys(second)).containsExactly("c", "d", "e");
        assertThat(second.truncated()).as("nothing is left").isFalse();
    }

    @Test
    void aDelimiterRollsUp() {
        putAll("a", "b/1", "b/2", "b/c/3", "c", "d/1");
        ObjectPage root = list("", "/", "", 1000);
        assertThat(keys(root)).containsExactly("a", "c");
        assertThat(root.commonPrefixes()).containsExactly("b/", "d/");
        ObjectPage below = list("b/", "/", "", 1000);
        assertThat(keys(below)).containsExactly("b/1", "b/2");
        assertThat(below.commonPrefixes()).containsExactly("b/c/");
    }

    @Test
    void aPageThatEndsWithACommonPrefixGoesOnBehindIt() {
        putAll("a/1", "a/2", "b/1", "c");
        ObjectPage first = list("", "/", "", 1);
        assertThat(first.commonPrefixes()).containsExactly("a/");
        assertThat(first.truncated()).isTrue();
        assertThat(first.last()).isEqualTo("a/");
        ObjectPage rest = list("", "/", "a/", 10);
        assertThat(rest.commonPrefixes()).containsExactly("b/");
        assertThat(keys(rest)).containsExactly("c");
        assertThat(list("", "/", "a/1", 10).commonPrefixes())
                .as("from within a prefix there is more of it")
                .containsExactly("a/", "b/");
    }

    @Test
    void noKeysWantedNoKeysGiven() {
        putAll("a");
        ObjectPage page = list("", "", "", 0);
        assertThat(page.objects()).isEmpty();
        assertThat(page.truncated()).isFalse();
    }

    @Test
    void deletedKeysAreNotShownNorDoTheyMakeACommonPrefix() {
        fixture.versioning(Versioning.ENABLED);
        putAll("a/1", "b/1", "b/2", "c");
        fixture.delete("a/1");
        fixture.delete("b/1");
        fixture.delete("c");
        ObjectPage root = list("", "/", "", 1000);
        assertThat(keys(root)).isEmpty();
        assertThat(root.commonPrefixes()).containsExactly("b/");
        assertThat(list("", "/", "", 1).truncated()).isFalse();
    }

    /** All keys, rolled up in memory, in pages of every size, against the lister. */
    @Test
    void anyPagesOfAnyKeysShowWhatASortedSetWouldShow() {
        Random random = new Random(11);
        String[] letters = {"a", "b", "/", "\0", "\u00e9", "\ud83d\ude00"};
        TreeSet<String> all = new TreeSet<>(Comparator.comparing(Bytes::ofUtf8));
        for (int i = 0; i < 400; i++) {
            StringBuilder key = new StringBuilder();
            for (int length = 1 + random.nextInt(6); length > 0; length--) {
                key.append(letters[random.nextInt(letters.length)]);
            }
            all.add(key.toString());
        }
        all.forEach(key -> fixture.put(key, inline("x")));
        for (String prefix : List.of("", "a", "a/", "/", "b\0", "\u00e9")) {
            for (String delimiter : List.of("", "/", "a/")) {
                for (int max : new int[] {1, 2, 7, 1000}) {
                    assertThat(pages(prefix, delimiter, max))
                            .as("prefix '%s' delimiter '%s' max %d", prefix, delimiter, max)
                            .isEqualTo(expected(all, prefix, delimiter));
                }
            }
        }
    }

    private List<String> pages(String prefix, String delimiter, int max) {
        List<String> shown = new ArrayList<>();
        String after = "";
        while (true) {
            ObjectPage page = list(prefix, delimiter, after, max);
            List<String> items = new ArrayList<>(keys(page));
            items.addAll(page.commonPrefixes());
            assertThat(items.size()).isLessThanOrEqualTo(max);
            items.sort(Comparator.comparing(Bytes::ofUtf8));
            shown.addAll(items);
            if (!page.truncated()) {
                return shown;
            }
            assertThat(page.last()).isEqualTo(items.getLast());
            after = page.last();
        }
    }

    private static List<String> expected(SortedSet<String> all, String prefix, String delimiter) {
        TreeSet<String> shown = new TreeSet<>(all.comparator());
        for (String key : all) {
            if (!key.startsWith(prefix)) {
                continue;
            }
            int at = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
            shown.add(at < 0 ? key : key.substring(0, at + delimiter.length()));
        }
        return List.copyOf(shown);
    }

    @Test
    void theRootOfAHundredThousandKeysUnderOnePrefixTakesAHandfulOfCalls() {
        copyHeads("photos/", 100_000);
        putAll("a", "z");
        int scans = fixture.store.scans();
        ObjectPage root = list("", "/", "", 1000);
        assertThat(keys(root)).containsExactly("a", "z");
        assertThat(root.commonPrefixes()).containsExactly("photos/");
        assertThat(fixture.store.scans() - scans).isLessThanOrEqualTo(4);
        KeyRange heads = Keys.heads(fixture.bucket().id());
        assertThat(fixture.store.scanned().subList(scans, fixture.store.scans()))
                .as("every range ends where the bucket's heads do")
                .allSatisfy(
                        range -> {
                            assertThat(range.from()).isGreaterThanOrEqualTo(heads.from());
                            assertThat(range.to()).isEqualTo(heads.to());
                        });
    }

    @Test
    void aPageOfAThousandKeysTakesAHandfulOfCalls() {
        copyHeads("", 3_000);
        int scans = fixture.store.scans();
        assertThat(list("", "", "", 1000).objects()).hasSize(1000);
        assertThat(fixture.store.scans() - scans).isEqualTo(1);
        assertThat(list("", "/", "", 1000).objects()).hasSize(1000);
        assertThat(fixture.store.scans() - scans).isLessThanOrEqualTo(6);
    }

    @Test
    void veryManyDeletedKeysEndAPageAndTheNextGoesOnBehindThem() {
        copyMarkers("gone/", 60_000);
        putAll("z");
        for (String delimiter : List.of("", "/")) {
            int scans = fixture.store.scans();
            ObjectPage page = list("", delimiter, "", 1);
            assertThat(page.isEmpty()).isTrue();
            assertThat(page.truncated()).isTrue();
            assertThat(page.last()).isEqualTo("gone/00049999");
            assertThat(fixture.store.scans() - scans).as("calls").isLessThanOrEqualTo(60);
            ObjectPage rest = list("", delimiter, page.last(), 1);
            assertThat(keys(rest)).containsExactly("z");
            assertThat(rest.truncated()).isFalse();
        }
    }

    @Test
    void noPageEndsWithADeletedKeyThatLooksLikeACommonPrefixWithSomethingInIt() {
        copyMarkers("a", 49_999);
        putAll("b/", "b/1", "c");
        fixture.delete("b/");
        ObjectPage page = list("", "/", "", 1);
        assertThat(page.commonPrefixes()).containsExactly("b/");
        assertThat(keys(list("", "/", page.last(), 1))).containsExactly("c");
    }

    private void copyMarkers(String prefix, int count) {
        fixture.versioning(Versioning.ENABLED);
        putAll("model");
        fixture.delete("model");
        copy(headOfModel(), prefix, count);
    }

    private void copyHeads(String prefix, int count) {
        putAll("model");
        Bytes head = headOfModel();
        fixture.delete("model");
        copy(head, prefix, count);
    }

    private Bytes headOfModel() {
        return fixture.store
                .read(List.of(Keys.head(fixture.bucket().id(), "model")))
                .get(0)
                .orElseThrow()
                .value();
    }

    /** Puts many heads straight into the store, as the catalog would write them. */
    private void copy(Bytes head, String prefix, int count) {
        UUID bucket = fixture.bucket().id();
        for (int i = 0; i < count; ) {
            Txn.Builder txn = Txn.grow();
            for (int n = 0; n < 100 && i < count; n++, i++) {
                txn.put(Keys.head(bucket, prefix + "%08d".formatted(i)), head);
            }
            fixture.store.commit(txn.build());
        }
    }

    @Test
    void uploadsAreListedByKeyAndBeginning() {
        Upload a1 = fixture.beginUpload("a");
        Upload b1 = fixture.beginUpload("b/1");
        Upload b2 = fixture.beginUpload("b/2");
        Upload c = fixture.beginUpload("c");
        assertThat(uploads("", "", "", Optional.empty(), 10).uploads())
                .containsExactly(a1, b1, b2, c);

        UploadPage rolled = uploads("", "/", "", Optional.empty(), 10);
        assertThat(rolled.uploads()).containsExactly(a1, c);
        assertThat(rolled.commonPrefixes()).containsExactly("b/");

        UploadPage first = uploads("", "", "", Optional.empty(), 2);
        assertThat(first.truncated()).isTrue();
        assertThat(first.nextKey()).isEqualTo("b/1");
        UploadPage rest = uploads("", "", first.nextKey(), first.nextUpload(), 10);
        assertThat(rest.uploads()).containsExactly(b2, c);
        assertThat(uploads("b", "", "", Optional.empty(), 10).uploads()).containsExactly(b1, b2);
    }

    @Test
    void uploadsOfOneKeyArePagedThrough() {
        List<Upload> begun = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            begun.add(fixture.beginUpload("k"));
        }
        List<Upload> listed = new ArrayList<>();
        UploadPage page = uploads("", "", "", Optional.empty(), 2);
        listed.addAll(page.uploads());
        while (page.truncated()) {
            page = uploads("", "", page.nextKey(), page.nextUpload(), 2);
            listed.addAll(page.uploads());
        }
        assertThat(listed).containsExactlyInAnyOrderElementsOf(begun);
        assertThat(uploads("", "", "k", Optional.empty(), 10).uploads())
                .as("a key marker alone skips the whole key")
                .isEmpty();
    }

    private UploadPage uploads(
            String prefix,
            String delimiter,
            String keyMarker,
            Optional<UUID> uploadMarker,
            int max) {
        return fixture.catalog
                .listings()
                .uploads(BUCKET, new UploadQuery(prefix, delimiter, keyMarker, uploadMarker, max))
                .page();
    }
}
