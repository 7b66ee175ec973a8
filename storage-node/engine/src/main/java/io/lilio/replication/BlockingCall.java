package io.lilio.replication;

import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.buffer.PooledBuffer;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A call whose caller waits for it. */
final class BlockingCall<T> extends MemberCall {

    private final Function<ChunkStore, T> io;
    private final @Nullable PooledBuffer buffer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition answer = lock.newCondition();
    private @Nullable T result;
    private @Nullable RuntimeException failure;
    private boolean done;

    /**
     * @param buffer what the I/O uses: kept until it has ended
     */
    BlockingCall(
            MemberClient client,
            Lane lane,
            Lane.Load load,
            Duration deadline,
            Function<ChunkStore, T> io,
            @Nullable PooledBuffer buffer) {
        super(client, lane, load, deadline);
        this.io = io;
        this.buffer = buffer;
    }

    /** Makes the call and waits, uninterruptibly, for its outcome or its deadline. */
    T await() {
        if (!admit()) {
            throw refusal();
        }
        if (buffer != null) {
            buffer.retain();
        }
        launch();
        return outcome();
    }

    private T outcome() {
        lock.lock();
        try {
            while (!done) {
                answer.awaitUninterruptibly();
            }
            if (failure != null) {
                throw failure;
            }
            T value = result;
            if (value == null) {
                throw new IllegalStateException("a call that went well has a result");
            }
            return value;
        } finally {
            lock.unlock();
        }
    }

    @Override
    protected void perform(ChunkStore store) {
        T value = io.apply(store);
        lock.lock();
        try {
            result = value;
        } finally {
            lock.unlock();
        }
    }

    @Override
    protected void answered(@Nullable RuntimeException failure) {
        lock.lock();
        try {
            this.failure = failure;
            done = true;
            answer.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    protected void ended() {
        if (buffer != null) {
            buffer.release();
        }
    }
}
