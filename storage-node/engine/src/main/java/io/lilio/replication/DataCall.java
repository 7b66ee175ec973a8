package io.lilio.replication;

import io.lilio.ObjectStoreException;
import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.ChunkCorruptException;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.buffer.BufferPool;
import io.lilio.chunk.buffer.PooledBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads the wanted blocks of a chunk from one member. Owns its buffer until somebody takes it, and
 * releases it when the I/O has ended.
 */
final class DataCall extends MemberCall {

    private final ChunkRead read;
    private final Replica replica;
    private final BufferPool buffers;
    private final boolean hedge;
    private @Nullable PooledBuffer buffer;
    private @Nullable ChunkHeader header;
    private volatile boolean began;
    private volatile long beganNanos;
    private volatile boolean measuredLate;
    private boolean overdue;

    /**
     * @param buffer to read into, or null to acquire one first
     * @param hedge whether it backs a slow one
     */
    DataCall(
            ChunkRead read,
            Replica replica,
            MemberClient client,
            @Nullable PooledBuffer buffer,
            boolean hedge) {
        super(
                client,
                client.reads(),
                Lane.Load.PAYLOAD,
                client.members().settings().readDeadline());
        this.read = read;
        this.replica = replica;
        this.buffers = read.buffers();
        this.buffer = buffer;
        this.hedge = hedge;
    }

    @Override
    protected boolean wanted() {
        return read.wantsData();
    }

    @Override
    protected void perform(ChunkStore store) {
        ChunkRange range = read.range();
        PooledBuffer target = target(range.blockBytes());
        beganNanos = client().members().time().nanos();
        began = true;
        ChunkHeader found =
                store.read(range.id(), range.blockStart(), target.view(0, range.blockBytes()));
        if (!measuredLate) {
            measure();
        }
        if (found.length() != range.chunkLength()) {
            throw new ChunkCorruptException(
                    range.id(),
                    "has %d bytes, while its record says %d"
                            .formatted(found.length(), range.chunkLength()));
        }
        header = found;
    }

    /** It takes longer than nearly all: the member is to be known as slow before it answers. */
    void overdue() {
        if (began && !overdue) {
            overdue = true;
            measure();
        }
    }

    private void measure() {
        long now = client().members().time().nanos();
        client().readLatency().measured(now - beganNanos, now);
    }

    private PooledBuffer target(int bytes) {
        PooledBuffer target = buffer;
        if (target == null) {
            target = acquire(bytes);
            buffer = target;
        }
        return target;
    }

    /** Gives up before the deadline of the call, which would blame the member. */
    private PooledBuffer acquire(int bytes) {
        Duration patience = client().members().settings().readDeadline().dividedBy(2);
        try {
            return buffers.acquire(bytes, patience);
        } catch (ObjectStoreException e) {
            throw new BackendException(Reason.OVERLOADED, "no buffer for a second attempt", e);
        }
    }

    @Override
    protected void answered(@Nullable RuntimeException failure) {
        if (abandoned() && began) {
            measuredLate = true;
            measure();
        }
        read.dataAnswered(this, failure);
    }

    @Override
    protected void ended() {
        PooledBuffer left = takeBuffer();
        if (left != null) {
            left.release();
        }
    }

    /** Hands the buffer over, with its reference. Not to be called while the I/O goes on. */
    @Nullable PooledBuffer takeBuffer() {
        PooledBuffer taken = buffer;
        buffer = null;
        return taken;
    }

    Replica replica() {
        return replica;
    }

    boolean isHedge() {
        return hedge;
    }

    /** What was read, when it went well. */
    @Nullable ChunkHeader header() {
        return header;
    }
}
