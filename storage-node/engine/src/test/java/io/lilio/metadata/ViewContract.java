package io.lilio.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Views and scans. */
public abstract class ViewContract extends MetadataStoreContract {

    @Test
    void aViewStaysAsItWasWhileWritesGoOn() {
        put("a", "1");
        long revision = put("b", "1");
        try (ReadView view = store.view()) {
            put("a", "2");
            delete("b");
            put("c", "2");

            assertThat(view.revision()).isEqualTo(revision);
            ReadResult read = view.read(List.of(bytes("a"), bytes("b"), bytes("c")));
            assertThat(read.revision()).isEqualTo(revision);
            assertThat(text(read.get(0).orElseThrow())).isEqualTo("1");
            assertThat(read.get(1)).isPresent();
            assertThat(read.get(2)).isEmpty();
            assertThat(keys(view.scan(range("a", "z"), 10))).containsExactly("a", "b");
        }
        try (ReadView later = store.view()) {
            assertThat(keys(later.scan(range("a", "z"), 10))).containsExactly("a", "c");
        }
    }

    @Test
    void aScanKeepsToItsRangeAndItsOrder() {
        for (String key : List.of("d", "b", "a", "c", "e")) {
            put(key, key);
        }
        try (ReadView view = store.view()) {
            ScanPage page = view.scan(range("b", "e"), 10);
            assertThat(keys(page)).containsExactly("b", "c", "d");
            assertThat(page.complete()).isTrue();
            KeyValue first = page.entries().getFirst();
            assertThat(first).isEqualTo(view.read(List.of(bytes("b"))).get(0).orElseThrow());
        }
    }

    @Test
    void aPageSaysWhetherTheRangeHoldsMore() {
        for (String key : List.of("a", "b", "c")) {
            put(key, key);
        }
        try (ReadView view = store.view()) {
            assertThat(view.scan(range("a", "z"), 2).complete()).isFalse();
            assertThat(view.scan(range("a", "z"), 3).complete()).isTrue();
            assertThat(view.scan(range("a", "c"), 2).complete()).isTrue();
            assertThat(view.scan(range("x", "z"), 1).complete()).isTrue();
            assertThat(view.scan(range("b", "b"), 1).entries()).isEmpty();
        }
    }

    @Test
    void pagesTogetherAreTheRange() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 1_000; i += 100) {
            Txn.Builder txn = Txn.grow();
            for (int j = i; j < i + 100; j++) {
                String key = "%04d".formatted(j);
                expected.add(key);
                txn.put(bytes(key), bytes(key));
            }
            committed(txn.build());
        }
        try (ReadView view = store.view()) {
            assertThat(scanAll(view, range("0", "9"), 77)).isEqualTo(expected);
        }
    }

    @Test
    void pagesAreBoundedInBytes() {
        Bytes value = Bytes.wrap(new byte[900 * 1024]);
        List<String> expected = List.of("a", "b", "c", "d", "e", "f");
        for (String key : expected) {
            committed(Txn.grow().put(bytes(key), value).build());
        }
        try (ReadView view = store.view()) {
            ScanPage page = view.scan(range("a", "z"), 10);
            assertThat(keys(page)).containsExactly("a", "b", "c", "d");
            assertThat(page.complete()).isFalse();
            assertThat(scanAll(view, range("a", "z"), 10)).isEqualTo(expected);
        }
    }

    @Test
    void limitsAreHeld() {
        try (ReadView view = store.view()) {
            assertThatThrownBy(() -> view.scan(range("a", "z"), 0))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> view.scan(range("a", "z"), Limits.MAX_SCAN_KEYS + 1))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> range("b", "a")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aViewThatIsClosedOrOlderThanAMinuteIsRefused() {
        put("a", "1");
        ReadView closed = store.view();
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.read(List.of(bytes("a"))))
                .isInstanceOf(ViewExpiredException.class);
        try (ReadView old = store.view()) {
            time.advance(Duration.ofSeconds(61));
            assertThatThrownBy(() -> old.read(List.of(bytes("a"))))
                    .isInstanceOf(ViewExpiredException.class);
            assertThatThrownBy(() -> old.scan(range("a", "b"), 1))
                    .isInstanceOf(ViewExpiredException.class);
        }
        try (ReadView fresh = store.view()) {
            assertThat(keys(fresh.scan(range("a", "b"), 1))).containsExactly("a");
        }
    }

    private static List<String> scanAll(ReadView view, KeyRange range, int limit) {
        List<String> found = new ArrayList<>();
        KeyRange rest = range;
        while (true) {
            ScanPage page = view.scan(rest, limit);
            found.addAll(keys(page));
            if (page.complete()) {
                return found;
            }
            rest = new KeyRange(page.entries().getLast().key().next(), range.to());
        }
    }
}
