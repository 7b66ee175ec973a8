package io.lilio.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.chunk.buffer.BufferPool;
import io.lilio.chunk.buffer.BufferPoolSettings;
import io.lilio.chunk.buffer.PooledBuffer;
import io.lilio.engine.TestEngine;
import io.lilio.time.ManualTime;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Receivers that keep what they get: others are held up, but not broken off, and not writers. */
class BufferShareTest extends ObjectTest {

    private static final int KEPT_CHUNKS = 30;

    @Override
    TestEngine open() {
        ObjectSettings usual = settings();
        return TestEngine.openWith(
                new ObjectSettings(
                        usual.inlineMaxBytes(),
                        usual.writeWindowBytes(),
                        usual.readAheadBytes(),
                        Duration.ofMillis(20),
                        usual.pace(),
                        usual.etags()));
    }

    @Test
    void aReadThatHasBegunWaitsForBuffersWhileNewOnesAreRefusedAndWritesGoOn() throws Exception {
        byte[] bytes = bytes(30 * CHUNK, 1);
        put("running", bytes);
        put("kept", bytes(KEPT_CHUNKS * CHUNK, 2));
        lilio.awaitBuffers();
        Queue<Runnable> kept = new ConcurrentLinkedQueue<>();
        try (OpenObject running = lilio.objects().get().open(ReadRequest.of(at("running")))) {
            List<CompletableFuture<Void>> keepers = new ArrayList<>();
            Optional<OpenObject> next = openUnlessRefused("kept");
            while (next.isPresent()) {
                keepers.add(keep(next.get(), kept));
                next = openUnlessRefused("kept");
            }
            assertThat(keepers).isNotEmpty();
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            CompletableFuture<Void> reading =
                    CompletableFuture.runAsync(
                            () ->
                                    running.transferTo(
                                            (data, release) -> {
                                                append(read, data);
                                                kept.add(release);
                                            }),
                            task -> Thread.ofVirtual().start(task));
            put("other", bytes(5 * CHUNK, 3));
            Thread.sleep(200);
            assertThat(reading).as("many times longer than it may wait at first").isNotDone();
            CompletableFuture<Void> all =
                    CompletableFuture.allOf(keepers.toArray(CompletableFuture[]::new));
            while (!all.isDone() || !reading.isDone() || !kept.isEmpty()) {
                Runnable release = kept.poll();
                if (release != null) {
                    release.run();
                }
            }
            all.join();
            reading.get(30, TimeUnit.SECONDS);
            assertThat(read.toByteArray()).isEqualTo(bytes);
        }
    }

    /** Reads an object for a receiver that gives nothing back. */
    private static CompletableFuture<Void> keep(OpenObject object, Queue<Runnable> kept) {
        return CompletableFuture.runAsync(
                () -> {
                    try (object) {
                        object.transferTo((data, release) -> kept.add(release));
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    private Optional<OpenObject> openUnlessRefused(String key) {
        try {
            return Optional.of(lilio.objects().get().open(ReadRequest.of(at(key))));
        } catch (ObjectStoreException e) {
            assertThat(e.kind()).isEqualTo(Kind.SLOW_DOWN);
            return Optional.empty();
        }
    }

    @Test
    void threeQuartersAreForReadsAndHalfOfThatForReadingAhead() {
        BufferShare share = new BufferShare(16 * CHUNK, "reads", new ManualTime());
        for (int i = 0; i < 6; i++) {
            assertThat(share.takeAhead(CHUNK)).isTrue();
        }
        assertThat(share.takeAhead(CHUNK)).isFalse();
        for (int i = 0; i < 6; i++) {
            share.take(CHUNK, Duration.ofSeconds(1));
        }
        share.giveBack(CHUNK);
        // Buffers have a power of two.
        share.take(CHUNK / 2 + 1, Duration.ofSeconds(1));
    }

    @Test
    void piecesBecomeSmallWhenLittleIsLeft() {
        BufferPool pool =
                new BufferPool(BufferPoolSettings.ofCapacity(1024 * CHUNK), new ManualTime());
        BufferShare share = new BufferShare(pool.capacityBytes(), "reads", new ManualTime());
        assertThat(share.pieceBytes(pool)).isEqualTo(BufferPool.MAX_BUFFER_BYTES);
        share.take(512 * CHUNK, Duration.ZERO);
        assertThat(share.isScarce()).isTrue();
        assertThat(share.pieceBytes(pool)).isEqualTo(BufferPool.MAX_BUFFER_BYTES);
        share.take(128 * CHUNK, Duration.ZERO);
        assertThat(share.pieceBytes(pool)).as("of 128 chunks").isEqualTo(CHUNK);
        share.giveBack(512 * CHUNK);
        assertThat(share.isScarce()).isFalse();
        PooledBuffer others = pool.acquire(1024 * CHUNK, Duration.ZERO);
        assertThat(share.pieceBytes(pool)).as("others have all").isEqualTo(CHUNK);
        others.release();
    }

    @Test
    void whoWaitsInVainIsToldAndWhoComesFirstIsServedFirst() throws Exception {
        ManualTime time = new ManualTime();
        BufferShare share = new BufferShare(4 * CHUNK, "reads", time);
        share.take(100 * CHUNK, Duration.ZERO);
        CompletableFuture<Void> large = take(share, 2 * CHUNK, Duration.ofSeconds(9));
        awaitScheduled(time, 1);
        CompletableFuture<Void> small = take(share, CHUNK, Duration.ofSeconds(99));
        awaitScheduled(time, 2);
        time.advance(Duration.ofSeconds(10));
        assertThatThrownBy(() -> large.get(30, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(ObjectStoreException.class);
        assertThat(small).isNotDone();
        share.giveBack(100 * CHUNK);
        small.get(30, TimeUnit.SECONDS);
        assertThat(share.takeAhead(CHUNK)).isFalse();
    }

    private static CompletableFuture<Void> take(BufferShare share, int bytes, Duration maxWait) {
        return CompletableFuture.runAsync(
                () -> share.take(bytes, maxWait), task -> Thread.ofVirtual().start(task));
    }

    private static void awaitScheduled(ManualTime time, int count) throws InterruptedException {
        while (time.scheduledCount() < count) {
            Thread.sleep(1);
        }
    }
}
