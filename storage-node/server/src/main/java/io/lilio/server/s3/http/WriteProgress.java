package io.lilio.server.s3.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.util.concurrent.TimeUnit;

/**
 * Whether a client takes what is sent to it, by bytes rather than by writes: a client that is slow
 * is told from one that has stopped, or takes next to nothing. Only the time counts in which
 * something waited for the client. Sits first in the Netty pipeline, where everything passes as
 * bytes. Not thread-safe.
 */
final class WriteProgress extends ChannelOutboundHandlerAdapter {

    /** The most that counts between two looks: an event loop that stood still sent nothing. */
    private static final long MAX_STEP_NANOS = TimeUnit.SECONDS.toNanos(2);

    private long handedOverBytes;
    private long takenBytes;
    private long lookedAtNanos;

    /** How much longer the client took than the slowest one may; never less than nothing. */
    private long behindNanos;

    /**
     * @param now in nanoseconds, as in {@link System#nanoTime}
     */
    WriteProgress(long now) {
        lookedAtNanos = now;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            handedOver(bytes.readableBytes());
        }
        var _ = context.write(message, promise);
    }

    /** So many more are on their way. */
    void handedOver(int bytes) {
        handedOverBytes += bytes;
    }

    /**
     * Whether the client is behind by more than {@code write}: each second in which something waits
     * for it counts, less the time that what it took meanwhile takes at the lowest rate. Progress
     * is noticed by this call alone, so that it has to be made several times within the limit.
     *
     * @param unsentBytes what waits
     */
    boolean tooSlow(long unsentBytes, long now, HttpSettings.Deadlines deadlines) {
        long taken = handedOverBytes - unsentBytes;
        if (unsentBytes == 0) {
            behindNanos = 0;
        } else {
            long waited = Math.min(now - lookedAtNanos, MAX_STEP_NANOS);
            long allowed = (long) ((taken - takenBytes) * 1e9 / deadlines.minimumBytesPerSecond());
            behindNanos = Math.max(0, behindNanos + waited - allowed);
        }
        takenBytes = taken;
        lookedAtNanos = now;
        return behindNanos > deadlines.write().toNanos();
    }
}
