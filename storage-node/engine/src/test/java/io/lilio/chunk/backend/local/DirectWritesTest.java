package io.lilio.chunk.backend.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.lilio.chunk.SampleChunk;
import io.lilio.time.ManualTime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectWritesTest {

    private static final Set<OpenOption> THROUGH_THE_CACHE =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    @TempDir Path root;

    @Test
    void onlyWholeAlignedBlocksAreWrittenDirectly() throws IOException {
        DirectWrites direct = DirectWrites.in(root);
        ByteBuffer aligned = aligned(3 * 4096);

        assumeFalse(direct == DirectWrites.NONE, "the file system takes no direct writes");
        assertThat(direct.options(aligned)).hasSize(3).containsAll(THROUGH_THE_CACHE);
        assertThat(direct.options(aligned.duplicate().limit(4096))).hasSize(3);
        assertThat(direct.options(aligned.duplicate().limit(4097))).isEqualTo(THROUGH_THE_CACHE);
        assertThat(direct.options(aligned.duplicate().position(8).limit(4104)))
                .isEqualTo(THROUGH_THE_CACHE);
        assertThat(direct.options(ByteBuffer.allocate(4096))).isEqualTo(THROUGH_THE_CACHE);
        assertThat(DirectWrites.NONE.options(aligned)).isEqualTo(THROUGH_THE_CACHE);
        assertThat(root).as("nothing stays of the probe").isEmptyDirectory();
    }

    @Test
    void whatIsWrittenDirectlyIsThereWholeAlsoAfterReopening() {
        List<SampleChunk> chunks = new ArrayList<>();
        int seed = 0;
        for (int bytes : new int[] {512 << 10, (1 << 20) - 1, 1 << 20, (1 << 20) + 4096}) {
            chunks.add(SampleChunk.of(seed++, bytes));
        }
        try (LocalFixture fixture = new LocalFixture(root, new ManualTime())) {
            try (LocalChunkStore store = fixture.open()) {
                for (SampleChunk chunk : chunks) {
                    store.put(chunk.header(), copy(chunk.bytes()));
                }
                chunks.forEach(chunk -> assertWhole(chunk, store));
            }
            try (LocalChunkStore store = fixture.open()) {
                chunks.forEach(chunk -> assertWhole(chunk, store));
            }
        }
    }

    private static void assertWhole(SampleChunk chunk, LocalChunkStore store) {
        assertThat(chunk.readFrom(store)).isEqualTo(chunk.bytes());
        store.verify(chunk.id());
    }

    private static ByteBuffer copy(byte[] bytes) {
        return aligned((int) ChunkFrame.align(bytes.length, 4096)).put(bytes).flip();
    }

    private static ByteBuffer aligned(int bytes) {
        return ByteBuffer.allocateDirect(bytes + 4096).alignedSlice(4096).limit(bytes);
    }
}
