package io.lilio.server.s3.http;

import io.lilio.server.s3.error.S3Exception;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.buffer.impl.BufferImpl;
import io.vertx.core.http.HttpServerResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer as the request's thread sees it. Collects status and headers, and hands them over to
 * the event loop together with the first bytes of the payload, so that a small answer leaves in one
 * write.
 */
final class Answer implements S3Response {

    /** Content-Length is not sent. */
    private static final long NO_LENGTH = -1;

    /** A longer payload waits in the request's thread until the client has taken it. */
    private static final int MOST_UNATTENDED_BYTES = 64 << 10;

    private final Exchange exchange;
    private final List<String> headers = new ArrayList<>(24);
    private volatile String operation = "Unknown";
    private volatile String bucket = "";
    private volatile int status = 200;
    private volatile @Nullable AnswerStream stream;
    private boolean committed;
    private boolean complete;

    // Used on the event loop only.
    private long sentBytes;

    Answer(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public void operation(String name) {
        operation = name;
    }

    @Override
    public S3Response status(int newStatus) {
        status = newStatus;
        return this;
    }

    @Override
    public S3Response header(String name, String value) {
        headers.add(name);
        headers.add(value);
        return this;
    }

    @Override
    public void end() {
        boolean bare = exchange.isHead() || status == 204 || status == 304;
        end(bare ? NO_LENGTH : 0, null);
    }

    @Override
    public void endHead(long contentLength) {
        end(contentLength, null);
    }

    @Override
    public void end(byte[] payload) {
        if (payload.length > MOST_UNATTENDED_BYTES) {
            try (AnswerStream parts = begin(payload.length)) {
                parts.write(ByteBuffer.wrap(payload), () -> {});
                parts.awaitDelivery();
            }
        } else {
            end(payload.length, BufferImpl.buffer(Unpooled.wrappedBuffer(payload)));
        }
    }

    private void end(long contentLength, @Nullable Buffer payload) {
        boolean close = commit();
        complete = true;
        exchange.execute(
                () -> {
                    try {
                        HttpServerResponse response = exchange.response();
                        writeHead(response, contentLength, close);
                        Future<Void> written =
                                payload == null ? response.end() : response.end(payload);
                        countSent(payload == null ? 0 : payload.length());
                        exchange.ending(written, close);
                    } catch (RuntimeException unwritable) {
                        exchange.unwritable(unwritable);
                    }
                });
    }

    @Override
    public AnswerStream begin(long contentLength) {
        AnswerStream opened = new AnswerStream(this, exchange, contentLength);
        stream = opened;
        return opened;
    }

    @Override
    public boolean committed() {
        return committed;
    }

    @Override
    public S3Exception failed(Throwable failure) {
        return exchange.note(failure);
    }

    /** Whether the answer was ended. */
    boolean complete() {
        return complete;
    }

    /** From here on the answer stands. Returns whether the connection closes after it. */
    boolean commit() {
        if (committed) {
            throw new IllegalStateException("This request is answered already.");
        }
        committed = true;
        return exchange.closesAfterwards(status);
    }

    /** The stream was closed: nothing is missing from the answer but what was not written. */
    void streamClosed() {
        complete = true;
    }

    /** Forgets everything that was set but not sent, to answer with an error instead. */
    void reset() {
        headers.clear();
    }

    /** Breaks the connection: no client must take the part that was sent for the whole. */
    void breakOff() {
        committed = true;
        complete = true;
        exchange.execute(exchange::abort);
    }

    /** Writes status and headers into Vert.x's response. Event loop. */
    void writeHead(HttpServerResponse response, long contentLength, boolean close) {
        if (exchange.owesContinue(status)) {
            response.writeContinue();
        }
        response.setStatusCode(status);
        MultiMap head = response.headers();
        head.add("x-amz-request-id", exchange.id());
        head.add("Date", exchange.date());
        head.add("Server", "Lilio");
        for (int i = 0; i < headers.size(); i += 2) {
            head.add(headers.get(i), headers.get(i + 1));
        }
        if (contentLength >= 0) {
            head.add("Content-Length", Long.toString(contentLength));
        }
        if (close) {
            head.add("Connection", "close");
        }
    }

    /** Event loop. */
    void countSent(int bytes) {
        sentBytes += bytes;
    }

    /** The connection is gone. Event loop. */
    void connectionLost() {
        AnswerStream opened = stream;
        if (opened != null) {
            opened.connectionLost();
        }
    }

    void bucket(String name) {
        bucket = name;
    }

    String bucket() {
        return bucket;
    }

    String operation() {
        return operation;
    }

    int status() {
        return status;
    }

    long sentBytes() {
        return sentBytes;
    }
}
