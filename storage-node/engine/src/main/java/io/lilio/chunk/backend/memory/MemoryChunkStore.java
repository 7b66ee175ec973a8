package io.lilio.chunk.backend.memory;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.BackendHealth;
import io.lilio.chunk.BackendHealth.State;
import io.lilio.chunk.BackendUsage;
import io.lilio.chunk.BlockChecksums;
import io.lilio.chunk.ChunkConflictException;
import io.lilio.chunk.ChunkCorruptException;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkMissingException;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.MarkedChunk;
import io.lilio.chunk.backend.CallGate;
import io.lilio.chunk.buffer.BufferPool;
import io.lilio.chunk.buffer.BufferPoolSettings;
import io.lilio.chunk.buffer.PooledBuffer;
import io.lilio.time.Time;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps chunks in direct memory. "Durable" here means for as long as the process lives. Full when
 * its capacity is used up.
 */
public final class MemoryChunkStore implements ChunkStore {

    private final MemoryChunkStoreSettings settings;
    private final Time time;
    private final BufferPool memory;
    private final MemoryIndex index;
    private final CallGate gate;

    public MemoryChunkStore(MemoryChunkStoreSettings settings, Time time) {
        this.settings = settings;
        this.time = time;
        this.memory = new BufferPool(BufferPoolSettings.ofCapacity(settings.capacityBytes()), time);
        this.index = new MemoryIndex(settings.partitions());
        this.gate = new CallGate(settings.name());
    }

    @Override
    public void put(ChunkHeader header, ByteBuffer payload) {
        gate.enter();
        try {
            requireIntact(header, payload);
            if (isStored(header)) {
                return;
            }
            StoredChunk stored = new StoredChunk(header, copyOf(payload));
            StoredChunk earlier = index.addUnlessThere(stored, time.now());
            if (earlier != null) {
                stored.bytes().release();
                requireSame(earlier.header(), header);
            }
        } finally {
            gate.leave();
        }
    }

    @Override
    public ChunkHeader read(ChunkId id, int offset, ByteBuffer target) {
        gate.enter();
        try {
            StoredChunk stored = index.retained(id);
            if (stored == null) {
                throw new ChunkMissingException(id, "not on " + settings.name());
            }
            try {
                int length = target.remaining();
                BlockChecksums.requireWholeBlocks(stored.header(), offset, length);
                ByteBuffer bytes = stored.bytes().view(offset, length);
                BlockChecksums.verify(stored.header(), offset, bytes);
                target.put(bytes);
                return stored.header();
            } finally {
                stored.bytes().release();
            }
        } finally {
            gate.leave();
        }
    }

    @Override
    public Optional<ChunkHeader> stat(ChunkId id) {
        gate.enter();
        try {
            return index.header(id);
        } finally {
            gate.leave();
        }
    }

    @Override
    public void delete(Collection<ChunkId> ids) {
        gate.enter();
        try {
            index.remove(ids).forEach(stored -> stored.bytes().release());
        } finally {
            gate.leave();
        }
    }

    @Override
    public List<ChunkHeader> list(int partition, @Nullable ChunkId after, int limit) {
        gate.enter();
        try {
            return index.list(partition, after, limit);
        } finally {
            gate.leave();
        }
    }

    @Override
    public void confirm(Collection<ChunkId> ids, long epoch) {
        gate.enter();
        try {
            index.confirm(ids);
        } finally {
            gate.leave();
        }
    }

    @Override
    public List<MarkedChunk> unconfirmed(Duration age, @Nullable MarkedChunk after, int limit) {
        gate.enter();
        try {
            Instant now = time.now();
            return index.unconfirmed(now.minus(age), now, after, limit);
        } finally {
            gate.leave();
        }
    }

    @Override
    public void markAllUnconfirmed() {
        gate.enter();
        try {
            index.markAll(time.now());
        } finally {
            gate.leave();
        }
    }

    @Override
    public void verify(ChunkId id) {
        gate.enter();
        try {
            StoredChunk stored = index.retained(id);
            if (stored == null) {
                throw new ChunkMissingException(id, "not on " + settings.name());
            }
            try {
                if (!isWhole(stored)) {
                    throw new ChunkCorruptException(id, "its bytes are not those that were put");
                }
            } finally {
                stored.bytes().release();
            }
        } finally {
            gate.leave();
        }
    }

    @Override
    public BackendHealth health() {
        long free = memory.capacityBytes() - memory.inUseBytes();
        return free > 0
                ? new BackendHealth(State.UP, memory.capacityBytes(), free, "", 0)
                : new BackendHealth(State.FULL, memory.capacityBytes(), 0, "its memory is full", 0);
    }

    @Override
    public BackendUsage usage() {
        return index.usage(memory.inUseBytes());
    }

    @Override
    public void close() {
        if (gate.close()) {
            index.removeAll().forEach(stored -> stored.bytes().release());
        }
    }

    private static void requireIntact(ChunkHeader header, ByteBuffer payload) {
        if (payload.remaining() != header.length()) {
            throw new ChunkCorruptException(
                    header.id(),
                    "%d bytes arrived of %d".formatted(payload.remaining(), header.length()));
        }
        BlockChecksums.verify(header, 0, payload);
    }

    private boolean isStored(ChunkHeader header) {
        StoredChunk earlier = index.retained(header.id());
        if (earlier == null) {
            return false;
        }
        try {
            requireSame(earlier.header(), header);
            if (isWhole(earlier)) {
                return true;
            }
        } finally {
            earlier.bytes().release();
        }
        index.remove(earlier).ifPresent(damaged -> damaged.bytes().release());
        return false;
    }

    private static boolean isWhole(StoredChunk stored) {
        ChunkHeader header = stored.header();
        ByteBuffer bytes = stored.bytes().view(0, header.length());
        return ChunkHeader.of(header.id(), header.origin(), bytes).equals(header);
    }

    private static void requireSame(ChunkHeader there, ChunkHeader arriving) {
        if (!there.samePayload(arriving)) {
            throw new ChunkConflictException(arriving.id(), "other bytes are stored under its id");
        }
    }

    private PooledBuffer copyOf(ByteBuffer payload) {
        PooledBuffer copy =
                memory.tryAcquire(payload.remaining())
                        .orElseThrow(
                                () ->
                                        new BackendException(
                                                Reason.FULL,
                                                "the backend " + settings.name() + " is full",
                                                null));
        copy.buffer().put(payload.duplicate());
        return copy;
    }
}
