package io.lilio.chunk.buffer;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.chunk.buffer.PooledBuffer.Block;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * All the memory that payloads may take in this process: a fixed amount of direct memory, handed
 * out in blocks of 4 KiB to 64 MiB (a request is rounded up to the next power of two) and claimed
 * from the system only as it is needed. Who asks while nothing fits waits in line; nobody
 * overtakes, so that a large request is not starved by small ones.
 *
 * <p>Thread-safe.
 */
public final class BufferPool {

    /** The largest buffer. */
    public static final int MAX_BUFFER_BYTES = 64 * 1024 * 1024;

    private final BufferPoolSettings settings;
    private final Time time;
    private final List<Slab> slabs;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Waiter> waiting = new ArrayDeque<>();
    private final Set<PooledBuffer> outstanding =
            Collections.newSetFromMap(new IdentityHashMap<>());
    private int outstandingCount;
    private long inUseBytes;
    private long highWaterBytes;
    private long refused;

    public BufferPool(BufferPoolSettings settings, Time time) {
        this.settings = settings;
        this.time = time;
        this.slabs = slabsOf(settings.capacityBytes());
    }

    /** Slabs of 64 MiB, then ever smaller powers of two for what remains. */
    private static List<Slab> slabsOf(long capacityBytes) {
        List<Slab> slabs = new ArrayList<>();
        long rest = capacityBytes;
        while (rest > 0) {
            int bytes = (int) Math.min(MAX_BUFFER_BYTES, Long.highestOneBit(rest));
            slabs.add(new Slab(bytes));
            rest -= bytes;
        }
        return List.copyOf(slabs);
    }

    /**
     * Hands out a buffer with one reference, waiting for it when need be. An interrupt does not end
     * the wait.
     *
     * @param size bytes, 1 to 64 MiB and at most what the pool's largest slab holds
     * @param maxWait how long to wait at most; zero asks without waiting
     * @throws ObjectStoreException SLOW_DOWN when there was none in time, or too many wait already
     */
    public PooledBuffer acquire(int size, Duration maxWait) {
        int order = orderFor(size);
        lock.lock();
        try {
            PooledBuffer atOnce = waiting.isEmpty() ? take(size, order) : null;
            if (atOnce != null) {
                return atOnce;
            }
            if (maxWait.isZero() || maxWait.isNegative()) {
                throw refuse("no buffer is free");
            }
            if (waiting.size() >= settings.maxWaiting()) {
                throw refuse("too many requests wait for a buffer");
            }
            return await(new Waiter(size, order, lock.newCondition()), maxWait);
        } finally {
            lock.unlock();
        }
    }

    /** Hands out a buffer if one is free now and nobody waits. */
    public Optional<PooledBuffer> tryAcquire(int size) {
        int order = orderFor(size);
        lock.lock();
        try {
            return waiting.isEmpty() ? Optional.ofNullable(take(size, order)) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** What a buffer of so many bytes, 1 to 64 MiB, takes of the capacity. */
    public static int blockBytes(int size) {
        return Slab.blockBytes(Slab.orderOf(size));
    }

    /** Bytes that may be handed out. */
    public long capacityBytes() {
        return settings.capacityBytes();
    }

    /** Bytes handed out now, rounding included. */
    public long inUseBytes() {
        return locked(() -> inUseBytes);
    }

    /** The most that was ever handed out at once. */
    public long highWaterBytes() {
        return locked(() -> highWaterBytes);
    }

    /** Callers that wait now. */
    public int waitingCount() {
        return (int) locked(waiting::size);
    }

    /** Buffers handed out and not yet given back. */
    public int outstandingCount() {
        return (int) locked(() -> outstandingCount);
    }

    /** Calls that ended with SLOW_DOWN, ever. */
    public long refusedCount() {
        return locked(() -> refused);
    }

    /**
     * Where each outstanding buffer was acquired: the leak check of tests. Empty unless the
     * settings ask for traces.
     */
    public List<Throwable> leaks() {
        lock.lock();
        try {
            List<Throwable> traces = new ArrayList<>();
            for (PooledBuffer buffer : outstanding) {
                Throwable acquirer = buffer.acquirer();
                if (acquirer != null) {
                    traces.add(acquirer);
                }
            }
            return traces;
        } finally {
            lock.unlock();
        }
    }

    void giveBack(PooledBuffer buffer, Block block) {
        lock.lock();
        try {
            block.slab().giveBack(block.offset(), block.order());
            inUseBytes -= Slab.blockBytes(block.order());
            outstandingCount--;
            outstanding.remove(buffer);
            serveWaiting();
        } finally {
            lock.unlock();
        }
    }

    private PooledBuffer await(Waiter waiter, Duration maxWait) {
        waiting.addLast(waiter);
        Time.Cancellable expiry = time.schedule(maxWait, () -> expire(waiter));
        while (waiter.served == null && !waiter.expired) {
            waiter.changed.awaitUninterruptibly();
        }
        expiry.cancel();
        if (waiter.served == null) {
            throw refuse("no buffer became free within " + maxWait.toMillis() + " ms");
        }
        return waiter.served;
    }

    private void expire(Waiter waiter) {
        lock.lock();
        try {
            if (waiter.served == null && waiting.remove(waiter)) {
                waiter.expired = true;
                waiter.changed.signal();
                serveWaiting();
            }
        } finally {
            lock.unlock();
        }
    }

    private void serveWaiting() {
        Waiter first = waiting.peekFirst();
        while (first != null) {
            PooledBuffer buffer = take(first.size, first.order);
            if (buffer == null) {
                return;
            }
            waiting.removeFirst();
            first.served = buffer;
            first.changed.signal();
            first = waiting.peekFirst();
        }
    }

    /** The tightest fit in memory that is claimed already, else in memory that is not. */
    private @Nullable PooledBuffer take(int size, int order) {
        PooledBuffer buffer = take(size, order, true);
        return buffer != null ? buffer : take(size, order, false);
    }

    private @Nullable PooledBuffer take(int size, int order, boolean claimed) {
        for (int from = order; from <= Slab.orderOf(MAX_BUFFER_BYTES); from++) {
            for (Slab slab : slabs) {
                if (slab.claimed() == claimed && slab.hasFree(from)) {
                    return handOut(new Block(slab, slab.take(from, order), order), size);
                }
            }
        }
        return null;
    }

    private PooledBuffer handOut(Block block, int size) {
        Throwable acquirer = settings.traceAcquirers() ? new Throwable("acquired here") : null;
        PooledBuffer buffer =
                new PooledBuffer(this, block, block.slab().slice(block.offset(), size), acquirer);
        inUseBytes += Slab.blockBytes(block.order());
        highWaterBytes = Math.max(highWaterBytes, inUseBytes);
        outstandingCount++;
        if (acquirer != null) {
            outstanding.add(buffer);
        }
        return buffer;
    }

    private int orderFor(int size) {
        if (size < 1 || size > slabs.getFirst().bytes()) {
            throw new IllegalArgumentException(
                    "a buffer has 1 to " + slabs.getFirst().bytes() + " bytes, not " + size);
        }
        return Slab.orderOf(size);
    }

    private ObjectStoreException refuse(String why) {
        refused++;
        return new ObjectStoreException(Kind.SLOW_DOWN, "Please reduce your request rate: " + why);
    }

    private long locked(LongRead read) {
        lock.lock();
        try {
            return read.get();
        } finally {
            lock.unlock();
        }
    }

    /** A figure that is read under the lock. */
    private interface LongRead {
        long get();
    }

    /** Somebody in line. Its fields are guarded by the pool's lock. */
    private static final class Waiter {
        final int size;
        final int order;
        final Condition changed;
        @Nullable PooledBuffer served;
        boolean expired;

        Waiter(int size, int order, Condition changed) {
            this.size = size;
            this.order = order;
            this.changed = changed;
        }
    }
}
