package io.lilio.server.s3.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.buffer.impl.BufferImpl;
import io.vertx.core.http.HttpServerResponse;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A payload on its way from the request's thread to the event loop. Buffers are not copied; they
 * are sent in parts, so that the network is busy with one part while the next one waits. What is
 * under way is counted until each part's write has completed: asking Netty whether the channel is
 * writable would say so too late from another thread.
 */
final class AnswerStream implements ResponseStream {

    private static final int PART_BYTES = 1 << 20;
    private static final int IN_FLIGHT_BYTES = 2 << 20;

    /** However small they are: who gives smaller ones means to hold less. */
    private static final int IN_FLIGHT_BUFFERS = 2;

    private final Answer answer;
    private final Exchange exchange;
    private final long length;
    private long written;
    private boolean closed;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progress = lock.newCondition();
    private int inFlightBytes;
    private int inFlightBuffers;
    private boolean lost;

    AnswerStream(Answer answer, Exchange exchange, long length) {
        this.answer = answer;
        this.exchange = exchange;
        this.length = length;
    }

    @Override
    public void write(ByteBuffer bytes, Runnable release) {
        // The writer holds one reference itself, each part another one.
        Lease lease = new Lease(release);
        try {
            int position = bytes.position();
            int limit = bytes.limit();
            if (closed || limit - position > length - written) {
                throw new IllegalStateException("More bytes than were announced.");
            }
            while (position < limit) {
                int count = Math.min(PART_BYTES, limit - position);
                awaitRoom(count, lease);
                send(bytes.slice(position, count), lease);
                position += count;
            }
        } finally {
            drop(lease);
        }
    }

    private void awaitRoom(int count, Lease lease) {
        lock.lock();
        try {
            while (!lost
                    && inFlightBytes > 0
                    && (inFlightBytes + count > IN_FLIGHT_BYTES
                            || !lease.counted && inFlightBuffers == IN_FLIGHT_BUFFERS)) {
                progress.awaitUninterruptibly();
            }
            if (lost) {
                throw new ConnectionLostException("The client is gone.");
            }
            inFlightBytes += count;
            if (!lease.counted) {
                lease.counted = true;
                inFlightBuffers++;
            }
        } finally {
            lock.unlock();
        }
    }

    private void send(ByteBuffer part, Lease lease) {
        int count = part.remaining();
        boolean first = written == 0;
        written += count;
        boolean last = written == length;
        boolean close = first && answer.commit();
        lease.take();
        ByteBuf data = Unpooled.wrappedBuffer(part);
        try {
            exchange.execute(
                    () -> {
                        Future<Void> sent = write(data, first, last, close);
                        sent.onComplete(done -> partDone(count, done.succeeded(), lease));
                        answer.countSent(count);
                        if (last) {
                            exchange.ending(sent, close);
                        }
                    });
        } catch (RuntimeException loopIsShutDown) {
            partDone(count, false, lease);
            throw new ConnectionLostException("The server is shutting down.");
        }
    }

    /** Never throws: whatever happens, the part has to be counted and its buffer released. */
    private Future<Void> write(ByteBuf data, boolean first, boolean last, boolean close) {
        try {
            HttpServerResponse response = exchange.response();
            if (first) {
                answer.writeHead(response, length, close);
            }
            Buffer buffer = BufferImpl.buffer(data);
            return last ? response.end(buffer) : response.write(buffer);
        } catch (RuntimeException unwritable) {
            exchange.unwritable(unwritable);
            return Future.failedFuture(unwritable);
        }
    }

    private void partDone(int count, boolean delivered, Lease lease) {
        drop(lease);
        lock.lock();
        try {
            inFlightBytes -= count;
            lost |= !delivered;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void drop(Lease lease) {
        if (!lease.drop()) {
            return;
        }
        lock.lock();
        try {
            if (lease.counted) {
                inFlightBuffers--;
                progress.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until everything written was taken by the network.
     *
     * @throws ConnectionLostException when it never will be
     */
    void awaitDelivery() {
        lock.lock();
        try {
            while (!lost && inFlightBytes > 0) {
                progress.awaitUninterruptibly();
            }
            if (lost) {
                throw new ConnectionLostException("The client is gone.");
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (written == 0 && length > 0) {
            // Nothing was said yet: whoever gave up can still say why.
            return;
        }
        if (written < length) {
            answer.breakOff();
        } else {
            if (length == 0) {
                answer.endHead(0);
            }
            answer.streamClosed();
        }
    }

    /** Wakes a writer that waits for a client that is gone. Event loop. */
    void connectionLost() {
        lock.lock();
        try {
            lost = true;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Releases a caller's buffer once: when the writer and every part are done with it. */
    private static final class Lease {
        private final AtomicInteger holders = new AtomicInteger(1);
        private final Runnable release;

        /** Whether it is one of those in flight; guarded by the stream's lock. */
        private boolean counted;

        Lease(Runnable release) {
            this.release = release;
        }

        void take() {
            holders.incrementAndGet();
        }

        /** Whether it was released by this. */
        boolean drop() {
            boolean released = holders.decrementAndGet() == 0;
            if (released) {
                release.run();
            }
            return released;
        }
    }
}
