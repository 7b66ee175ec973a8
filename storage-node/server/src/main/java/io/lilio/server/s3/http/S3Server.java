package io.lilio.server.s3.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * The S3 port: an HTTP/1.1 server that hands every request to a handler on a virtual thread of its
 * own. Thread-safe.
 *
 * <p>It runs on a Vert.x of its own with two event loops, which do nothing but move bytes; the
 * process's other HTTP (health, metrics) cannot get in its way.
 */
public final class S3Server implements AutoCloseable {

    private static final int EVENT_LOOPS = 2;

    private final HttpSettings settings;
    private final S3Handler handler;
    private final RequestListener listener;
    private final ThreadFactory threads;
    private final TargetParser targets;
    private final BodyBudget budget;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final Vertx vertx;
    private volatile boolean leaving;
    private volatile boolean draining;
    private volatile int port;

    private S3Server(
            HttpSettings settings,
            S3Handler handler,
            RequestListener listener,
            ThreadFactory threads) {
        this.settings = settings;
        this.handler = handler;
        this.listener = listener;
        this.threads = threads;
        this.targets = new TargetParser(settings.domains());
        this.budget = new BodyBudget(settings.limits().bodyBufferBytes());
        this.vertx =
                Vertx.vertx(
                        new VertxOptions()
                                .setPreferNativeTransport(true)
                                .setEventLoopPoolSize(EVENT_LOOPS)
                                .setWorkerPoolSize(1)
                                .setInternalBlockingPoolSize(1)
                                .setFileSystemOptions(
                                        new FileSystemOptions()
                                                .setFileCachingEnabled(false)
                                                .setClassPathResolvingEnabled(false)));
    }

    /**
     * Binds the port and begins to serve.
     *
     * @param threads makes the thread of each request: virtual ones
     * @param random seeds the request ids
     * @throws IOException when the port cannot be bound
     */
    public static S3Server start(
            HttpSettings settings,
            S3Handler handler,
            RequestListener listener,
            ThreadFactory threads,
            RandomGenerator random)
            throws IOException {
        S3Server server = new S3Server(settings, handler, listener, threads);
        try {
            server.listen(new SplittableRandom(random.nextLong()));
        } catch (CompletionException failed) {
            server.vertx.close();
            throw new IOException(
                    "Cannot listen on " + settings.host() + ":" + settings.port(),
                    failed.getCause());
        }
        return server;
    }

    private void listen(SplittableRandom ids) {
        List<Future<HttpServer>> listening = new ArrayList<>();
        for (int i = 0; i < EVENT_LOOPS; i++) {
            ContextInternal context = ((VertxInternal) vertx).createEventLoopContext();
            SplittableRandom idsOfLoop = ids.split();
            listening.add(
                    Future.future(
                            promise ->
                                    context.runOnContext(
                                            nothing ->
                                                    httpServer(context, idsOfLoop)
                                                            .listen()
                                                            .onComplete(promise))));
        }
        Future.all(listening).toCompletionStage().toCompletableFuture().join();
        port = listening.getFirst().result().actualPort();
    }

    private HttpServer httpServer(ContextInternal context, SplittableRandom ids) {
        EdgeLoop loop = new EdgeLoop(this, context, ids);
        return vertx.createHttpServer(options())
                .connectionHandler(loop::connected)
                .requestHandler(loop::requested)
                .invalidRequestHandler(loop::malformed);
    }

    private HttpServerOptions options() {
        return new HttpServerOptions()
                .setHost(settings.host())
                // To Vert.x a negative port means: any free one, the same for all event loops.
                .setPort(settings.port() == 0 ? -1 : settings.port())
                // A key of 1,024 bytes, each as %XX, and all that a presigned URL adds.
                .setMaxInitialLineLength(16 << 10)
                // What S3 allows in metadata, many times over; beyond, memory is at stake.
                .setMaxHeaderSize(64 << 10)
                // Payloads come in pieces of this size at most: fewer of them than Vert.x's 8 KiB.
                .setMaxChunkSize(64 << 10)
                // Most heads fit, so the decoder need not grow; it is there for every connection.
                .setDecoderInitialBufferSize(1 << 10)
                // Exchange says "100 Continue", and only when the request was accepted.
                .setHandle100ContinueAutomatically(false)
                // The end of an answer leaves at once, not when the client has acknowledged more.
                .setTcpNoDelay(true)
                // Clients whose machine is gone are noticed.
                .setTcpKeepAlive(true)
                // Many clients may connect in the same moment.
                .setAcceptBacklog(1024)
                // EdgeLoop has the deadlines: whether a connection is idle depends on its requests.
                .setIdleTimeout(0)
                // S3 is HTTP/1.1.
                .setHttp2ClearTextEnabled(false)
                // No WebSockets, so no handlers for them in any connection's pipeline.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                // Objects leave and arrive byte for byte, whatever Content-Encoding says of them.
                .setCompressionSupported(false)
                .setDecompressionSupported(false);
    }

    /** The port that was bound. */
    public int port() {
        return port;
    }

    /** Requests being served now. */
    public int requestsUnderWay() {
        return requests.get();
    }

    /** Connections open now. */
    public int connectionsOpen() {
        return connections.get();
    }

    /**
     * From now on a connection ends with the answer to its next request. All requests are served as
     * before, also on new connections: so that clients which keep theirs open, and would otherwise
     * come back on them until the end, have gone elsewhere when {@link #drain} refuses them.
     */
    public void leave() {
        leaving = true;
    }

    /**
     * Finishes the requests under way, takes no new connections, answers 503 to other requests on
     * those there are, and stops.
     *
     * @param patience how long requests may still take before they are cut off
     */
    public void drain(Duration patience) {
        draining = true;
        long until = System.nanoTime() + patience.toNanos();
        try {
            while (requests.get() > 0 && System.nanoTime() < until) {
                Thread.sleep(20);
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    /** Stops at once: requests under way are cut off. Idempotent. */
    @Override
    public void close() {
        draining = true;
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException failed) {
            throw new IllegalStateException("The S3 port did not close.", failed);
        }
    }

    HttpSettings settings() {
        return settings;
    }

    S3Handler handler() {
        return handler;
    }

    RequestListener listener() {
        return listener;
    }

    ThreadFactory threads() {
        return threads;
    }

    TargetParser targets() {
        return targets;
    }

    BodyBudget budget() {
        return budget;
    }

    boolean draining() {
        return draining;
    }

    /** Whether no connection is kept once its request is answered. */
    boolean leaving() {
        return leaving || draining;
    }

    /** Takes a place for a request, if there is one. */
    boolean admitRequest() {
        if (requests.incrementAndGet() > settings.limits().requests()) {
            requests.decrementAndGet();
            return false;
        }
        return true;
    }

    void requestDone() {
        requests.decrementAndGet();
    }

    /** Counts a connection, unless there are too many or the server is stopping. */
    boolean admitConnection() {
        boolean admitted = connections.incrementAndGet() <= settings.limits().connections();
        if (!admitted || draining) {
            connections.decrementAndGet();
            return false;
        }
        return true;
    }

    void connectionClosed() {
        connections.decrementAndGet();
    }
}
