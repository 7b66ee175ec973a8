package io.lilio.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.metadata.Txn;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a PUT costs the metadata. */
class CommitsOfAPutTest extends ObjectTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, INLINE})
    void aSmallObjectIsOneTransactionAndNoChunk(int size) {
        byte[] bytes = bytes(size, size);
        List<Txn> transactions = committedDuring(() -> put("k", bytes));

        assertThat(transactions).as("transactions of a PUT of %d bytes", size).hasSize(1);
        assertThat(lilio.inventory()).as("chunks").isEmpty();
        assertThat(get("k")).isEqualTo(bytes);
        assertThat(committedDuring(() -> put("k", bytes))).as("replaced").hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {INLINE + 1, 3 * CHUNK})
    void aLargerOneIsOneTransactionTooHoweverManyChunksItHas(int size) {
        assertThat(committedDuring(() -> put("k", bytes(size, size)))).hasSize(1);
        assertThat(lilio.inventory()).hasSize((size + CHUNK - 1) / CHUNK);
    }

    /** Of this thread: those of the session's upkeep do not count. */
    private List<Txn> committedDuring(Runnable put) {
        List<Txn> seen = new CopyOnWriteArrayList<>();
        Thread caller = Thread.currentThread();
        lilio.interrupted()
                .onCommit(
                        txn -> {
                            if (Thread.currentThread().equals(caller)) {
                                seen.add(txn);
                            }
                        });
        put.run();
        lilio.interrupted().onCommit(txn -> {});
        return seen;
    }
}
