package io.lilio.chunk.backend.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.BackendHealth.State;
import io.lilio.chunk.ChunkCorruptException;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.ChunkStoreContract;
import io.lilio.chunk.SampleChunk;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryChunkStoreTest extends ChunkStoreContract {

    @Override
    protected ChunkStore open() {
        return new MemoryChunkStore(
                new MemoryChunkStoreSettings("memory", PARTITIONS, 256 << 20), time);
    }

    @Test
    void whatIsDamagedIsReplacedByStoringItAgain() {
        SampleChunk chunk = SampleChunk.of(1, 100_000).putInto(store);
        store.confirm(List.of(chunk.id()), SampleChunk.EPOCH);
        chunk.header().blockCrc32c()[0] ^= 1; // the store keeps this header: the bytes now differ
        assertThatThrownBy(() -> store.verify(chunk.id()))
                .isInstanceOf(ChunkCorruptException.class);

        SampleChunk again = SampleChunk.of(1, 100_000).putInto(store);

        assertThat(again.readFrom(store)).isEqualTo(again.bytes());
        store.verify(chunk.id());
        assertThat(store.usage().chunks()).isOne();
        assertThat(store.usage().unconfirmed()).as("its mark is new").isOne();
    }

    @Test
    void isFullWhenItsMemoryIsUsedUpAndRecovers() {
        MemoryChunkStoreSettings tiny = new MemoryChunkStoreSettings("tiny", PARTITIONS, 1 << 20);
        try (MemoryChunkStore full = new MemoryChunkStore(tiny, time)) {
            SampleChunk first = SampleChunk.of(1, 1 << 20).putInto(full);

            assertThat(full.health().state()).isEqualTo(State.FULL);
            assertThatThrownBy(() -> SampleChunk.of(2, 10).putInto(full))
                    .isInstanceOfSatisfying(
                            BackendException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.FULL));
            assertThat(first.readFrom(full)).isEqualTo(first.bytes());

            full.delete(List.of(first.id()));
            SampleChunk.of(2, 10).putInto(full);
            assertThat(full.health().state()).isEqualTo(State.UP);
        }
    }
}
