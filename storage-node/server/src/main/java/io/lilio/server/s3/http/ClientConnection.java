package io.lilio.server.s3.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

/**
 * What Vert.x does not keep about a connection: how many requests were pipelined (it would queue
 * them without a bound), whether the client has ended its half, since when nothing is going on.
 * Sits in the Netty pipeline before Vert.x's own handler. Everything happens on the connection's
 * event loop.
 *
 * <p>Reading from the socket is off while a payload's queue is full or too many requests wait.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter {

    static final AttributeKey<ClientConnection> KEY =
            AttributeKey.valueOf(ClientConnection.class, "connection");

    private static final int MAX_PIPELINED = 16;

    private final SocketChannel channel;
    private final String address;
    private int outstanding;
    private boolean bodyFull;
    private boolean inputClosed;
    private long idleSinceNanos = System.nanoTime();
    private long closeAtNanos;
    private boolean closing;
    private @Nullable Exchange current;

    ClientConnection(SocketChannel channel) {
        this.channel = channel;
        this.address = channel.remoteAddress().getAddress().getHostAddress();
        // A client that ends its half may still wait for its answer: it gets one.
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.attr(KEY).set(this);
        channel.pipeline().addBefore("handler", "lilio", this);
    }

    /** Numeric address of the client. */
    String address() {
        return address;
    }

    /** A request is being dispatched; the ones before it are over. */
    void begin(Exchange exchange) {
        current = exchange;
    }

    /** The answer to a request was handed to the network in full, or never will be. */
    void answered(Exchange exchange) {
        // A pipelined request may have begun before the last write of this one completed.
        if (current == exchange) {
            current = null;
        }
        outstanding--;
        idleSinceNanos = System.nanoTime();
        updateReading();
        if (inputClosed && outstanding == 0) {
            lingerThenClose();
        }
    }

    /** Stops or resumes reading on behalf of the current payload. */
    void bodyFull(boolean full) {
        bodyFull = full;
        updateReading();
    }

    /**
     * Ends our half, then waits a little for the client to end its own: closing at once, with bytes
     * unread, would reset the connection and might take the answer with it.
     */
    void lingerThenClose() {
        if (closing) {
            return;
        }
        closing = true;
        closeAtNanos = System.nanoTime() + 2_000_000_000L;
        if (inputClosed) {
            channel.shutdownOutput().addListener(done -> close());
        } else {
            var _ = channel.shutdownOutput();
            bodyFull(false);
        }
    }

    /** Breaks the connection off. */
    void abort() {
        closing = true;
        closeAtNanos = System.nanoTime();
        close();
    }

    /** Called every second: closes what has been idle for too long. */
    void checkIdle(long now, long idleNanos) {
        if (closing
                ? now - closeAtNanos > 0
                : outstanding == 0 && now - idleSinceNanos > idleNanos) {
            close();
        } else if (current != null) {
            current.checkDeadlines(now);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (message instanceof DefaultHttpRequest) {
            outstanding++;
            updateReading();
        }
        super.channelRead(context, message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof ChannelInputShutdownEvent) {
            inputClosed = true;
            if (current != null) {
                current.inputClosed();
            }
            if (outstanding == 0 || closing) {
                close();
            }
        }
        super.userEventTriggered(context, event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        if (current != null) {
            current.connectionLost();
        }
        super.channelInactive(context);
    }

    /** Past Vert.x's handler, which would first wait for the client to take everything. */
    private void close() {
        ChannelHandlerContext context = channel.pipeline().context(this);
        if (context != null) {
            var _ = context.close();
        }
    }

    private void updateReading() {
        channel.config().setAutoRead(!bodyFull && outstanding <= MAX_PIPELINED);
    }
}
