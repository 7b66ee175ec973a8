package io.lilio.chunk.backend.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class FrameBuffersTest {

    private final FrameBuffers buffers = new FrameBuffers();

    @Test
    void theyCanBeWrittenPastThePageCacheAsTheyAre() {
        for (int blocks = 1; blocks <= 32; blocks++) {
            int bytes = blocks * ChunkFrame.FILE_ALIGNMENT;
            ByteBuffer buffer = buffers.take(bytes);
            assertThat(buffer.isDirect()).isTrue();
            assertThat(buffer.alignmentOffset(0, ChunkFrame.FILE_ALIGNMENT)).isZero();
            assertThat(buffer.remaining()).isEqualTo(bytes);
        }
    }

    @Test
    void theyAreUsedAgainWhereTheyAreLargeEnough() {
        ByteBuffer large = buffers.take(2 * ChunkFrame.FILE_ALIGNMENT);
        assertThat(buffers.take(ChunkFrame.FILE_ALIGNMENT)).isNotSameAs(large);
        buffers.giveBack(large.position(17));
        ByteBuffer again = buffers.take(ChunkFrame.FILE_ALIGNMENT);
        assertThat(again).isSameAs(large);
        assertThat(again.position()).isZero();
        assertThat(again.limit()).isEqualTo(ChunkFrame.FILE_ALIGNMENT);
        buffers.giveBack(again);
        assertThat(buffers.take(3 * ChunkFrame.FILE_ALIGNMENT)).isNotSameAs(large);
    }
}
