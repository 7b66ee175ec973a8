package io.lilio.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.chunk.FaultyChunkStore.Operation;
import io.lilio.digest.DigestAlgorithm;
import io.lilio.digest.Digests;
import io.lilio.engine.TestEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much memory a request takes: a few chunks, of an object that is larger than all buffers. */
class MemoryBoundTest extends ObjectTest {

    private static final int OBJECT_BYTES = 24 << 20;

    /** A window of three, the one that is filled or taken, and those whose digests run behind. */
    private static final long FEW_CHUNKS = 12L * CHUNK;

    /** Of one array; a thirtieth of the object. */
    private static final long MOST_AT_ONCE_BYTES = 800_000;

    /** How long the first chunks take: time enough to send what fills all buffers. */
    private static final Duration SLOW = Duration.ofMillis(500);

    @TempDir Path directory;

    @Override
    TestEngine open() {
        return TestEngine.open(26 << 20, settings -> settings.withObjects(settings()));
    }

    @Test
    void aRequestHoldsAFewChunksOfAnObjectThatIsLargerThanAllBuffers() throws Exception {
        for (int i = 0; i < 3; i++) {
            lilio.store(i).delay(SLOW, Operation.PUT);
        }
        try (Recording recording = new Recording()) {
            recording.enable("jdk.ObjectAllocationOutsideTLAB").withoutStackTrace();
            recording.start();
            assertThat(put("key", new Pattern(this::heal)).size()).isEqualTo(OBJECT_BYTES);
            assertThat(lilio.engine().buffers().highWaterBytes())
                    .as("buffers of a PUT, with stragglers in a quarter of all")
                    .isLessThanOrEqualTo(TestEngine.POOL_BYTES / 4 + FEW_CHUNKS);
            lilio.awaitBuffers();
            assertThat(mostHeldWhileReading()).as("buffers of a GET").isBetween(1L, FEW_CHUNKS);
            recording.stop();
            assertThat(largestArray(recording))
                    .as("on the heap")
                    .isLessThanOrEqualTo(MOST_AT_ONCE_BYTES);
        }
    }

    private void heal() {
        for (int i = 0; i < 3; i++) {
            lilio.store(i).heal();
        }
    }

    private long mostHeldWhileReading() {
        long[] at = new long[1];
        long[] most = new long[1];
        try (OpenObject object = lilio.objects().get().open(ReadRequest.of(at("key")))) {
            object.transferTo(
                    (data, release) -> {
                        most[0] = Math.max(most[0], lilio.engine().buffers().inUseBytes());
                        while (data.hasRemaining()) {
                            if (data.get() != Pattern.at(at[0]++)) {
                                throw new AssertionError("another byte before " + at[0]);
                            }
                        }
                        release.run();
                    });
        }
        assertThat(at[0]).isEqualTo(OBJECT_BYTES);
        return most[0];
    }

    private long largestArray(Recording recording) throws IOException {
        Path file = directory.resolve("allocations.jfr");
        recording.dump(file);
        long largest = 0;
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            largest = Math.max(largest, event.getLong("allocationSize"));
        }
        return largest;
    }

    /** Bytes that are made as they are asked for, the last of them when stores are fast again. */
    private static final class Pattern implements ObjectSource {

        private final Runnable heal;
        private final long began = System.nanoTime();
        private int position;

        Pattern(Runnable heal) {
            this.heal = heal;
        }

        static byte at(long position) {
            return (byte) (position ^ position >> 8 ^ position >> 16);
        }

        @Override
        public OptionalLong length() {
            return OptionalLong.of(OBJECT_BYTES);
        }

        @Override
        public Set<DigestAlgorithm> digests() {
            return Set.of();
        }

        @Override
        public int read(ByteBuffer target) {
            if (position == OBJECT_BYTES) {
                return -1;
            }
            if (System.nanoTime() - began > SLOW.toNanos()) {
                heal.run();
            }
            int count = Math.min(target.remaining(), OBJECT_BYTES - position);
            for (int i = 0; i < count; i++) {
                target.put(at(position++));
            }
            return count;
        }

        @Override
        public void verify(Digests computed) {}
    }
}
