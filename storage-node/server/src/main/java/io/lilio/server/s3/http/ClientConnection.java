package io.lilio.server.s3.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.util.AttributeKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;

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

    /** How long a client may go on sending after its last answer. */
    private static final Duration LINGER = Duration.ofSeconds(5);

    private final SocketChannel channel;
    private final String address;
    private int outstanding;
    private boolean bodyFull;
    private boolean inputClosed;

    /** Whether the last request's payload cannot be read to its end. */
    private boolean malformed;

    private final WriteProgress taking = new WriteProgress(System.nanoTime());

    /** When the last answer left. */
    private long idleSinceNanos = System.nanoTime();

    private boolean doomed;
    private long closeAtNanos;
    private boolean closing;

    /** Those whose answers were not handed to the network in full; the oldest first. */
    private final Deque<Exchange> unfinished = new ArrayDeque<>(2);

    ClientConnection(SocketChannel channel) {
        this.channel = channel;
        this.address = channel.remoteAddress().getAddress().getHostAddress();
        // A client that ends its half may still wait for its answer: it gets one.
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.attr(KEY).set(this);
        channel.pipeline().addBefore("handler", "lilio", this).addFirst("taking", taking);
    }

    /** Numeric address of the client. */
    String address() {
        return address;
    }

    /**
     * A request is being dispatched. The ones before it are answered, but their answers may not
     * have left yet.
     */
    void begin(Exchange exchange) {
        unfinished.addLast(exchange);
        if (malformed && lastHasBegun()) {
            exchange.inputEnded();
        }
    }

    /** The answer to a request was handed to the network in full, or never will be. */
    void answered(Exchange exchange) {
        unfinished.remove(exchange);
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
        closeWithin(LINGER);
        if (inputClosed) {
            channel.shutdownOutput().addListener(done -> close());
        } else {
            var _ = channel.shutdownOutput();
            bodyFull(false);
        }
    }

    /** Closes the connection after so long, whatever happens until then. */
    void closeWithin(Duration time) {
        doomed = true;
        closeAtNanos = System.nanoTime() + time.toNanos();
    }

    /** Breaks the connection off. */
    void abort() {
        closing = true;
        closeWithin(Duration.ZERO);
        close();
    }

    /**
     * Called every second: closes what has been idle for too long, and ends requests whose client
     * takes too little of what it is sent.
     */
    void checkIdle(long now, long idleNanos, HttpSettings.Deadlines deadlines) {
        boolean tooSlow = taking.tooSlow(unsentBytes(), now, deadlines);
        if (doomed
                ? now - closeAtNanos > 0
                : outstanding == 0 && now - idleSinceNanos > idleNanos) {
            close();
            return;
        }
        for (Exchange exchange : new ArrayList<>(unfinished)) {
            exchange.checkDeadlines(now, tooSlow);
        }
    }

    /** What Netty was given and the socket has not taken, of a buffer that it took in part too. */
    private long unsentBytes() {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting == null ? 0 : waiting.totalPendingWriteBytes() - waiting.currentProgress();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (message instanceof DefaultHttpRequest) {
            outstanding++;
            updateReading();
        } else if (message instanceof HttpContent content && content.decoderResult().isFailure()) {
            content.release();
            malformedPayload();
            return;
        }
        super.channelRead(context, message);
    }

    /**
     * The framing of a chunked payload is none. Netty's decoder throws away all that follows, so
     * this payload is that of the last request of this connection. Vert.x would close the
     * connection without an answer, so it does not hear of it.
     */
    private void malformedPayload() {
        malformed = true;
        if (lastHasBegun()) {
            unfinished.getLast().inputEnded();
        }
    }

    private boolean lastHasBegun() {
        return outstanding > 0 && unfinished.size() == outstanding;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof ChannelInputShutdownEvent) {
            inputClosed = true;
            unfinished.forEach(Exchange::inputEnded);
            if (outstanding == 0 || closing) {
                close();
            }
        }
        super.userEventTriggered(context, event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        // Each of them leaves the list when it hears of it.
        new ArrayList<>(unfinished).forEach(Exchange::connectionLost);
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
