package io.lilio.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.FaultyChunkStore.Fault;
import io.lilio.chunk.FaultyChunkStore.Operation;
import io.lilio.chunk.backend.memory.MemoryChunkStore;
import io.lilio.chunk.backend.memory.MemoryChunkStoreSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A store without faults keeps the contract; each fault strikes, is counted and can be ended. */
class FaultyChunkStoreTest extends ChunkStoreContract {

    private FaultyChunkStore faulty;

    @Override
    protected ChunkStore open() {
        MemoryChunkStoreSettings settings =
                new MemoryChunkStoreSettings("memory", PARTITIONS, 256 << 20);
        faulty = new FaultyChunkStore(new MemoryChunkStore(settings, time), time);
        return faulty;
    }

    @Test
    void aFailingOperationHasNoEffectUntilHealed() {
        SampleChunk chunk = SampleChunk.of(1, 100);
        faulty.fail(Reason.IO, Operation.PUT);

        assertThatThrownBy(() -> chunk.putInto(faulty)).isInstanceOf(BackendException.class);
        assertThat(faulty.stat(chunk.id())).isEmpty();
        assertThat(faulty.hits(Fault.ERROR)).isOne();

        faulty.heal();
        assertThat(chunk.putInto(faulty).readFrom(faulty)).isEqualTo(chunk.bytes());
    }

    @Test
    void aLostAnswerHidesAPutThatTookEffect() {
        SampleChunk chunk = SampleChunk.of(1, 100);
        faulty.loseAnswers(Operation.PUT);

        assertThatThrownBy(() -> chunk.putInto(faulty)).isInstanceOf(BackendException.class);
        assertThat(faulty.stat(chunk.id())).contains(chunk.header());
    }

    @Test
    void tornAndFlippedChunksAreCorruptUntilTheyAreReplaced() {
        SampleChunk torn = SampleChunk.of(1, 100);
        faulty.tearWrites();
        torn.putInto(faulty);
        faulty.heal();
        SampleChunk flipped = SampleChunk.of(2, 100).putInto(faulty);
        faulty.flipBit(flipped.id());
        for (SampleChunk chunk : List.of(torn, flipped)) {
            assertThatThrownBy(() -> chunk.readFrom(faulty))
                    .isInstanceOf(ChunkCorruptException.class);
            assertThatThrownBy(() -> faulty.verify(chunk.id()))
                    .isInstanceOf(ChunkCorruptException.class);
            faulty.delete(List.of(chunk.id()));
            assertThat(chunk.putInto(faulty).readFrom(faulty)).isEqualTo(chunk.bytes());
        }
        assertThat(faulty.hits(Fault.TORN_WRITE)).isEqualTo(3);
        assertThat(faulty.hits(Fault.FLIPPED_BIT)).isEqualTo(2);
    }

    @Test
    void aLostFileIsMissingAlthoughTheIndexKnowsIt() {
        SampleChunk chunk = SampleChunk.of(1, 100).putInto(faulty);
        faulty.loseFile(chunk.id());

        assertThatThrownBy(() -> chunk.readFrom(faulty)).isInstanceOf(ChunkMissingException.class);
        assertThat(faulty.stat(chunk.id())).isPresent();
    }

    @Test
    void aFullDiskRefusesPutsAndShowsInHealth() {
        SampleChunk chunk = SampleChunk.of(1, 100).putInto(faulty);
        faulty.fillDisk();

        assertThatThrownBy(() -> SampleChunk.of(2, 100).putInto(faulty))
                .isInstanceOfSatisfying(
                        BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FULL));
        assertThat(faulty.health().state()).isEqualTo(BackendHealth.State.FULL);
        assertThat(chunk.readFrom(faulty)).isEqualTo(chunk.bytes());
    }
}
