package io.lilio.server.s3.http;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A payload on its way from an event loop to the thread that reads it. The queue in between is
 * bounded by bytes: when it is full the socket is no longer read, when it is half empty it is read
 * again.
 *
 * <p>The methods named after events run on the event loop, {@link #read} on the request's thread.
 */
final class IncomingBody implements RequestBody {

    /** What may be left of a payload that nobody wants, for the connection to be worth keeping. */
    private static final long WORTH_DISCARDING_BYTES = 1 << 20;

    /**
     * Bytes that are taken from a client that goes on sending a payload that nobody wants, before
     * it is cut off: cut off at once, many clients would not see why. More than the 15 MiB that
     * s3cmd sends in one request.
     */
    private static final long MOST_DISCARDED_BYTES = 16 << 20;

    /** What the body needs of its request. */
    interface Source {
        /** Answers {@code Expect: 100-continue}. Any thread. */
        void sendContinue();

        /** Lets the socket be read again. Any thread. */
        void resume();

        /** Stops reading the socket. Event loop. */
        void pause();

        /** The client went on sending a payload that nobody wants. Event loop. */
        void tooMuchToDiscard();
    }

    private final Source source;
    private final BodyBudget budget;
    private final long length;
    private final boolean expectsContinue;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<ByteBuf> queue = new ArrayDeque<>();
    private long queuedBytes;
    private boolean full;
    private boolean ended;
    private boolean discarding;
    private @Nullable S3Error failure;
    private boolean waiting;
    private long waitingSinceNanos;
    private long waitedNanos;
    private long receivedBytes;
    private long discardedBytes;

    // Owned by the reading thread.
    private volatile boolean begun;
    private @Nullable ByteBuf head;

    /**
     * @param length Content-Length, or -1 for a chunked transfer
     */
    IncomingBody(Source source, BodyBudget budget, long length, boolean expectsContinue) {
        this.source = source;
        this.budget = budget;
        this.length = length;
        this.expectsContinue = expectsContinue;
        if (budget.perPayload() == 0) {
            full = true;
            source.pause();
        }
    }

    @Override
    public long length() {
        return Math.max(0, length);
    }

    @Override
    public boolean lengthKnown() {
        return length >= 0;
    }

    @Override
    public int read(ByteBuffer target) {
        if (!begun) {
            begun = true;
            if (expectsContinue) {
                source.sendContinue();
            }
        }
        int before = target.remaining();
        while (target.hasRemaining()) {
            if (head == null) {
                head = take(target.remaining() == before);
                if (head == null) {
                    break;
                }
            }
            int count = Math.min(head.readableBytes(), target.remaining());
            int limit = target.limit();
            target.limit(target.position() + count);
            head.readBytes(target);
            target.limit(limit);
            if (!head.isReadable()) {
                head = null;
            }
        }
        int count = before - target.remaining();
        return count == 0 ? -1 : count;
    }

    /** The next buffer; null at the end, or when there is none now and nobody should wait. */
    private @Nullable ByteBuf take(boolean wait) {
        boolean resume = false;
        ByteBuf next;
        lock.lock();
        try {
            while (wait && queue.isEmpty() && !ended && failure == null) {
                if (full) {
                    // However little there is: these bytes are read at once.
                    full = false;
                    source.resume();
                }
                waiting = true;
                waitingSinceNanos = System.nanoTime();
                arrived.awaitUninterruptibly();
                waitedNanos += System.nanoTime() - waitingSinceNanos;
                waiting = false;
            }
            if (failure != null && (wait || queue.isEmpty())) {
                if (wait) {
                    throw new S3Exception(failure);
                }
                return null;
            }
            next = queue.poll();
            if (next != null) {
                count(-next.readableBytes());
                int most = budget.perPayload();
                if (full && most > 0 && queuedBytes <= most / 2) {
                    full = false;
                    resume = true;
                }
            }
        } finally {
            lock.unlock();
        }
        if (resume) {
            source.resume();
        }
        return next;
    }

    @Override
    public Optional<byte[]> sha256() {
        return Optional.empty();
    }

    @Override
    public Map<String, String> trailers() {
        return Map.of();
    }

    /** Bytes that have arrived. Event loop. */
    long receivedBytes() {
        return receivedBytes;
    }

    /** Whether the client waits for a go-ahead that it will not get. */
    boolean neverBegun() {
        return expectsContinue && !begun;
    }

    /** Whether so much is still to come that the connection is better closed than drained. */
    boolean tooLongToDiscard() {
        lock.lock();
        try {
            return !ended && (length < 0 || length - receivedBytes > WORTH_DISCARDING_BYTES);
        } finally {
            lock.unlock();
        }
    }

    void dataArrived(ByteBuf data) {
        boolean tooMuch = false;
        boolean pause = false;
        lock.lock();
        try {
            receivedBytes += data.readableBytes();
            if (discarding || failure != null) {
                discardedBytes += data.readableBytes();
                tooMuch = discardedBytes > MOST_DISCARDED_BYTES;
            } else {
                queue.add(data);
                count(data.readableBytes());
                // Said every time: Vert.x may have switched reading on again by itself.
                pause = queuedBytes >= budget.perPayload();
                full |= pause;
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
        if (pause) {
            source.pause();
        } else if (tooMuch) {
            source.tooMuchToDiscard();
        }
    }

    void endArrived() {
        lock.lock();
        try {
            if (failure != null) {
                return;
            }
            ended = true;
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more will arrive, for this reason; ignored once everything is there. */
    void failed(S3Error error) {
        lock.lock();
        try {
            if (ended || failure != null) {
                return;
            }
            failure = error;
            arrived.signal();
            clear();
        } finally {
            lock.unlock();
        }
    }

    /** The request is over: what is left of its payload is thrown away. Any thread, repeatedly. */
    void discard() {
        boolean resume;
        lock.lock();
        try {
            resume = full || !ended && !discarding;
            discarding = true;
            full = false;
            clear();
        } finally {
            lock.unlock();
        }
        if (resume) {
            source.resume();
        }
    }

    private void clear() {
        if (queuedBytes > 0) {
            queue.clear();
            count(-queuedBytes);
        }
    }

    /** Under the lock. */
    private void count(long bytes) {
        queuedBytes += bytes;
        budget.queued(bytes);
    }

    /** Lets a reader go whose client stopped sending, or sends next to nothing. */
    void checkDeadlines(long now, HttpSettings.Deadlines deadlines) {
        boolean tooSlow;
        lock.lock();
        try {
            if (!waiting) {
                return;
            }
            long waitingFor = now - waitingSinceNanos;
            long waitedSeconds = (waitedNanos + waitingFor) / 1_000_000_000L;
            tooSlow =
                    waitingFor > deadlines.read().toNanos()
                            || (waitedSeconds > deadlines.read().toSeconds()
                                    && receivedBytes / waitedSeconds
                                            < deadlines.minimumBytesPerSecond());
        } finally {
            lock.unlock();
        }
        if (tooSlow) {
            failed(S3Error.REQUEST_TIMEOUT);
        }
    }
}
