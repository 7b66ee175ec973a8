package io.lilio.server.s3.http;

import io.lilio.server.s3.error.EngineErrors;
import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.RequestListener.Outcome;
import io.lilio.server.s3.http.RequestListener.Traffic;
import io.lilio.server.s3.xml.ErrorDocument;
import io.vertx.core.Future;
import io.vertx.core.buffer.impl.BufferImpl;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * One request and its answer, where the event loop and the request's own thread meet. {@link #run}
 * is what the thread does; the methods that Vert.x or the connection calls run on the event loop,
 * as do the tasks that {@link Answer} and {@link AnswerStream} submit.
 */
final class Exchange implements Runnable, IncomingBody.Source {

    /** The key of the request id in the logging context. */
    static final String MDC_KEY = "requestId";

    private final S3Server server;
    private final EdgeLoop loop;
    private final ClientConnection connection;
    private final HttpServerRequest request;
    private final String id;
    private final @Nullable IncomingBody body;

    /** The client waits for leave to send a payload of no bytes. */
    private final boolean expectsLeaveForNothing;

    private final Answer answer;
    private final long beganNanos = System.nanoTime();
    private final AtomicInteger holders = new AtomicInteger();
    private volatile @Nullable S3Error error;

    // Written on the event loop.
    private boolean over;
    private boolean lost;

    Exchange(
            S3Server server,
            EdgeLoop loop,
            ClientConnection connection,
            HttpServerRequest request) {
        this.server = server;
        this.loop = loop;
        this.connection = connection;
        this.request = request;
        this.id = loop.nextId();
        this.body = bodyOf(request);
        this.expectsLeaveForNothing =
                body == null && "100-continue".equalsIgnoreCase(expectation(request));
        this.answer = new Answer(this);
    }

    private @Nullable IncomingBody bodyOf(HttpServerRequest request) {
        boolean chunked = request.headers().contains("Transfer-Encoding");
        String length = request.headers().get("Content-Length");
        long bytes = chunked ? -1 : length == null ? 0 : Long.parseLong(length.strip());
        if (bytes == 0) {
            return null;
        }
        boolean expects = expectation(request) != null;
        IncomingBody incoming = new IncomingBody(this, server.budget(), bytes, expects);
        request.handler(buffer -> incoming.dataArrived(((BufferImpl) buffer).byteBuf()));
        request.endHandler(nothing -> incoming.endArrived());
        return incoming;
    }

    /** What the client waits for; HTTP/1.0 knows no expectations (RFC 9110 §10.1.1). */
    private static @Nullable String expectation(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_1_0 ? null : request.getHeader("Expect");
    }

    /**
     * Has the request served by a thread of its own. The request keeps its place until both this
     * thread and the answer's delivery are over: answers that nobody fetches take memory too.
     */
    void start() {
        holders.set(2);
        server.threads().newThread(this).start();
    }

    /** Serves the request. Runs on the request's own thread. */
    @Override
    public void run() {
        MDC.put(MDC_KEY, id);
        try {
            RequestHead head = readHead();
            answer.bucket(head.target().bucket());
            RequestBody payload = body == null ? noBody(head.target()) : body;
            server.handler().handle(new S3Request(head, payload, Caller.ANONYMOUS), answer);
            if (!answer.complete()) {
                throw new IllegalStateException("The handler did not answer.");
            }
        } catch (ConnectionLostException gone) {
            RequestLog.lost(request, "the client is gone");
            answer.breakOff();
        } catch (Throwable failure) {
            answerFailure(failure);
        } finally {
            MDC.remove(MDC_KEY);
            letGo();
        }
    }

    private void letGo() {
        if (holders.decrementAndGet() == 0) {
            if (body != null && lost) {
                body.discard();
            }
            server.requestDone();
        }
    }

    /** A PUT of an object that says nothing of a payload has lost it, or was never finished. */
    private RequestBody noBody(RequestTarget target) {
        boolean announced =
                target.key().isEmpty()
                        || !request.method().equals(HttpMethod.PUT)
                        || request.headers().contains("Content-Length");
        return announced ? RequestBody.EMPTY : RequestBody.UNANNOUNCED;
    }

    private RequestHead readHead() {
        String expect = expectation(request);
        if (expect != null && !expect.equalsIgnoreCase("100-continue")) {
            throw new S3Exception(S3Error.EXPECTATION_FAILED);
        }
        String host = request.getHeader("Host");
        RequestTarget target =
                server.targets()
                        .parse(
                                request.method().name(),
                                request.uri(),
                                host == null ? "" : host.strip());
        return new RequestHead(
                id,
                new RequestHead.Peer(connection.address(), request.isSSL()),
                target,
                RequestHeaders.from(request.headers()));
    }

    /** Logs what went wrong and remembers it for the metrics; gives it in terms of S3. */
    S3Exception note(Throwable failure) {
        S3Exception told = EngineErrors.of(failure);
        error = told.error();
        RequestLog.failed(request, told.error(), failure);
        return told;
    }

    /** Tells the client what went wrong, if it can still be told. */
    private void answerFailure(Throwable failure) {
        S3Exception told = note(failure);
        S3Error code = told.error();
        if (answer.committed()) {
            RequestLog.brokenOff(request, code, failure);
            answer.breakOff();
            return;
        }
        answer.reset();
        answer.status(code.status());
        told.headers().forEach(answer::header);
        if (isHead() || code.status() == 304) {
            answer.end();
            return;
        }
        answer.header("Content-Type", "application/xml");
        answer.end(ErrorDocument.render(told, pathOf(request.uri()), id));
    }

    private static String pathOf(String uri) {
        int question = uri.indexOf('?');
        return question < 0 ? uri : uri.substring(0, question);
    }

    /**
     * Refuses a request without a thread or a place for it: there are too many already, or the
     * server is leaving. Event loop.
     */
    void refuse(S3Error reason) {
        answerFailure(new S3Exception(reason));
    }

    String id() {
        return id;
    }

    /** The Date header. Event loop. */
    String date() {
        return loop.date();
    }

    boolean isHead() {
        return request.method().equals(HttpMethod.HEAD);
    }

    /** Runs a task on the event loop, in order of submission. */
    void execute(Runnable task) {
        loop.execute(task);
    }

    HttpServerResponse response() {
        return request.response();
    }

    /**
     * Whether 100 goes before an answer. A client that asked for it may take what follows a final
     * answer for the answer to its next request (botocore does), though there was nothing to send.
     */
    boolean owesContinue(int status) {
        return expectsLeaveForNothing && status < 300;
    }

    /** Whether the connection is not worth keeping once this request is answered. */
    boolean closesAfterwards(int status) {
        return server.leaving()
                || (expectsLeaveForNothing && !owesContinue(status))
                || (body != null && (body.neverBegun() || body.tooLongToDiscard()));
    }

    /** The answer's last part was handed to Vert.x. Event loop. */
    void ending(Future<Void> written, boolean close) {
        written.onComplete(
                done -> {
                    complete(done.succeeded());
                    if (close) {
                        connection.lingerThenClose();
                    }
                });
        if (body != null) {
            body.discard();
        }
    }

    /** The answer cannot be put on the wire: there is no other to give. Event loop. */
    void unwritable(RuntimeException cause) {
        if (!over) {
            RequestLog.unwritable(request, cause);
        }
        abort();
    }

    /** The connection cannot be used any further. Event loop. */
    void abort() {
        complete(false);
        connection.abort();
    }

    /**
     * No more of the payload will arrive: the client has ended its half, or what it sends cannot be
     * understood. Event loop.
     */
    void inputEnded() {
        if (body != null) {
            body.failed(S3Error.INCOMPLETE_BODY);
        }
    }

    /** The connection is gone. Event loop. */
    void connectionLost() {
        complete(false);
    }

    /** Called about every second. Event loop. */
    void checkDeadlines(long now, boolean tooSlow) {
        HttpSettings.Deadlines deadlines = server.settings().deadlines();
        if (body != null) {
            body.checkDeadlines(now, deadlines);
        }
        if (tooSlow || now - beganNanos > deadlines.request().toNanos()) {
            RequestLog.lost(request, "takes too long");
            abort();
        }
    }

    private void complete(boolean delivered) {
        if (over) {
            return;
        }
        over = true;
        if (!delivered) {
            lost = true;
            answer.connectionLost();
            if (body != null) {
                body.failed(S3Error.INCOMPLETE_BODY);
            }
        }
        connection.answered(this);
        letGo();
        S3Error told = error;
        Outcome outcome =
                new Outcome(
                        answer.operation(),
                        answer.bucket(),
                        delivered ? answer.status() : 499,
                        told == null ? "" : told.code(),
                        new Traffic(
                                body == null ? 0 : body.receivedBytes(),
                                announcedBytes(),
                                answer.sentBytes(),
                                System.nanoTime() - beganNanos));
        server.listener().completed(outcome);
        RequestLog.over(id, connection.address(), request, outcome);
    }

    /** What the payload of a request that succeeded was found to be, framed or not. */
    private long announcedBytes() {
        String decoded = request.getHeader("x-amz-decoded-content-length");
        String hash = request.getHeader("x-amz-content-sha256");
        if (decoded != null
                && hash != null
                && hash.startsWith("STREAMING-")
                && decoded.matches("\\d{1,18}")) {
            return Long.parseLong(decoded);
        }
        return body == null ? 0 : body.length();
    }

    @Override
    public void sendContinue() {
        execute(() -> response().writeContinue());
    }

    @Override
    public void resume() {
        execute(() -> connection.bodyFull(false));
    }

    @Override
    public void pause() {
        connection.bodyFull(true);
    }

    @Override
    public void tooMuchToDiscard() {
        connection.abort();
    }
}
