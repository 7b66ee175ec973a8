package io.lilio.chunk.backend.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.chunk.SampleChunk;
import io.lilio.time.ManualTime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After every answer the power fails, and only what was synced is left. */
class PowerLossTest {

    @TempDir Path parent;
    private final ManualTime time = new ManualTime();
    private final DurableImage image = new DurableImage();
    private final List<SampleChunk> stored = new ArrayList<>();
    private final List<SampleChunk> deleted = new ArrayList<>();
    private int losses;

    @Test
    void whatWasAcknowledgedIsThereAfterAPowerLoss() throws Exception {
        Path root = parent.resolve("live");
        try (LocalFixture writing = new LocalFixture(root, time);
                LocalChunkStore store =
                        writing.open(writing.settings().withSegmentBytes(100_000), image)) {
            for (int seed = 0; seed < 12; seed++) {
                int length = seed % 3 == 1 ? 600_000 : 40_000;
                stored.add(SampleChunk.of(seed, length).putInto(store));
                losePower(root);
            }
            for (int turn = 0; turn < 4; turn++) {
                SampleChunk chunk = stored.removeFirst();
                store.delete(List.of(chunk.id()));
                deleted.add(chunk);
                losePower(root);
            }
        }
    }

    private void losePower(Path root) throws IOException {
        Path left = parent.resolve("left-" + losses++);
        image.restore(root, left);
        try (LocalFixture reading = new LocalFixture(left, time);
                LocalChunkStore store = reading.open()) {
            for (SampleChunk chunk : stored) {
                assertThat(store.stat(chunk.id())).as("%s", chunk.header()).isPresent();
                assertThat(chunk.readFrom(store)).isEqualTo(chunk.bytes());
            }
            for (SampleChunk chunk : deleted) {
                assertThat(store.stat(chunk.id())).as("deleted %s", chunk.header()).isEmpty();
            }
        }
    }
}
