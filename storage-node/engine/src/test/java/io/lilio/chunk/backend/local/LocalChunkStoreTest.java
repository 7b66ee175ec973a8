package io.lilio.chunk.backend.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.ChunkStoreContract;
import io.lilio.chunk.SampleChunk;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalChunkStoreTest extends ChunkStoreContract {

    @TempDir Path root;
    private LocalFixture fixture;

    @Override
    protected ChunkStore open() {
        fixture = new LocalFixture(root, time);
        return fixture.open();
    }

    @AfterEach
    void closeFixture() {
        store.close();
        fixture.close();
    }

    private void reopen() {
        store.close();
        store = fixture.open();
    }

    @Test
    void everythingIsThereAfterReopening() {
        SampleChunk small = SampleChunk.of(1, 3000).putInto(store);
        SampleChunk large = SampleChunk.of(2, 900_000).putInto(store);
        SampleChunk deleted = SampleChunk.of(3, 900_000).putInto(store);
        store.confirm(List.of(small.id()));
        store.delete(List.of(deleted.id()));
        var usage = store.usage();

        reopen();

        assertThat(small.readFrom(store)).isEqualTo(small.bytes());
        assertThat(large.readFrom(store)).isEqualTo(large.bytes());
        assertThat(store.stat(deleted.id())).isEmpty();
        assertThat(store.usage()).isEqualTo(usage);
        assertThat(store.unconfirmed(java.time.Duration.ZERO, 9)).containsExactly(large.header());
    }
}
