package io.lilio.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Commits, compares and what they leave behind. */
public abstract class TransactionContract extends MetadataStoreContract {

    @Test
    void whatWasPutIsRead() {
        long revision = put("a", "1");

        KeyValue found = get("a").orElseThrow();
        assertThat(text(found)).isEqualTo("1");
        assertThat(found.key()).isEqualTo(bytes("a"));
        assertThat(found.createRevision()).isEqualTo(revision);
        assertThat(found.modRevision()).isEqualTo(revision);
        assertThat(store.revision()).isEqualTo(revision);
    }

    @Test
    void replacingKeepsTheCreateRevisionAndDeletingEndsIt() {
        long created = put("a", "1");
        long replaced = put("a", "2");
        assertThat(get("a").orElseThrow().createRevision()).isEqualTo(created);
        assertThat(get("a").orElseThrow().modRevision()).isEqualTo(replaced);

        delete("a");
        assertThat(get("a")).isEmpty();
        long again = put("a", "3");
        assertThat(get("a").orElseThrow().createRevision()).isEqualTo(again);
    }

    @Test
    void everyChangeRaisesTheRevisionByOne() {
        long before = store.revision();
        assertThat(put("a", "1")).isEqualTo(before + 1);
        assertThat(put("a", "1")).isEqualTo(before + 2);
        assertThat(delete("a")).isEqualTo(before + 3);
        assertThat(store.revision()).isEqualTo(before + 3);
    }

    @Test
    void deletingWhatIsNotThereIsNoError() {
        long before = store.revision();
        assertThat(delete("never")).isBetween(before, before + 1);
    }

    @Test
    void aTransactionWritesAllItsKeysAtOneRevision() {
        put("c", "old");
        long revision =
                committed(
                        Txn.grow()
                                .put(bytes("a"), bytes("1"))
                                .put(bytes("b"), bytes("2"))
                                .delete(bytes("c"))
                                .build());
        ReadResult read = store.read(List.of(bytes("a"), bytes("b"), bytes("c")));
        assertThat(read.revision()).isEqualTo(revision);
        assertThat(read.get(0).orElseThrow().modRevision()).isEqualTo(revision);
        assertThat(read.get(1).orElseThrow().modRevision()).isEqualTo(revision);
        assertThat(read.get(2)).isEmpty();
    }

    @Test
    void comparesAbsentAndPresent() {
        put("here", "1");
        holds(new Compare.Absent(bytes("gone")));
        fails(new Compare.Absent(bytes("here")));
        holds(new Compare.Present(bytes("here")));
        fails(new Compare.Present(bytes("gone")));
    }

    @Test
    void comparesModAndCreateRevision() {
        long created = put("a", "1");
        long replaced = put("a", "2");
        holds(new Compare.ModRevision(bytes("a"), replaced));
        fails(new Compare.ModRevision(bytes("a"), created));
        fails(new Compare.ModRevision(bytes("gone"), 0));
        holds(new Compare.CreateRevision(bytes("a"), created));
        fails(new Compare.CreateRevision(bytes("a"), replaced));
        fails(new Compare.CreateRevision(bytes("gone"), 0));
    }

    @Test
    void comparesValues() {
        put("a", "1");
        put("empty", "");
        holds(new Compare.ValueEquals(bytes("a"), bytes("1")));
        fails(new Compare.ValueEquals(bytes("a"), bytes("2")));
        holds(new Compare.ValueEquals(bytes("empty"), Bytes.empty()));
        fails(new Compare.ValueEquals(bytes("gone"), Bytes.empty()));
    }

    @Test
    void comparesThatARangeIsEmpty() {
        put("b", "1");
        fails(new Compare.RangeEmpty(range("a", "c")));
        fails(new Compare.RangeEmpty(range("b", "c")));
        holds(new Compare.RangeEmpty(range("a", "b")));
        holds(new Compare.RangeEmpty(range("c", "d")));
        holds(new Compare.RangeEmpty(range("b", "b")));
        delete("b");
        holds(new Compare.RangeEmpty(range("a", "c")));
    }

    @Test
    void oneFailedCompareKeepsEverythingFromBeingWritten() {
        put("a", "1");
        long before = store.revision();
        refused(
                Txn.grow()
                        .when(new Compare.Present(bytes("a")))
                        .when(new Compare.Present(bytes("gone")))
                        .put(bytes("a"), bytes("2"))
                        .put(bytes("b"), bytes("2"))
                        .build());
        assertThat(value("a")).isEqualTo("1");
        assertThat(get("b")).isEmpty();
        assertThat(store.revision()).isEqualTo(before);
    }

    @Test
    void comparesSeeTheStateBeforeTheTransaction() {
        long revision =
                committed(
                        Txn.grow()
                                .when(new Compare.Absent(bytes("a")))
                                .when(new Compare.RangeEmpty(range("a", "b")))
                                .put(bytes("a"), bytes("1"))
                                .build());
        assertThat(get("a").orElseThrow().modRevision()).isEqualTo(revision);
    }

    @Test
    void aRefusalReadsWhatWasAskedFor() {
        long revision = put("a", "1");
        ReadResult reads =
                refused(
                        Txn.grow()
                                .when(new Compare.Absent(bytes("a")))
                                .put(bytes("a"), bytes("2"))
                                .elseRead(bytes("gone"))
                                .elseRead(bytes("a"))
                                .build());
        assertThat(reads.revision()).isEqualTo(revision);
        assertThat(reads.get(0)).isEmpty();
        assertThat(text(reads.get(1).orElseThrow())).isEqualTo("1");
    }

    @Test
    void readsKeepTheOrderOfTheirKeysAndMayNameOneTwice() {
        put("a", "1");
        put("b", "2");
        ReadResult read = store.read(List.of(bytes("b"), bytes("x"), bytes("a"), bytes("b")));
        assertThat(read.values().stream().map(v -> v.map(MetadataStoreContract::text).orElse("-")))
                .containsExactly("2", "-", "1", "2");
    }

    @Test
    void keysAreOrderedAndToldApartAsUnsignedBytes() {
        Bytes high = Bytes.wrap(new byte[] {'k', (byte) 0xff});
        Bytes zero = Bytes.wrap(new byte[] {'k', 0});
        Bytes bare = bytes("k");
        committed(
                Txn.grow()
                        .put(high, bytes("high"))
                        .put(zero, bytes("zero"))
                        .put(bare, bytes("bare"))
                        .build());
        try (ReadView view = store.view()) {
            assertThat(
                            view.scan(KeyRange.ofPrefix(bytes("k")), 10).entries().stream()
                                    .map(MetadataStoreContract::text))
                    .containsExactly("bare", "zero", "high");
        }
    }

    @Test
    void largeValuesAndLargestTransactions() {
        Bytes large = Bytes.wrap(new byte[Limits.MAX_TXN_BYTES - 5]);
        committed(Txn.grow().put(bytes("large"), large).build());
        assertThat(get("large").orElseThrow().value()).isEqualTo(large);

        Txn.Builder many = Txn.grow();
        for (int i = 0; i < Txn.MAX_OPERATIONS; i++) {
            many.when(new Compare.Absent(bytes("k" + i)));
            many.put(bytes("k" + i), bytes("v" + i));
            many.elseRead(bytes("k" + i));
        }
        committed(many.build());
        assertThat(refused(many.build()).get(127).map(MetadataStoreContract::text))
                .contains("v127");
    }

    @Test
    void whatIsTooMuchIsRefusedBeforeItIsSent() {
        Bytes tooLarge = Bytes.wrap(new byte[Limits.MAX_TXN_BYTES]);
        assertThatThrownBy(() -> Txn.grow().put(bytes("a"), tooLarge).build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Txn.grow().put(Bytes.empty(), bytes("v")).build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Txn.grow().put(Bytes.wrap(new byte[4097]), Bytes.empty()).build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Txn.grow().put(bytes("a"), bytes("1")).delete(bytes("a")).build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.read(List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.read(java.util.Collections.nCopies(129, bytes("a"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aClosedStoreIsUnavailable() {
        ReadView view = store.view();
        store.close();
        store.close();
        List<Runnable> calls =
                List.of(
                        () -> store.read(List.of(bytes("a"))),
                        () -> store.revision(),
                        () -> store.view(),
                        () -> store.commit(Txn.grow().put(bytes("a"), bytes("1")).build()),
                        () -> store.grantLease(java.time.Duration.ofSeconds(1)),
                        () -> store.watch(range("a", "z"), 1, change -> {}, () -> {}));
        for (Runnable call : calls) {
            assertThatThrownBy(call::run).isInstanceOf(MetadataUnavailableException.class);
        }
        view.close();
    }

    private void holds(Compare compare) {
        committed(Txn.grow().when(compare).build());
    }

    private void fails(Compare compare) {
        refused(Txn.grow().when(compare).build());
    }
}
