package io.lilio.catalog;

import static io.lilio.catalog.CatalogFixture.BUCKET;
import static io.lilio.catalog.CatalogFixture.inline;
import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.bucket.Versioning;
import io.lilio.catalog.listing.VersionPage;
import io.lilio.catalog.listing.VersionQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VersionListingTest {

    private final CatalogFixture fixture = CatalogFixture.create();

    @AfterEach
    void close() {
        fixture.close();
    }

    private VersionPage list(
            String delimiter, String keyMarker, @Nullable String versionMarker, int max) {
        return fixture.catalog
                .listings()
                .versions(BUCKET, new VersionQuery("", delimiter, keyMarker, versionMarker, max))
                .page();
    }

    private static List<String> shown(VersionPage page) {
        return page.versions().stream()
                .map(
                        entry ->
                                entry.key()
                                        + "="
                                        + (entry.version().deleteMarker()
                                                ? "marker"
                                                : entry.version().etag())
                                        + (entry.latest() ? "*" : ""))
                .toList();
    }

    @Test
    void withoutVersioningEveryObjectIsItsLatestNullVersion() {
        fixture.put("a", inline("1"));
        fixture.put("b", inline("2"));
        VersionPage page = list("", "", null, 10);
        assertThat(shown(page)).containsExactly("a=1*", "b=2*");
        assertThat(page.versions()).allMatch(entry -> entry.version().nullVersion());
    }

    @Test
    void versionsComeNewestFirstWithTheLatestMarked() {
        fixture.put("a", inline("null"));
        fixture.versioning(Versioning.ENABLED);
        fixture.put("a", inline("1"));
        fixture.put("b", inline("2"));
        fixture.put("a", inline("3"));
        fixture.delete("a");
        fixture.put("c", inline("4"));
        assertThat(shown(list("", "", null, 10)))
                .containsExactly("a=marker*", "a=3", "a=1", "a=null", "b=2*", "c=4*");
    }

    @Test
    void aNullVersionInTheHeadComesBeforeOlderVersions() {
        fixture.versioning(Versioning.ENABLED);
        fixture.put("a", inline("1"));
        fixture.versioning(Versioning.SUSPENDED);
        fixture.put("a", inline("null"));
        assertThat(shown(list("", "", null, 10))).containsExactly("a=null*", "a=1");
    }

    @Test
    void aPromotedVersionIsTheLatest() {
        fixture.versioning(Versioning.ENABLED);
        fixture.put("a", inline("1"));
        fixture.put("a", inline("2"));
        fixture.delete("a", fixture.find("a").orElseThrow().id());
        assertThat(shown(list("", "", null, 10))).containsExactly("a=1*");
    }

    @Test
    void aDelimiterRollsUpAllVersionsOfAllKeysBelow() {
        fixture.versioning(Versioning.ENABLED);
        for (String key : List.of("a/1", "a/2", "b", "c/1")) {
            fixture.put(key, inline("1"));
            fixture.put(key, inline("2"));
        }
        fixture.delete("c/1");
        VersionPage page = list("/", "", null, 10);
        assertThat(shown(page)).containsExactly("b=2*", "b=1");
        assertThat(page.commonPrefixes()).containsExactly("a/", "c/");
        VersionPage first = list("/", "", null, 1);
        assertThat(first.truncated()).isTrue();
        assertThat(first.nextKey()).isEqualTo("a/");
        assertThat(first.nextVersion()).isEmpty();
        assertThat(shown(list("/", "a/", null, 10))).containsExactly("b=2*", "b=1");
    }

    @Test
    void aVersionMarkerGoesOnWithinItsKeyAndAKeyMarkerSkipsIt() {
        fixture.versioning(Versioning.ENABLED);
        fixture.put("a", inline("1"));
        String two = fixture.put("a", inline("2")).version().id().toString();
        fixture.put("a", inline("3"));
        fixture.put("b", inline("4"));
        assertThat(shown(list("", "a", two, 10))).containsExactly("a=1", "b=4*");
        assertThat(shown(list("", "a", null, 10))).containsExactly("b=4*");
    }

    @Test
    void theNullVersionCanBeAMarkerToo() {
        fixture.put("a", inline("null"));
        fixture.versioning(Versioning.ENABLED);
        fixture.put("a", inline("1"));
        assertThat(shown(list("", "a", "null", 10))).isEmpty();
        fixture.versioning(Versioning.SUSPENDED);
        fixture.put("a", inline("null2"));
        assertThat(shown(list("", "a", "null", 10))).containsExactly("a=1");
    }

    @Test
    void pagesOfAnySizeTogetherShowEverythingOnce() {
        Random random = new Random(5);
        fixture.put("k0", inline("n"));
        fixture.versioning(Versioning.ENABLED);
        for (int i = 0; i < 120; i++) {
            if (i == 60) {
                fixture.versioning(Versioning.SUSPENDED);
            }
            if (i == 80) {
                fixture.versioning(Versioning.ENABLED);
            }
            String key = "k" + random.nextInt(6) + (random.nextBoolean() ? "/x" : "");
            switch (random.nextInt(4)) {
                case 0 -> fixture.delete(key);
                case 1 -> fixture.find(key).ifPresent(it -> fixture.delete(key, it.id()));
                default -> fixture.put(key, inline("v" + i));
            }
        }
        for (String delimiter : List.of("", "/")) {
            VersionPage whole = list(delimiter, "", null, 1000);
            assertThat(whole.truncated()).isFalse();
            for (int max : new int[] {1, 2, 3, 10}) {
                List<VersionPage.Entry> versions = new ArrayList<>();
                List<String> prefixes = new ArrayList<>();
                VersionPage page = list(delimiter, "", null, max);
                while (true) {
                    versions.addAll(page.versions());
                    prefixes.addAll(page.commonPrefixes());
                    if (!page.truncated()) {
                        break;
                    }
                    String marker = page.nextVersion().orElse(null);
                    page = list(delimiter, page.nextKey(), marker, max);
                }
                assertThat(versions).as("pages of %d", max).isEqualTo(whole.versions());
                assertThat(prefixes).isEqualTo(whole.commonPrefixes());
            }
        }
    }
}
