package io.lilio.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.lilio.catalog.content.BlobRef;
import io.lilio.chunk.BlobId;
import io.lilio.replication.ChunkRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkRangesTest {

    @Test
    void onlyTheNeededBytesOfTheFirstAndLastChunk() {
        List<ChunkRange> ranges = ranges(1_000, 300, 250, 400);
        assertThat(ranges)
                .extracting(r -> r.id().index(), ChunkRange::chunkLength)
                .containsExactly(tuple(0, 300), tuple(1, 300), tuple(2, 300));
        assertThat(ranges)
                .extracting(ChunkRange::offset, ChunkRange::length)
                .containsExactly(tuple(250, 50), tuple(0, 300), tuple(0, 50));
    }

    @Test
    void theLastChunkIsAsLongAsWhatIsLeft() {
        assertThat(ranges(1_000, 300, 950, 50))
                .singleElement()
                .satisfies(
                        range -> {
                            assertThat(range.id().index()).isEqualTo(3);
                            assertThat(range.chunkLength()).isEqualTo(100);
                            assertThat(range.offset()).isEqualTo(50);
                        });
    }

    @Test
    void anyRangeIsCoveredExactlyOnceAndInOrder() {
        Random random = new Random(2);
        for (int round = 0; round < 500; round++) {
            int size = 1 + random.nextInt(2_000);
            int chunkSize = 1 + random.nextInt(700);
            int offset = random.nextInt(size);
            int length = random.nextInt(size - offset + 1);
            long position = offset;
            for (ChunkRange range : ranges(size, chunkSize, offset, length)) {
                long start = (long) range.id().index() * chunkSize;
                assertThat(start + range.offset()).isEqualTo(position);
                assertThat(range.chunkLength()).isEqualTo(Math.min(chunkSize, size - start));
                position += range.length();
            }
            assertThat(position).isEqualTo(offset + length);
        }
    }

    @Test
    void bytesThatTheBlobDoesNotHaveAreAMistake() {
        assertThatThrownBy(() -> ranges(10, 5, 8, 3)).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<ChunkRange> ranges(long size, int chunkSize, long offset, long length) {
        BlobRef blob = new BlobRef(new BlobId(1, 2), size, chunkSize, 1, "replicated(3)", 7);
        List<ChunkRange> ranges = new ArrayList<>();
        new ChunkRanges(blob, offset, length).forEachRemaining(ranges::add);
        return ranges;
    }
}
