package io.lilio.chunk.buffer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a {@link BufferPool}'s memory, counted by references: whoever hands it to I/O that
 * goes on after the call retains it first, and each reference is released exactly once, when that
 * I/O has ended. Its content is whatever was there before. The counting is thread-safe; the bytes
 * are shared as any {@link ByteBuffer} is.
 */
public final class PooledBuffer implements AutoCloseable {

    private static final VarHandle REFERENCES;

    static {
        try {
            REFERENCES =
                    MethodHandles.lookup()
                            .findVarHandle(PooledBuffer.class, "references", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final BufferPool pool;
    private final Slab slab;
    private final int offset;
    private final int order;
    private final ByteBuffer buffer;
    private final @Nullable Throwable acquirer;

    @SuppressWarnings("unused") // through REFERENCES
    private volatile int references = 1;

    PooledBuffer(BufferPool pool, Block block, ByteBuffer buffer, @Nullable Throwable acquirer) {
        this.pool = pool;
        this.slab = block.slab();
        this.offset = block.offset();
        this.order = block.order();
        this.buffer = buffer;
        this.acquirer = acquirer;
    }

    /** The size that was asked for, in bytes. */
    public int size() {
        return buffer.capacity();
    }

    /**
     * The direct buffer itself, always the same object: its position and limit belong to whoever
     * fills it. Everyone else takes a {@link #view}.
     */
    public ByteBuffer buffer() {
        requireReference();
        return buffer;
    }

    /** Another direct buffer on the same memory, with a position and limit of its own. */
    public ByteBuffer view(int offset, int length) {
        requireReference();
        return buffer.slice(offset, length);
    }

    /**
     * One more reference.
     *
     * @throws IllegalStateException when the last one has been released already
     */
    public PooledBuffer retain() {
        if (!tryRetain()) {
            throw new IllegalStateException("the buffer went back to its pool already");
        }
        return this;
    }

    /** One more reference, unless the last one has been released already. */
    public boolean tryRetain() {
        while (true) {
            int seen = references;
            if (seen == 0) {
                return false;
            }
            if (REFERENCES.compareAndSet(this, seen, seen + 1)) {
                return true;
            }
        }
    }

    /**
     * One reference less; the last one gives the memory back.
     *
     * @throws IllegalStateException when there is none left: somebody released twice
     */
    public void release() {
        while (true) {
            int seen = references;
            if (seen == 0) {
                throw new IllegalStateException("a pooled buffer was released once too often");
            }
            if (REFERENCES.compareAndSet(this, seen, seen - 1)) {
                if (seen == 1) {
                    pool.giveBack(this, new Block(slab, offset, order));
                }
                return;
            }
        }
    }

    /** The same as {@link #release()}. */
    @Override
    public void close() {
        release();
    }

    @Nullable Throwable acquirer() {
        return acquirer;
    }

    private void requireReference() {
        if (references == 0) {
            throw new IllegalStateException("the buffer went back to its pool already");
        }
    }

    /** Where a buffer's memory lies. */
    record Block(Slab slab, int offset, int order) {}
}
