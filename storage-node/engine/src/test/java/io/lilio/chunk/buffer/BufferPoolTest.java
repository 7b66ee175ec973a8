package io.lilio.chunk.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.time.ManualTime;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class BufferPoolTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int MIB = 1 << 20;

    private final ManualTime time = new ManualTime();

    private BufferPool poolOf(int mebibytes) {
        return new BufferPool(
                BufferPoolSettings.ofCapacity((long) mebibytes * MIB).tracing(), time);
    }

    @Test
    void handsOutDirectBuffersOfTheSizeAskedFor() {
        BufferPool pool = poolOf(96);
        for (int size : new int[] {1, 4096, 4097, 65_536, MIB - 1, 64 * MIB}) {
            try (PooledBuffer buffer = pool.acquire(size, Duration.ZERO)) {
                assertThat(buffer.buffer().isDirect()).isTrue();
                assertThat(buffer.buffer().remaining()).isEqualTo(size);
                assertThat(buffer.size()).isEqualTo(size);
            }
        }
        assertThat(pool.inUseBytes()).isZero();
        assertThat(pool.highWaterBytes()).isEqualTo(64L * MIB);
        assertThat(pool.leaks()).isEmpty();
    }

    @Test
    void usesAllOfItsCapacityAndNoMore() {
        BufferPool pool = poolOf(3);
        List<PooledBuffer> all = new ArrayList<>();
        for (int i = 0; i < 3 * MIB / 4096; i++) {
            all.add(pool.acquire(4096, Duration.ZERO));
        }
        assertThat(pool.inUseBytes()).isEqualTo(3L * MIB);
        assertThat(pool.tryAcquire(1)).isEmpty();
        assertThat(pool.leaks()).hasSize(all.size());

        all.forEach(PooledBuffer::release);
        pool.acquire(2 * MIB, Duration.ZERO).release();
        assertThat(pool.outstandingCount()).isZero();
    }

    @Test
    void buffersInUseNeverOverlap() {
        BufferPool pool = poolOf(7);
        Random random = new Random(1);
        List<PooledBuffer> held = new ArrayList<>();
        for (int step = 0; step < 5000; step++) {
            if (random.nextInt(5) < 3) {
                int size = 1 + random.nextInt(random.nextBoolean() ? 9000 : 700_000);
                pool.tryAcquire(size).ifPresent(buffer -> held.add(stamp(buffer)));
            } else if (!held.isEmpty()) {
                PooledBuffer buffer = held.remove(random.nextInt(held.size()));
                assertStamped(buffer);
                buffer.release();
            }
        }
        held.forEach(BufferPoolTest::assertStamped);
        held.forEach(PooledBuffer::release);
        assertThat(pool.inUseBytes()).isZero();
        pool.acquire(4 * MIB, Duration.ZERO).release();
    }

    private static PooledBuffer stamp(PooledBuffer buffer) {
        ByteBuffer bytes = buffer.buffer();
        int mark = System.identityHashCode(buffer);
        for (int at = 0; at + 4 <= bytes.limit(); at += 512) {
            bytes.putInt(at, mark);
        }
        return buffer;
    }

    private static void assertStamped(PooledBuffer buffer) {
        int mark = System.identityHashCode(buffer);
        for (int at = 0; at + 4 <= buffer.size(); at += 512) {
            assertThat(buffer.buffer().getInt(at)).isEqualTo(mark);
        }
    }

    @Test
    void memoryGoesBackWithTheLastReferenceOnly() {
        BufferPool pool = poolOf(1);
        PooledBuffer buffer = pool.acquire(MIB, Duration.ZERO);
        buffer.retain();
        buffer.release();
        assertThat(pool.tryAcquire(1)).isEmpty();

        buffer.release();
        assertThat(pool.inUseBytes()).isZero();
    }

    @Test
    void aReleaseTooManyIsAnError() {
        PooledBuffer buffer = poolOf(1).acquire(10, Duration.ZERO);
        buffer.release();

        assertThatIllegalStateException().isThrownBy(buffer::release);
        assertThatIllegalStateException().isThrownBy(buffer::retain);
        assertThatIllegalStateException().isThrownBy(buffer::buffer);
        assertThatIllegalStateException().isThrownBy(() -> buffer.view(0, 1));
        assertThat(buffer.tryRetain()).isFalse();
    }

    @Test
    void whoGetsNoneInTimeIsToldToSlowDown() throws Exception {
        BufferPool pool = poolOf(1);
        try (PooledBuffer all = pool.acquire(MIB, Duration.ZERO)) {
            assertThatThrownBy(() -> pool.acquire(all.size(), Duration.ZERO))
                    .isInstanceOfSatisfying(
                            ObjectStoreException.class,
                            e -> assertThat(e.kind()).isEqualTo(Kind.SLOW_DOWN));
            CompletableFuture<PooledBuffer> waiter = inBackground(() -> pool.acquire(1, MINUTE));
            awaitWaiting(pool, 1);
            time.advance(MINUTE);

            assertThatThrownBy(waiter::get).hasCauseInstanceOf(ObjectStoreException.class);
            assertThat(pool.refusedCount()).isEqualTo(2);
            assertThat(pool.waitingCount()).isZero();
        }
    }

    @Test
    void waitersAreServedInOrderAndNobodyOvertakes() throws Exception {
        BufferPool pool = poolOf(1);
        PooledBuffer half = pool.acquire(MIB / 2, Duration.ZERO);
        CompletableFuture<PooledBuffer> large = inBackground(() -> pool.acquire(MIB, MINUTE));
        awaitWaiting(pool, 1);
        CompletableFuture<PooledBuffer> small = inBackground(() -> pool.acquire(4096, MINUTE));
        awaitWaiting(pool, 2);
        assertThat(pool.tryAcquire(4096)).isEmpty();
        assertThat(small.isDone()).isFalse();

        half.release();
        PooledBuffer served = large.get();
        assertThat(small.isDone()).isFalse();
        served.release();
        small.get().release();
        assertThat(time.scheduledCount()).isZero();
    }

    @Test
    void whenALargeRequestGivesUpThoseBehindItAreServed() throws Exception {
        BufferPool pool = poolOf(1);
        PooledBuffer half = pool.acquire(MIB / 2, Duration.ZERO);
        CompletableFuture<PooledBuffer> large = inBackground(() -> pool.acquire(MIB, MINUTE));
        awaitWaiting(pool, 1);
        Duration longer = MINUTE.multipliedBy(2);
        CompletableFuture<PooledBuffer> small = inBackground(() -> pool.acquire(4096, longer));
        awaitWaiting(pool, 2);

        time.advance(MINUTE);

        assertThatThrownBy(large::get).hasCauseInstanceOf(ObjectStoreException.class);
        small.get().release();
        half.release();
        assertThat(pool.inUseBytes()).isZero();
    }

    @Test
    void theLineIsBounded() throws Exception {
        BufferPool pool = new BufferPool(new BufferPoolSettings(MIB, 1, false), time);
        PooledBuffer all = pool.acquire(MIB, Duration.ZERO);
        CompletableFuture<PooledBuffer> waiter = inBackground(() -> pool.acquire(1, MINUTE));
        awaitWaiting(pool, 1);

        assertThatThrownBy(() -> pool.acquire(1, MINUTE)).isInstanceOf(ObjectStoreException.class);
        all.release();
        waiter.get().release();
    }

    @Test
    void manyThreadsShareALittleMemory() throws Exception {
        BufferPool pool = poolOf(2);
        List<CompletableFuture<PooledBuffer>> all = new ArrayList<>();
        for (int thread = 0; thread < 16; thread++) {
            int seed = thread;
            all.add(inBackground(() -> churn(pool, new Random(seed))));
        }
        for (CompletableFuture<PooledBuffer> one : all) {
            one.get();
        }
        assertThat(pool.inUseBytes()).isZero();
        assertThat(pool.leaks()).isEmpty();
        pool.acquire(2 * MIB, Duration.ZERO).release();
    }

    private static PooledBuffer churn(BufferPool pool, Random random) {
        PooledBuffer last = pool.acquire(1, MINUTE);
        last.release();
        for (int i = 0; i < 300; i++) {
            last = stamp(pool.acquire(1 + random.nextInt(1_500_000), MINUTE));
            assertStamped(last);
            last.release();
        }
        return last;
    }

    @Test
    void impossibleSizesAreRefused() {
        BufferPool pool = poolOf(1);
        assertThatIllegalArgumentException().isThrownBy(() -> pool.acquire(0, MINUTE));
        assertThatIllegalArgumentException().isThrownBy(() -> pool.acquire(MIB + 1, MINUTE));
        assertThatIllegalArgumentException().isThrownBy(() -> BufferPoolSettings.ofCapacity(100));
    }

    private static CompletableFuture<PooledBuffer> inBackground(
            java.util.function.Supplier<PooledBuffer> action) {
        ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();
        return CompletableFuture.supplyAsync(action, thread);
    }

    private static void awaitWaiting(BufferPool pool, int count) throws InterruptedException {
        while (pool.waitingCount() < count) {
            Thread.sleep(1);
        }
    }
}
