package io.lilio.bench.engine;

import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.ForwardingChunkStore;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** A chunk store that is so far away: puts, reads and looks take longer. */
final class DelayedChunkStore extends ForwardingChunkStore {

    private final LongSupplier delayNanos;

    DelayedChunkStore(ChunkStore store, LongSupplier delayNanos) {
        super(store);
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

    private void delay() {
        long until = System.nanoTime() + delayNanos.getAsLong();
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
