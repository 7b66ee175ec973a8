package io.lilio.bench.engine;

import io.lilio.chunk.BackendHealth;
import io.lilio.chunk.BackendUsage;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.MarkedChunk;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A chunk store that is so far away: puts, reads and looks take longer. */
final class DelayedChunkStore implements ChunkStore {

    private final ChunkStore store;
    private final LongSupplier delayNanos;

    DelayedChunkStore(ChunkStore store, LongSupplier delayNanos) {
        this.store = store;
        this.delayNanos = delayNanos;
    }

    @Override
    public void put(ChunkHeader header, ByteBuffer payload) {
        delay();
        store.put(header, payload);
    }

    @Override
    public ChunkHeader read(ChunkId id, int offset, ByteBuffer target) {
        delay();
        return store.read(id, offset, target);
    }

    @Override
    public Optional<ChunkHeader> stat(ChunkId id) {
        delay();
        return store.stat(id);
    }

    @Override
    public void delete(Collection<ChunkId> ids) {
        store.delete(ids);
    }

    @Override
    public List<ChunkHeader> list(int partition, @Nullable ChunkId after, int limit) {
        return store.list(partition, after, limit);
    }

    @Override
    public void confirm(Collection<ChunkId> ids) {
        store.confirm(ids);
    }

    @Override
    public List<MarkedChunk> unconfirmed(Duration age, @Nullable MarkedChunk after, int limit) {
        return store.unconfirmed(age, after, limit);
    }

    @Override
    public void markAllUnconfirmed() {
        store.markAllUnconfirmed();
    }

    @Override
    public void verify(ChunkId id) {
        store.verify(id);
    }

    @Override
    public BackendHealth health() {
        return store.health();
    }

    @Override
    public BackendUsage usage() {
        return store.usage();
    }

    @Override
    public void close() {
        store.close();
    }

    private void delay() {
        long until = System.nanoTime() + delayNanos.getAsLong();
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
