package io.lilio.metadata.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.KeyValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyTreeTest {

    @Test
    void behavesLikeASortedMapAndStaysBalancedAndOldTreesStayAsTheyWere() {
        Random random = new Random(1);
        TreeMap<Bytes, Entry> expected = new TreeMap<>();
        @Nullable KeyTree tree = null;
        @Nullable KeyTree old = null;
        List<Bytes> oldKeys = List.of();
        for (int i = 0; i < 20_000; i++) {
            Bytes key = Bytes.ofUtf8("%03d".formatted(random.nextInt(700)));
            if (random.nextInt(5) < 3) {
                Entry entry = new Entry(new KeyValue(key, Bytes.empty(), i, i), null);
                expected.put(key, entry);
                tree = KeyTree.put(tree, entry);
            } else {
                expected.remove(key);
                tree = KeyTree.remove(tree, key);
            }
            assertThat(KeyTree.get(tree, key)).isEqualTo(expected.get(key));
            if (i == 10_000) {
                old = tree;
                oldKeys = List.copyOf(expected.keySet());
            }
        }
        assertThat(keys(tree, "", "~")).containsExactlyElementsOf(expected.keySet());
        assertThat(keys(tree, "2", "45"))
                .containsExactlyElementsOf(
                        expected.subMap(Bytes.ofUtf8("2"), Bytes.ofUtf8("45")).keySet());
        assertThat(Objects.requireNonNull(tree).height()).isLessThan(15);
        assertThat(keys(old, "", "~")).isEqualTo(oldKeys);
    }

    private static List<Bytes> keys(@Nullable KeyTree tree, String from, String to) {
        List<Bytes> keys = new ArrayList<>();
        KeyTree.visit(
                tree,
                new KeyRange(Bytes.ofUtf8(from), Bytes.ofUtf8(to)),
                entry -> keys.add(entry.key()));
        return keys;
    }
}
