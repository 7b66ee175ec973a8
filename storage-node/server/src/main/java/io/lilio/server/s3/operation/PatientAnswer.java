package io.lilio.server.s3.operation;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.ConnectionLostException;
import io.lilio.server.s3.http.ResponseStream;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.xml.ErrorDocument;
import io.lilio.server.s3.xml.XmlDocument;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Answers a request whose work may take longer than its client is willing to wait for a first byte
 * (a copy of gigabytes). As S3 does ("Copying objects" in the user guide), the answer then begins
 * with 200 and white space in front of the root element, one character every so often, and ends
 * with the result or, still under status 200, with the error.
 *
 * <p>The white space and the document share a fixed length, so the answer needs no chunked coding;
 * what is left of it follows the document. Thread-safe.
 */
final class PatientAnswer {

    private static final Logger LOG = LoggerFactory.getLogger(PatientAnswer.class);

    /** Room for the longest document and a day of white space at the usual interval. */
    private static final int LENGTH_BYTES = 16 * 1024;

    private final ThreadFactory threads;
    private final Duration interval;

    /**
     * @param threads makes the thread that does the work, one per request: virtual ones
     * @param interval how long until the answer begins, and between two bytes of white space
     */
    PatientAnswer(ThreadFactory threads, Duration interval) {
        this.threads = threads;
        this.interval = interval;
    }

    /** What work leads to: headers, if the answer has not begun yet, and the document. */
    @FunctionalInterface
    interface Result {

        /**
         * Sets headers and gives the document.
         *
         * @param response to set headers on; without effect when the answer has begun
         */
        XmlDocument describe(S3Response response);
    }

    /**
     * Does the work on a thread of its own and answers with its result. Returns when the work is
     * done, even if the client leaves meanwhile: until then the request is under way.
     */
    void answer(S3Request request, S3Response response, Supplier<Result> work) {
        CompletableFuture<Result> task = start(work);
        try {
            Result quick = await(task);
            if (quick != null) {
                XmlAnswer.send(response, quick.describe(response));
                return;
            }
        } catch (ExecutionException failed) {
            throw unwrap(failed);
        }
        try {
            answerSlowly(task, request, response);
        } catch (ConnectionLostException gone) {
            awaitUnheard(task, response);
            throw gone;
        }
    }

    private CompletableFuture<Result> start(Supplier<Result> work) {
        Map<String, String> logContext = MDC.getCopyOfContextMap();
        return CompletableFuture.supplyAsync(
                () -> {
                    if (logContext != null) {
                        MDC.setContextMap(logContext);
                    }
                    return work.get();
                },
                task -> threads.newThread(task).start());
    }

    private void answerSlowly(Future<Result> task, S3Request request, S3Response response) {
        response.header("Content-Type", "application/xml");
        try (ResponseStream stream = response.begin(LENGTH_BYTES)) {
            Text text = new Text(stream);
            text.write(XmlDocument.DECLARATION);
            byte[] document = finish(task, text, request, response);
            text.write(document, XmlDocument.DECLARATION.length());
            text.pad();
        }
    }

    /** Nobody waits for the answer any more, but a failure must not go unseen. */
    private static void awaitUnheard(CompletableFuture<Result> task, S3Response response) {
        try {
            var _ = task.join();
            LOG.debug("The work is done, but its client is gone.");
        } catch (CompletionException failed) {
            response.failed(failed.getCause() == null ? failed : failed.getCause());
        }
    }

    private byte[] finish(Future<Result> task, Text text, S3Request request, S3Response response) {
        while (true) {
            try {
                Result result = await(task);
                if (result != null) {
                    return result.describe(response).toBytes();
                }
                text.write(" ");
            } catch (ExecutionException failed) {
                S3Exception told = response.failed(unwrap(failed));
                return ErrorDocument.render(told, request.head().target().rawPath(), request.id());
            }
        }
    }

    /** The result, or null when the interval has passed. */
    private @Nullable Result await(Future<Result> task) throws ExecutionException {
        try {
            return task.get(interval.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException notYet) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new S3Exception(S3Error.SERVICE_UNAVAILABLE, "The server is stopping.", e);
        }
    }

    private static RuntimeException unwrap(ExecutionException failed) {
        return failed.getCause() instanceof RuntimeException cause
                ? cause
                : new IllegalStateException(failed.getCause());
    }

    /** The answer's text so far, of a length fixed beforehand. */
    private static final class Text {

        private final ResponseStream stream;
        private int written;

        Text(ResponseStream stream) {
            this.stream = stream;
        }

        void write(String text) {
            write(text.getBytes(StandardCharsets.UTF_8), 0);
        }

        void write(byte[] bytes, int from) {
            stream.write(ByteBuffer.wrap(bytes, from, bytes.length - from), () -> {});
            written += bytes.length - from;
        }

        void pad() {
            byte[] spaces = new byte[LENGTH_BYTES - written];
            Arrays.fill(spaces, (byte) ' ');
            write(spaces, 0);
        }
    }
}
