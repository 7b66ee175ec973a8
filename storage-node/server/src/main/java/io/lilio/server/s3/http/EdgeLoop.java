package io.lilio.server.s3.http;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.xml.ErrorDocument;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.TooLongFrameException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of the S3 server that lives on one event loop: its connections, their clock, and the
 * requests that begin there. Used on that event loop unless a method says otherwise.
 */
final class EdgeLoop {

    /** More than any client sends, user metadata of 2 KB included. */
    private static final int MAX_HEADERS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(EdgeLoop.class);

    private final S3Server server;
    private final ContextInternal context;
    private final Set<ClientConnection> connections = new LinkedHashSet<>();
    private final SplittableRandom ids;
    private String date = now();

    EdgeLoop(S3Server server, ContextInternal context, SplittableRandom ids) {
        this.server = server;
        this.context = context;
        this.ids = ids;
        context.owner().setPeriodic(1_000, timer -> tick());
    }

    private static String now() {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
    }

    /** A connection was accepted. */
    void connected(HttpConnection accepted) {
        accepted.exceptionHandler(broken -> LOG.debug("Connection broken: {}", broken.toString()));
        SocketChannel channel = (SocketChannel) ((ConnectionBase) accepted).channel();
        if (!server.admitConnection()) {
            var _ = channel.close();
            return;
        }
        ClientConnection connection = new ClientConnection(channel);
        connections.add(connection);
        channel.closeFuture()
                .addListener(
                        closed -> {
                            connections.remove(connection);
                            server.connectionClosed();
                        });
    }

    /** A request's head has arrived. */
    void requested(HttpServerRequest request) {
        ClientConnection connection = connectionOf(request);
        if (connection == null) {
            return;
        }
        if (hasTooManyHeaders(request)) {
            refuseAndClose(request, connection, S3Error.REQUEST_HEADER_SECTION_TOO_LARGE);
            return;
        }
        String coding = request.getHeader("Transfer-Encoding");
        if (coding != null && !coding.strip().equalsIgnoreCase("chunked")) {
            // Where such a payload ends is a matter of opinion (RFC 9112 §6.3).
            refuseAndClose(request, connection, S3Error.BAD_REQUEST);
            return;
        }
        Exchange exchange = new Exchange(server, this, connection, request);
        connection.begin(exchange);
        if (server.draining()) {
            exchange.refuse(S3Error.SERVICE_UNAVAILABLE);
        } else if (server.admitRequest()) {
            exchange.start();
        } else {
            exchange.refuse(S3Error.SLOW_DOWN);
        }
    }

    /** Lines, not names: size() would count the latter. */
    private static boolean hasTooManyHeaders(HttpServerRequest request) {
        int count = 0;
        for (var _ : request.headers()) {
            count++;
        }
        return count > MAX_HEADERS;
    }

    /**
     * A head arrived that is not HTTP, or is too long. What follows cannot be understood, so the
     * connection is closed; but gently, so that the answer is read.
     */
    void malformed(HttpServerRequest request) {
        ClientConnection connection = connectionOf(request);
        if (connection == null) {
            return;
        }
        Throwable cause = request.decoderResult().cause();
        S3Error error =
                cause instanceof TooLongFrameException
                        ? S3Error.REQUEST_HEADER_SECTION_TOO_LARGE
                        : S3Error.BAD_REQUEST;
        LOG.debug("Malformed request from {}: {}", connection.address(), cause.toString());
        refuseAndClose(request, connection, error);
    }

    private void refuseAndClose(
            HttpServerRequest request, ClientConnection connection, S3Error error) {
        String id = nextId();
        byte[] body = ErrorDocument.render(new S3Exception(error), "/", id);
        HttpServerResponse response = request.response();
        response.setStatusCode(error.status());
        response.headers()
                .add("x-amz-request-id", id)
                .add("Date", date)
                .add("Server", "Lilio")
                .add("Content-Type", "application/xml")
                .add("Content-Length", Integer.toString(body.length))
                .add("Connection", "close");
        // A client that does not read does not keep the connection either.
        connection.closeWithin(server.settings().deadlines().write());
        // Not end(): it would have Vert.x close the connection at once.
        response.write(Buffer.buffer(body)).onComplete(done -> connection.lingerThenClose());
    }

    private static @Nullable ClientConnection connectionOf(HttpServerRequest request) {
        return ((ConnectionBase) request.connection()).channel().attr(ClientConnection.KEY).get();
    }

    /** A request id that no other request of this cluster is likely to have. */
    String nextId() {
        return HexFormat.of().withUpperCase().toHexDigits(ids.nextLong());
    }

    /** The Date header of answers, at most a second or two old. */
    String date() {
        return date;
    }

    /** Runs a task here, after those submitted before it. Any thread. */
    void execute(Runnable task) {
        context.nettyEventLoop().execute(task);
    }

    private void tick() {
        date = now();
        long now = System.nanoTime();
        HttpSettings.Deadlines deadlines = server.settings().deadlines();
        long idle = server.draining() ? 0 : deadlines.idle().toNanos();
        for (ClientConnection connection : new ArrayList<>(connections)) {
            connection.checkIdle(now, idle, deadlines);
        }
    }
}
