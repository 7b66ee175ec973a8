package io.lilio.replication;

import static io.lilio.replication.TestRing.eventually;
import static io.lilio.replication.TestRing.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.ChunkMissingException;
import io.lilio.chunk.FaultyChunkStore.Fault;
import io.lilio.chunk.FaultyChunkStore.Operation;
import io.lilio.chunk.SampleChunk;
import io.lilio.chunk.buffer.PooledBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemberClientTest {

    private final TestRing ring = new TestRing(1, 1, 1);
    private final MemberClient client = ring.client(0);

    @AfterEach
    void everyBufferIsBack() {
        ring.close();
    }

    @Test
    void callsDoWhatTheStoreDoes() {
        SampleChunk chunk = sample(1, 70_000);
        try (PooledBuffer buffer = ring.pool.acquire(70_000, Duration.ZERO)) {
            buffer.buffer().put(chunk.payload().duplicate());
            client.put(chunk.header(), buffer);
        }
        assertThat(client.stat(chunk.id())).contains(chunk.header());
        assertThat(client.unconfirmed(Duration.ZERO, null, 10)).hasSize(1);
        client.confirm(List.of(chunk.id()), SampleChunk.EPOCH);
        assertThat(client.usage().unconfirmed()).isZero();
        client.markAllUnconfirmed();
        assertThat(client.usage().unconfirmed()).isEqualTo(1);
        client.verify(chunk.id());
        assertThat(client.list(chunk.id().partition(16), null, 10)).hasSize(1);
        try (PooledBuffer buffer = ring.pool.acquire(70_000, Duration.ZERO)) {
            assertThat(client.read(chunk.id(), 0, buffer, 70_000)).isEqualTo(chunk.header());
            assertThat(buffer.view(0, 70_000)).isEqualByComparingTo(chunk.payload());
        }
        client.delete(List.of(chunk.id()));
        assertThatThrownBy(() -> client.verify(chunk.id()))
                .isInstanceOf(ChunkMissingException.class);
        assertThat(client.health().writable()).isTrue();
    }

    /** It looks at every chunk, of which there may be many millions. */
    @Test
    void toMarkAllChunksMayTakeMinutes() {
        SampleChunk chunk = ring.stored(1, 5_000);
        client.confirm(List.of(chunk.id()), SampleChunk.EPOCH);
        ring.store(0).delay(Duration.ofMinutes(9), Operation.MARK_ALL);
        CompletableFuture<Void> marking = CompletableFuture.runAsync(client::markAllUnconfirmed);
        eventually("it is under way", () -> ring.store(0).calls(Operation.MARK_ALL) == 1);
        for (int minute = 0; minute < 9; minute++) {
            ring.time.advance(Duration.ofMinutes(1));
        }
        assertThat(marking).succeedsWithin(Duration.ofSeconds(10));
        assertThat(client.usage().unconfirmed()).isEqualTo(1);
    }

    @Test
    void aCallThatExceedsItsDeadlineKeepsItsBufferUntilItEnds() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.store(0).delay(Duration.ofSeconds(30), Operation.READ);
        PooledBuffer buffer = ring.pool.acquire(5_000, Duration.ZERO);
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                client.read(chunk.id(), 0, buffer, 5_000);
                            } catch (BackendException e) {
                                failure.complete(e);
                            } finally {
                                buffer.release();
                            }
                        });
        eventually("it hangs", () -> ring.store(0).hits(Fault.DELAY) == 1);
        ring.time.advance(Duration.ofSeconds(6));
        assertThat(failure.join())
                .isInstanceOfSatisfying(
                        BackendException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.TIMEOUT));
        assertThat(ring.pool.outstandingCount()).isEqualTo(1);
        ring.time.advance(Duration.ofSeconds(24));
        eventually("it has ended", () -> ring.pool.outstandingCount() == 0);
    }

    @Test
    void whileSeveralReadsHangNoneIsAddedAndStatsDoNotMakeTheDiskLookWell() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.store(0).delay(TestRing.LONG, Operation.READ);
        for (int number = 1; number <= 30; number++) {
            Thread reading = Thread.ofVirtual().start(() -> readAndGiveUp(chunk));
            ring.eventuallyInTime(
                    "it is given up", Duration.ofSeconds(1), () -> !reading.isAlive());
            ring.time.advance(Duration.ofSeconds(5));
            if (client.readState() != BreakerState.OPEN) {
                assertThat(client.stat(chunk.id())).isPresent();
            }
        }
        assertThat(ring.store(0).hits(Fault.DELAY)).isEqualTo(Lane.MOST_ABANDONED);
        assertThat(client.readState()).isEqualTo(BreakerState.OPEN);
        assertThatThrownBy(() -> client.verify(chunk.id())).hasMessageContaining("hangs");
        ring.store(0).heal();
        ring.time.advance(TestRing.LONG);
        eventually("all have ended", () -> client.reads().abandoned() == 0);
        assertThat(client.stat(chunk.id())).isPresent();
        assertThat(client.readState()).isEqualTo(BreakerState.CLOSED);
        client.verify(chunk.id());
    }

    private void readAndGiveUp(SampleChunk chunk) {
        try (PooledBuffer buffer = ring.pool.acquire(5_000, Duration.ZERO)) {
            client.read(chunk.id(), 0, buffer, 5_000);
        } catch (BackendException e) {
            assertThat(e.reason()).isIn(Reason.TIMEOUT, Reason.IO);
        }
    }

    @Test
    void aFewHungReadsDoNotKeepADiskFromBeingRead() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.store(0).delay(TestRing.LONG, Operation.READ);
        for (int number = 1; number <= 3; number++) {
            Thread reading = Thread.ofVirtual().start(() -> readAndGiveUp(chunk));
            int hung = number;
            eventually("it hangs", () -> ring.store(0).hits(Fault.DELAY) == hung);
            ring.time.advance(Duration.ofSeconds(6));
            eventually("it is given up", () -> !reading.isAlive());
        }
        ring.store(0).heal();
        assertThat(client.reads().abandoned()).isEqualTo(3);
        assertThat(client.readState()).isEqualTo(BreakerState.CLOSED);
        client.verify(chunk.id());
    }

    @Test
    void whilePutsHangTheDiskIsNotAskedToWriteMoreAndGoesOnBeingRead() {
        ring.store(0).delay(TestRing.LONG, Operation.PUT);
        for (int seed = 1; seed <= 20; seed++) {
            SampleChunk chunk = sample(seed, 5_000);
            Thread writing = Thread.ofVirtual().start(() -> putAndGiveUp(chunk));
            ring.eventuallyInTime(
                    "it is given up", Duration.ofSeconds(1), () -> !writing.isAlive());
            ring.time.advance(Duration.ofSeconds(5));
            if (client.writeState() != BreakerState.OPEN) {
                client.confirm(List.of(), SampleChunk.EPOCH);
            }
        }
        assertThat(ring.store(0).calls(Operation.PUT)).isLessThanOrEqualTo(Lane.MOST_ABANDONED);
        assertThat(client.writeState()).isNotEqualTo(BreakerState.CLOSED);
        assertThat(client.readState()).isEqualTo(BreakerState.CLOSED);
    }

    private void putAndGiveUp(SampleChunk chunk) {
        try (PooledBuffer buffer = ring.pool.acquire(5_000, Duration.ZERO)) {
            buffer.buffer().put(chunk.payload().duplicate());
            client.put(chunk.header(), buffer);
        } catch (BackendException e) {
            assertThat(e.reason()).isIn(Reason.TIMEOUT, Reason.IO);
        }
    }

    @Test
    void aDiskThatFailsOnWritesGoesOnBeingRead() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.store(0).fail(Reason.IO, Operation.CONFIRM);
        for (int call = 0; call < 5; call++) {
            assertThatThrownBy(() -> client.confirm(List.of(chunk.id()), SampleChunk.EPOCH))
                    .isInstanceOf(BackendException.class);
        }
        assertThat(client.writeState()).isEqualTo(BreakerState.OPEN);
        assertThat(client.readState()).isEqualTo(BreakerState.CLOSED);
        assertThat(client.stat(chunk.id())).isPresent();
        assertThatThrownBy(() -> client.delete(List.of(chunk.id())))
                .hasMessageContaining("keeps failing");
    }
}
