package io.lilio.chunk;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Passes every call on to another store: what differs, a subclass does. */
public abstract class ForwardingChunkStore implements ChunkStore {

    /** Where calls go. */
    protected final ChunkStore store;

    protected ForwardingChunkStore(ChunkStore store) {
        this.store = store;
    }

    @Override
    public void put(ChunkHeader header, ByteBuffer payload) {
        store.put(header, payload);
    }

    @Override
    public void refilled(long loss) {
        store.refilled(loss);
    }

    @Override
    public ChunkHeader read(ChunkId id, int offset, ByteBuffer target) {
        return store.read(id, offset, target);
    }

    @Override
    public Optional<ChunkHeader> stat(ChunkId id) {
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
    public PartitionDigest digest(int partition) {
        return store.digest(partition);
    }

    @Override
    public void confirm(Collection<ChunkId> ids, long epoch) {
        store.confirm(ids, epoch);
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
}
