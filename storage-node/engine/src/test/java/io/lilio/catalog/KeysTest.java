package io.lilio.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KeysTest {

    private static final String[] LETTERS = {
        "\0", "\0\0", "\1", "a", "b", "/", "\u00e9", "\u07ff", "\uffff", "\ud83d\ude00", "~"
    };

    private final Random random = new Random(7);
    private final UUID bucket = new UUID(random.nextLong(), random.nextLong());

    private String word() {
        StringBuilder word = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            word.append(LETTERS[random.nextInt(LETTERS.length)]);
        }
        return word.toString();
    }

    private List<String> words(int count) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            words.add(word());
        }
        return words;
    }

    @Test
    void headsSortAsTheUtf8BytesOfTheirKeys() {
        List<String> words = words(2_000);
        List<String> byUtf8 =
                words.stream().distinct().sorted(Comparator.comparing(Bytes::ofUtf8)).toList();
        List<String> byHead =
                words.stream()
                        .distinct()
                        .sorted(Comparator.comparing(key -> Keys.head(bucket, key)))
                        .toList();
        assertThat(byHead).isEqualTo(byUtf8);
    }

    @Test
    void keysAreReadBackAsTheyWereWritten() {
        for (String key : words(2_000)) {
            UUID upload = new UUID(random.nextLong(), random.nextLong());
            assertThat(Keys.keyOf(Keys.head(bucket, key))).isEqualTo(key);
            assertThat(Keys.keyOf(Keys.version(bucket, key, 77))).isEqualTo(key);
            assertThat(Keys.keyOf(Keys.upload(bucket, key, upload))).isEqualTo(key);
            assertThat(Keys.uploadOf(Keys.upload(bucket, key, upload))).isEqualTo(upload);
            assertThat(Keys.bucketOf(Keys.head(bucket, key))).isEqualTo(bucket);
            assertThat(Keys.seqOf(Keys.version(bucket, key, 77))).isEqualTo(77);
        }
    }

    @Test
    void aPrefixRangeHoldsExactlyTheKeysWithThatPrefix() {
        List<String> keys = words(300);
        for (String prefix : words(100)) {
            KeyRange heads = Keys.heads(bucket, prefix);
            KeyRange versions = Keys.versionsOfPrefix(bucket, prefix);
            KeyRange uploads = Keys.uploadsOfPrefix(bucket, prefix);
            for (String key : keys) {
                boolean has = Bytes.ofUtf8(key).startsWith(Bytes.ofUtf8(prefix));
                assertThat(heads.contains(Keys.head(bucket, key))).isEqualTo(has);
                assertThat(versions.contains(Keys.version(bucket, key, 1))).isEqualTo(has);
                assertThat(uploads.contains(Keys.upload(bucket, key, bucket))).isEqualTo(has);
            }
        }
    }

    @Test
    void theVersionsOfAKeyAreItsOwnAndTheNewestComesFirst() {
        for (String key : words(200)) {
            KeyRange own = Keys.versions(bucket, key);
            assertThat(own.contains(Keys.version(bucket, key, 1))).isTrue();
            assertThat(own.contains(Keys.version(bucket, key, Long.MAX_VALUE))).isTrue();
            assertThat(own.contains(Keys.version(bucket, key + "\0", 1))).isFalse();
            assertThat(own.contains(Keys.version(bucket, key + "a", 1))).isFalse();
            assertThat(Keys.version(bucket, key, 9))
                    .isLessThan(Keys.version(bucket, key, 8))
                    .isLessThan(Keys.version(bucket, key, 1));
        }
    }

    @Test
    void versionsOlderThanOneLeaveThatOneOut() {
        KeyRange older = Keys.versionsOlderThan(bucket, "k", 5);
        assertThat(older.contains(Keys.version(bucket, "k", 6))).isFalse();
        assertThat(older.contains(Keys.version(bucket, "k", 5))).isFalse();
        assertThat(older.contains(Keys.version(bucket, "k", 4))).isTrue();
        assertThat(older.contains(Keys.version(bucket, "k", 1))).isTrue();
    }

    @Test
    void headsAndVersionsCompareByTheirKeysAlone() {
        for (int i = 0; i < 2_000; i++) {
            String one = word();
            String other = word();
            int byKey = Bytes.ofUtf8(one).compareTo(Bytes.ofUtf8(other));
            int found = Keys.compareByKey(Keys.head(bucket, one), Keys.version(bucket, other, i));
            assertThat(Integer.signum(found)).isEqualTo(Integer.signum(byKey));
        }
    }

    @Test
    void partsSortByNumber() {
        KeyRange parts = Keys.parts(bucket, 255);
        assertThat(parts.contains(Keys.part(bucket, 255))).isFalse();
        assertThat(parts.contains(Keys.part(bucket, 256))).isTrue();
        assertThat(parts.contains(Keys.part(bucket, 10_000))).isTrue();
        assertThat(Keys.partNumberOf(Keys.part(bucket, 10_000))).isEqualTo(10_000);
    }

    @Test
    void theLongestKeyOfZerosFits() {
        assertThat(Keys.version(bucket, "\0".repeat(1024), 1).length()).isLessThan(4096);
    }
}
