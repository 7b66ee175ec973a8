package io.lilio.chunk.backend.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.chunk.SampleChunk;
import io.lilio.time.ManualTime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactorTest {

    private static final long ALL = Long.MAX_VALUE;

    @TempDir private Path root;
    private final ManualTime time = new ManualTime();
    private LocalFixture fixture;
    private VolumeParts parts;
    private LocalVolume volume;
    private Path segment;

    /** In the first segment; the second of them is deleted. */
    private List<SampleChunk> chunks;

    @BeforeEach
    void fillASegment() throws IOException {
        fixture = new LocalFixture(root, time);
        LocalChunkStoreSettings settings = fixture.settings().withSegmentBytes(300_000);
        parts =
                VolumeParts.open(
                        new Losses(root, fixture.runtime().random()),
                        root,
                        settings,
                        fixture.runtime(),
                        Forcing.of(settings.durability()));
        volume = new LocalVolume(parts, settings, fixture.runtime());
        segment = SegmentFile.path(parts.layout().segments(), 1);
        chunks =
                List.of(
                        SampleChunk.of(1, 40_000),
                        SampleChunk.of(2, 160_000),
                        SampleChunk.of(3, 60_000),
                        SampleChunk.of(4, 50_000));
        for (SampleChunk chunk : chunks) {
            volume.put(chunk.header(), chunk.payload().duplicate());
        }
        volume.delete(List.of(chunks.get(1).id()));
    }

    @AfterEach
    void close() {
        parts.close();
        fixture.close();
    }

    @Test
    void aChunkThatCannotBeReadStaysAndThoseBehindItMove() throws IOException {
        Location bad = location(chunks.get(2));
        onlyTheThirdChunkStays(bad.payloadOffset() + 30_000);
    }

    @Test
    void aHeaderThatCannotBeReadHidesNothingBehindIt() throws IOException {
        Location bad = location(chunks.get(2));
        onlyTheThirdChunkStays(bad.frameOffset() + 20);
    }

    private void onlyTheThirdChunkStays(long sector) throws IOException {
        Compactor compactor =
                compactor(
                        (directory, number) ->
                                new BadSectorChannel(
                                        SegmentFile.openToRead(directory, number), sector));

        assertThat(compactor.run(ALL)).isFalse();

        assertThat(location(chunks.get(0)).container()).isNotEqualTo(1);
        assertThat(location(chunks.get(2)).container()).isEqualTo(1);
        assertThat(location(chunks.get(3)).container()).isNotEqualTo(1);
        assertThat(segment).exists();
        for (SampleChunk moved : List.of(chunks.get(0), chunks.get(3))) {
            ByteBuffer read = ByteBuffer.allocateDirect(moved.header().length());
            volume.read(moved.id(), 0, read);
            assertThat(read.flip()).isEqualTo(moved.payload());
        }

        volume.delete(List.of(chunks.get(2).id()));
        assertThat(compactor.run(ALL)).isFalse();
        assertThat(segment).doesNotExist();
    }

    @Test
    void aSegmentThatFailsIsTriedAgainAfterAGrowingTime() throws IOException {
        var tries = new AtomicInteger();
        Compactor compactor =
                compactor(
                        (directory, number) -> {
                            tries.incrementAndGet();
                            throw new IOException("Input/output error");
                        });
        assertThatThrownBy(() -> compactor.run(ALL)).isInstanceOf(IOException.class);
        for (int minutes = 1; minutes <= 32; minutes *= 2) {
            int before = tries.get();
            time.advance(Duration.ofMinutes(minutes).minusSeconds(1));
            assertThat(compactor.run(ALL)).isFalse();
            assertThat(tries).hasValue(before);
            time.advance(Duration.ofSeconds(1));
            assertThatThrownBy(() -> compactor.run(ALL)).isInstanceOf(IOException.class);
        }
        time.advance(Duration.ofHours(1));
        assertThatThrownBy(() -> compactor.run(ALL)).isInstanceOf(IOException.class);
    }

    private Compactor compactor(Compactor.Opening opening) {
        return new Compactor(parts, 50, bytes -> true, time, opening);
    }

    private Location location(SampleChunk chunk) throws IOException {
        return parts.index().get(chunk.id()).orElseThrow().location();
    }
}
