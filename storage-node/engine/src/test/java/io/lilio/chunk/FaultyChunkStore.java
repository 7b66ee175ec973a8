package io.lilio.chunk;

import io.lilio.chunk.BackendException.Reason;
import io.lilio.time.Time;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A chunk store that goes wrong when told to. Faults are switched on and off at run time and add
 * up; each counts how often it struck, so that a test can assert that it did. Thread-safe.
 *
 * <p>Faults that sit on one chunk ({@link #loseFile}, {@link #flipBit}, {@link #leaveUntold}, a
 * torn write) end when that chunk is deleted or put again, as on a real medium. A delay passes
 * through {@link Time}.
 */
public final class FaultyChunkStore implements ChunkStore {

    /** What can be called. */
    public enum Operation {
        PUT,
        READ,
        STAT,
        DELETE,
        LIST,
        CONFIRM,
        UNCONFIRMED,
        MARK_ALL,
        VERIFY
    }

    /** What can go wrong. */
    public enum Fault {
        /** The call fails without effect. */
        ERROR,
        /** The call takes effect and then fails. */
        LOST_ANSWER,
        DELAY,
        DISK_FULL,
        /** A put is acknowledged, but what lies on the medium is cut off. */
        TORN_WRITE,
        LOST_FILE,
        FLIPPED_BIT,
        /** Whether the chunk's copy is good cannot be told. */
        UNTOLD
    }

    private final ChunkStore inner;
    private final Time time;
    private final Map<Operation, Reason> errors = new ConcurrentHashMap<>();
    private final Map<Operation, Duration> delays = new ConcurrentHashMap<>();
    private final Set<Operation> lostAnswers = ConcurrentHashMap.newKeySet();
    private final Map<ChunkId, Fault> spoilt = new ConcurrentHashMap<>();
    private final Map<Fault, AtomicLong> hits = new EnumMap<>(Fault.class);
    private final Map<Operation, AtomicLong> calls = new EnumMap<>(Operation.class);
    private final AtomicLong timesEmptied = new AtomicLong();
    private final AtomicLong loss = new AtomicLong();
    private volatile boolean diskFull;
    private volatile boolean tearing;

    public FaultyChunkStore(ChunkStore inner, Time time) {
        this.inner = inner;
        this.time = time;
        for (Fault fault : Fault.values()) {
            hits.put(fault, new AtomicLong());
        }
        for (Operation operation : Operation.values()) {
            calls.put(operation, new AtomicLong());
        }
    }

    /** From now on these operations (all when none is named) fail without effect. */
    public FaultyChunkStore fail(Reason reason, Operation... on) {
        some(on).forEach(operation -> errors.put(operation, reason));
        return this;
    }

    /** From now on these operations (all when none is named) take that much longer. */
    public FaultyChunkStore delay(Duration by, Operation... on) {
        some(on).forEach(operation -> delays.put(operation, by));
        return this;
    }

    /** From now on these operations (all when none is named) take effect, then time out. */
    public FaultyChunkStore loseAnswers(Operation... on) {
        lostAnswers.addAll(some(on));
        return this;
    }

    /** From now on puts fail for want of space, and health says so. */
    public FaultyChunkStore fillDisk() {
        diskFull = true;
        return this;
    }

    /** Counts that its medium came back empty; the test removes what it held. */
    public FaultyChunkStore comeBackEmpty() {
        timesEmptied.incrementAndGet();
        return this;
    }

    /** Says that it lost chunks; the test removes them. */
    public FaultyChunkStore lose(long which) {
        loss.set(which);
        return this;
    }

    /** From now on puts are acknowledged although half of the payload is missing. */
    public FaultyChunkStore tearWrites() {
        tearing = true;
        return this;
    }

    /** The chunk's file disappears; the index still knows it. */
    public FaultyChunkStore loseFile(ChunkId id) {
        spoilt.put(id, Fault.LOST_FILE);
        return this;
    }

    /** One bit of the chunk's payload turns over on the medium. */
    public FaultyChunkStore flipBit(ChunkId id) {
        spoilt.put(id, Fault.FLIPPED_BIT);
        return this;
    }

    /** Nothing is known of the chunk's copy but that it could not be read this time. */
    public FaultyChunkStore leaveUntold(ChunkId id) {
        spoilt.put(id, Fault.UNTOLD);
        return this;
    }

    /** Ends all faults but those that sit on the medium. */
    public FaultyChunkStore heal() {
        errors.clear();
        delays.clear();
        lostAnswers.clear();
        diskFull = false;
        tearing = false;
        return this;
    }

    /** How often a fault struck. */
    public long hits(Fault fault) {
        return counter(hits, fault).get();
    }

    /** How often an operation was called. */
    public long calls(Operation operation) {
        return counter(calls, operation).get();
    }

    @Override
    public void put(ChunkHeader header, ByteBuffer payload) {
        before(Operation.PUT);
        if (diskFull) {
            hit(Fault.DISK_FULL);
            throw new BackendException(Reason.FULL, "no space left on device (injected)", null);
        }
        Fault damage = spoilt.remove(header.id());
        if (damage != null && damage != Fault.UNTOLD) {
            inner.delete(List.of(header.id())); // what is damaged is replaced
        }
        inner.put(header, payload);
        if (tearing) {
            hit(Fault.TORN_WRITE);
            spoilt.put(header.id(), Fault.TORN_WRITE);
        }
        after(Operation.PUT);
    }

    @Override
    public ChunkHeader read(ChunkId id, int offset, ByteBuffer target) {
        before(Operation.READ);
        requireUnspoilt(id);
        ChunkHeader header = inner.read(id, offset, target);
        after(Operation.READ);
        return header;
    }

    @Override
    public Optional<ChunkHeader> stat(ChunkId id) {
        before(Operation.STAT);
        Optional<ChunkHeader> header = inner.stat(id);
        after(Operation.STAT);
        return header;
    }

    @Override
    public void delete(Collection<ChunkId> ids) {
        before(Operation.DELETE);
        inner.delete(ids);
        spoilt.keySet().removeAll(ids);
        after(Operation.DELETE);
    }

    @Override
    public List<ChunkHeader> list(int partition, @Nullable ChunkId after, int limit) {
        before(Operation.LIST);
        List<ChunkHeader> page = inner.list(partition, after, limit);
        after(Operation.LIST);
        return page;
    }

    @Override
    public void confirm(Collection<ChunkId> ids, long epoch) {
        before(Operation.CONFIRM);
        inner.confirm(ids, epoch);
        after(Operation.CONFIRM);
    }

    @Override
    public List<MarkedChunk> unconfirmed(Duration age, @Nullable MarkedChunk after, int limit) {
        before(Operation.UNCONFIRMED);
        List<MarkedChunk> found = inner.unconfirmed(age, after, limit);
        after(Operation.UNCONFIRMED);
        return found;
    }

    @Override
    public void markAllUnconfirmed() {
        before(Operation.MARK_ALL);
        inner.markAllUnconfirmed();
        after(Operation.MARK_ALL);
    }

    @Override
    public void verify(ChunkId id) {
        before(Operation.VERIFY);
        requireUnspoilt(id);
        inner.verify(id);
        after(Operation.VERIFY);
    }

    @Override
    public BackendHealth health() {
        BackendHealth real = inner.health();
        if (errors.containsKey(Operation.READ) && errors.containsKey(Operation.PUT)) {
            return unwell(BackendHealth.State.FAILED, real);
        }
        return diskFull
                ? unwell(BackendHealth.State.FULL, real)
                : new BackendHealth(
                        real.state(),
                        real.capacityBytes(),
                        real.freeBytes(),
                        real.detail(),
                        timesEmptied.get());
    }

    private BackendHealth unwell(BackendHealth.State state, BackendHealth real) {
        return new BackendHealth(state, real.capacityBytes(), 0, "injected", timesEmptied.get());
    }

    @Override
    public BackendUsage usage() {
        BackendUsage real = inner.usage();
        return new BackendUsage(
                real.chunks(),
                real.payloadBytes(),
                real.storedBytes(),
                real.unconfirmed(),
                loss.get());
    }

    @Override
    public void refilled(long of) {
        if (of != 0) {
            loss.compareAndSet(of, 0);
        }
    }

    @Override
    public void close() {
        inner.close();
    }

    private void before(Operation operation) {
        counter(calls, operation).incrementAndGet();
        Duration delay = delays.get(operation);
        if (delay != null) {
            hit(Fault.DELAY);
            sleep(delay);
        }
        Reason error = errors.get(operation);
        if (error != null) {
            hit(Fault.ERROR);
            throw new BackendException(error, operation + " failed (injected)", null);
        }
    }

    private void after(Operation operation) {
        if (lostAnswers.contains(operation)) {
            hit(Fault.LOST_ANSWER);
            throw new BackendException(
                    Reason.TIMEOUT, operation + " was not answered (injected)", null);
        }
    }

    private void requireUnspoilt(ChunkId id) {
        Fault fault = spoilt.get(id);
        if (fault == null || inner.stat(id).isEmpty()) {
            return;
        }
        hit(fault);
        if (fault == Fault.UNTOLD) {
            throw new BackendException(Reason.IO, id + " could not be read (injected)", null);
        }
        if (fault == Fault.LOST_FILE) {
            throw new ChunkMissingException(id, "its file is gone (injected)");
        }
        throw new ChunkCorruptException(id, "its bytes differ: " + fault + " (injected)");
    }

    private void sleep(Duration delay) {
        try {
            time.sleep(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackendException(Reason.TIMEOUT, "interrupted while delayed", e);
        }
    }

    private void hit(Fault fault) {
        counter(hits, fault).incrementAndGet();
    }

    private static List<Operation> some(Operation... on) {
        return List.of(on.length == 0 ? Operation.values() : on);
    }

    private static <K> AtomicLong counter(Map<K, AtomicLong> counters, K key) {
        AtomicLong counter = counters.get(key);
        if (counter == null) {
            throw new IllegalArgumentException("not counted: " + key);
        }
        return counter;
    }
}
