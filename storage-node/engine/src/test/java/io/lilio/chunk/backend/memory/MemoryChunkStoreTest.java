package io.lilio.chunk.backend.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.BackendHealth.State;
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
