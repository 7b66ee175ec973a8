package io.lilio.server.s3.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.server.s3.error.EngineErrors;
import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.ConnectionLostException;
import io.lilio.server.s3.http.ResponseStream;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.request.Refusals;
import io.lilio.server.s3.request.Requests;
import io.lilio.server.s3.xml.XmlDocument;
import io.lilio.server.s3.xml.XmlReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class PatientAnswerTest {

    private final Recorded response = new Recorded();

    private void answer(Duration interval, Supplier<PatientAnswer.Result> work) {
        new PatientAnswer(Thread.ofVirtual().factory(), interval)
                .answer(Requests.of("PUT", "/b/k"), response, work);
    }

    private static PatientAnswer.Result done() {
        return answer -> {
            answer.header("x-amz-version-id", "v");
            return XmlDocument.ofRoot("CopyObjectResult").element("ETag", "e");
        };
    }

    @Test
    void quickWorkIsAnsweredPlainly() {
        answer(Duration.ofMinutes(1), PatientAnswerTest::done);
        assertThat(response.headers).containsEntry("x-amz-version-id", "v");
        assertThat(response.text()).endsWith("<ETag>e</ETag></CopyObjectResult>");
        Refusals.refuses(
                S3Error.NO_SUCH_BUCKET,
                () ->
                        answer(
                                Duration.ofMinutes(1),
                                () -> {
                                    throw new S3Exception(S3Error.NO_SUCH_BUCKET);
                                }));
        assertThatThrownBy(
                        () ->
                                answer(
                                        Duration.ofMinutes(1),
                                        () -> {
                                            throw new ObjectStoreException(Kind.SLOW_DOWN, "later");
                                        }))
                .isInstanceOf(ObjectStoreException.class);
    }

    @Test
    void longWorkBeginsItsAnswerAndEndsWithTheResult() throws Exception {
        answer(
                Duration.ofMillis(1),
                () -> {
                    await(response.threeWrites);
                    return done();
                });
        assertThat(response.text()).startsWith(XmlDocument.DECLARATION + "  ");
        XmlReader reader =
                new XmlReader(
                        new ByteArrayInputStream(response.bytes.toByteArray()), "CopyObjectResult");
        assertThat(reader.nextChild()).isEqualTo("ETag");
        assertThat(reader.text()).isEqualTo("e");
        assertThat(reader.nextChild()).isNull();
        reader.end();
        assertThat(response.bytes.size()).isEqualTo(response.announced);
    }

    @Test
    void longWorkThatFailsEndsWithTheError() {
        answer(
                Duration.ofMillis(1),
                () -> {
                    await(response.threeWrites);
                    throw new ObjectStoreException(Kind.SLOW_DOWN, "later");
                });
        assertThat(response.text())
                .contains("<Error><Code>SlowDown</Code><Message>later</Message>");
        assertThat(response.bytes.size()).isEqualTo(response.announced);
        assertThat(response.failure).as("what is logged and counted").hasMessage("later");
    }

    @Test
    void theRequestLastsUntilItsWorkIsDoneThoughTheClientIsGone() {
        AtomicBoolean done = new AtomicBoolean();
        assertThatThrownBy(
                        () ->
                                answer(
                                        Duration.ofMillis(1),
                                        () -> {
                                            await(response.threeWrites);
                                            response.gone = true;
                                            await(response.refusedWrite);
                                            done.set(true);
                                            throw new ObjectStoreException(Kind.SLOW_DOWN, "later");
                                        }))
                .isInstanceOf(ConnectionLostException.class);
        assertThat(done).isTrue();
        assertThat(response.failure).hasMessage("later");
    }

    @Test
    void whatTheWorkLogsIsOfTheRequest() {
        MDC.put("requestId", "R1");
        try {
            AtomicReference<String> seen = new AtomicReference<>();
            answer(
                    Duration.ofMinutes(1),
                    () -> {
                        seen.set(MDC.get("requestId"));
                        return done();
                    });
            assertThat(seen).hasValue("R1");
        } finally {
            MDC.remove("requestId");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Keeps what was answered. */
    private static final class Recorded implements S3Response, ResponseStream {

        private final Map<String, String> headers = new HashMap<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CountDownLatch threeWrites = new CountDownLatch(3);
        private final CountDownLatch refusedWrite = new CountDownLatch(1);
        private long announced;
        private @Nullable Throwable failure;
        private volatile boolean gone;

        private String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }

        @Override
        public void operation(String name) {}

        @Override
        public S3Response status(int status) {
            return this;
        }

        @Override
        public S3Response header(String name, String value) {
            headers.put(name, value);
            return this;
        }

        @Override
        public void end() {}

        @Override
        public void endHead(long contentLength) {}

        @Override
        public void end(byte[] payload) {
            bytes.writeBytes(payload);
        }

        @Override
        public ResponseStream begin(long contentLength) {
            announced = contentLength;
            return this;
        }

        @Override
        public boolean committed() {
            return announced > 0;
        }

        @Override
        public S3Exception failed(Throwable cause) {
            failure = cause;
            return EngineErrors.of(cause);
        }

        @Override
        public void write(ByteBuffer data, Runnable release) {
            if (gone) {
                release.run();
                refusedWrite.countDown();
                throw new ConnectionLostException("The client is gone.");
            }
            byte[] copy = new byte[data.remaining()];
            data.get(copy);
            bytes.writeBytes(copy);
            threeWrites.countDown();
            release.run();
        }

        @Override
        public void close() {}
    }
}
