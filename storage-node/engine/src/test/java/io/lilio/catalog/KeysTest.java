package io.lilio.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.chunk.BlobId;
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

    /** Stored data is found by these bytes: a change here loses everything that is stored. */
    @Test
    void theKeySpaceIsFixedForEver() {
        UUID id = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
        String idHex = "00112233445566778899aabbccddeeff";
        BlobId blob = new BlobId(0x0011223344556677L, 0x8899aabbccddeeffL);
        assertThat(Keys.bucket("abc")).hasToString("62616263");
        assertThat(Keys.head(id, "a\0b")).hasToString("68" + idHex + "6100ff620001");
        assertThat(Keys.version(id, "a", 1)).hasToString("76" + idHex + "610001fffffffffffffffe");
        assertThat(Keys.upload(id, "a", id)).hasToString("75" + idHex + "610001" + idHex);
        assertThat(Keys.part(id, 10_000)).hasToString("70" + idHex + "2710");
        assertThat(Keys.completed(id)).hasToString("63" + idHex);
        assertThat(Keys.trashedBlob(blob)).hasToString("7462" + idHex);
        assertThat(Keys.trashedUpload(id)).hasToString("7475" + idHex);
        assertThat(Keys.trashedLeftovers(id)).hasToString("746c" + idHex);
        assertThat(Keys.accessKey("AK")).hasToString("61414b");
        assertThat(Keys.cluster()).hasToString("43");
        assertThat(Keys.ring()).hasToString("52");
        assertThat(Keys.openEpoch(1)).hasToString("450000000000000001");
        assertThat(Keys.settled(1)).hasToString("5300000001");
        assertThat(Keys.operation("gc")).hasToString("4f6763");
        assertThat(Keys.maintenanceLease("gc")).hasToString("4c6763");
        assertThat(Keys.usage(id, "n")).hasToString("55" + idHex + "6e");
    }
}
