package io.lilio.chunk.backend.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.lilio.chunk.ChunkCorruptException;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.SampleChunk;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChunkFileCheckTest {

    private static final int CHUNK_BYTES = 8 << 20;

    @TempDir Path directory;

    @Test
    void verifyingALargeChunkTakesTheMemoryOfABlock() throws Exception {
        SampleChunk chunk = SampleChunk.of(1, CHUNK_BYTES);
        Path file = Files.write(directory.resolve("payload"), chunk.bytes());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (FileChannel channel = FileChannel.open(file)) {
            long before = threads.getCurrentThreadAllocatedBytes();
            ChunkFileCheck.verifyWholePayload(channel, chunk.header(), 0);
            assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                    .as("allocated bytes")
                    .isLessThan(CHUNK_BYTES / 4);
        }
    }

    @Test
    void aPayloadWithAnotherSha256IsCorruptThoughItsBlocksAreGood() throws Exception {
        SampleChunk chunk = SampleChunk.of(1, 200_000);
        Path file = Files.write(directory.resolve("payload"), chunk.bytes());
        ChunkHeader header = chunk.header();
        ChunkHeader other =
                new ChunkHeader(
                        header.id(),
                        header.length(),
                        header.epoch(),
                        header.openingRevision(),
                        header.session(),
                        header.owner(),
                        new byte[32],
                        header.blockCrc32c());
        try (FileChannel channel = FileChannel.open(file)) {
            assertThatThrownBy(() -> ChunkFileCheck.verifyWholePayload(channel, other, 0))
                    .isInstanceOf(ChunkCorruptException.class)
                    .hasMessageContaining("SHA-256");
        }
    }
}
