package io.lilio.server.s3.http;

import io.lilio.ObjectStoreException;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One request and its answer, where the event loop and the request's own thread meet. {@link #run}
 * is what the thread does; the methods that Vert.x or the connection calls run on the event loop,
 * as do the tasks that {@link Answer} and {@link AnswerStream} submit.
 */
final class Exchange implements Runnable, IncomingBody.Source {

    /** The key of the request id in the logging context. */
    static final String MDC_KEY = "requestId";

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    /** One line per request. */
    private static final Logger ACCESS = LoggerFactory.getLogger("io.lilio.access");

    private final S3Server server;
    private final EdgeLoop loop;
    private final ClientConnection connection;
    private final HttpServerRequest request;
    private final String id;
    private final @Nullable IncomingBody body;
    private final Answer answer;
    private final long beganNanos = System.nanoTime();
    private volatile @Nullable S3Error error;
    private boolean over;

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
        this.answer = new Answer(this);
    }

    private @Nullable IncomingBody bodyOf(HttpServerRequest request) {
        boolean chunked = request.headers().contains("Transfer-Encoding");
        String length = request.headers().get("Content-Length");
        long bytes = chunked ? -1 : length == null ? 0 : Long.parseLong(length.strip());
        if (bytes == 0) {
            return null;
        }
        String expect = request.headers().get("Expect");
        IncomingBody incoming = new IncomingBody(this, server.budget(), bytes, expect != null);
        request.handler(buffer -> incoming.dataArrived(((BufferImpl) buffer).byteBuf()));
        request.endHandler(nothing -> incoming.endArrived());
        return incoming;
    }

    /** Serves the request. Runs on the request's own thread. */
    @Override
    public void run() {
        MDC.put(MDC_KEY, id);
        try {
            RequestHead head = readHead();
            answer.bucket(head.target().bucket());
            RequestBody payload = body == null ? RequestBody.EMPTY : body;
            server.handler().handle(new S3Request(head, payload, Caller.ANONYMOUS), answer);
            if (!answer.complete()) {
                throw new IllegalStateException("The handler did not answer.");
            }
        } catch (ConnectionLostException gone) {
            LOG.debug("{} {}: {}", request.method(), request.uri(), gone.getMessage());
            answer.breakOff();
        } catch (Throwable failure) {
            answerFailure(failure);
        } finally {
            MDC.remove(MDC_KEY);
            server.requestDone();
        }
    }

    private RequestHead readHead() {
        String expect = request.getHeader("Expect");
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

    /** Tells the client what went wrong, if it can still be told. */
    private void answerFailure(Throwable failure) {
        S3Exception told =
                switch (failure) {
                    case S3Exception known -> known;
                    case ObjectStoreException engine -> EngineErrors.translate(engine);
                    default -> new S3Exception(S3Error.INTERNAL_ERROR);
                };
        S3Error code = told.error();
        error = code;
        boolean ours = code == S3Error.INTERNAL_ERROR;
        if (ours) {
            LOG.error("{} {} failed", request.method(), request.uri(), failure);
        } else if (code.status() >= 500) {
            LOG.warn("{} {}: {}", request.method(), request.uri(), failure.getMessage());
            LOG.debug("Where it came from", failure);
        } else {
            LOG.debug("{} {}: {}", request.method(), request.uri(), failure.getMessage());
        }
        if (answer.committed()) {
            if (!ours) {
                LOG.warn(
                        "{} {}: broken off after the answer had begun: {}",
                        request.method(),
                        request.uri(),
                        failure.getMessage());
            }
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

    /** Refuses a request without a thread for it: there are too many already. Event loop. */
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

    /** Whether the connection is not worth keeping once this request is answered. */
    boolean closesAfterwards() {
        return server.draining()
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
        if (body != null && !body.ended()) {
            body.discard();
        }
    }

    /** The connection cannot be used any further. Event loop. */
    void abort() {
        complete(false);
        connection.abort();
    }

    /** The client has ended its half. Event loop. */
    void inputClosed() {
        if (body != null) {
            body.failed(S3Error.INCOMPLETE_BODY);
        }
    }

    /** The connection is gone. Event loop. */
    void connectionLost() {
        complete(false);
    }

    /** Called about every second. Event loop. */
    void checkDeadlines(long now) {
        HttpSettings.Deadlines deadlines = server.settings().deadlines();
        if (body != null) {
            body.checkDeadlines(now, deadlines);
        }
        if (now - beganNanos > deadlines.request().toNanos()
                || answer.stalled(now, deadlines.write().toNanos())) {
            LOG.debug("{} takes too long: connection closed", id);
            abort();
        }
    }

    private void complete(boolean delivered) {
        if (over) {
            return;
        }
        over = true;
        if (!delivered) {
            answer.connectionLost();
            if (body != null) {
                body.failed(S3Error.INCOMPLETE_BODY);
            }
        }
        connection.answered(this);
        S3Error told = error;
        server.listener()
                .completed(
                        new Outcome(
                                answer.operation(),
                                answer.bucket(),
                                delivered ? answer.status() : 499,
                                told == null ? "" : told.code(),
                                new Traffic(
                                        body == null ? 0 : body.receivedBytes(),
                                        answer.sentBytes(),
                                        System.nanoTime() - beganNanos)));
        if (ACCESS.isDebugEnabled()) {
            ACCESS.debug(
                    "{} {} {} {} {} {} {}",
                    id,
                    connection.address(),
                    request.method(),
                    request.uri(),
                    delivered ? answer.status() : 499,
                    answer.sentBytes(),
                    told == null ? "-" : told.code());
        }
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
