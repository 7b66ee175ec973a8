package io.lilio.server.s3.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.HttpSettings.Deadlines;
import io.lilio.server.s3.http.HttpSettings.Limits;
import io.lilio.server.s3.http.RawClient.Reply;
import java.io.EOFException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Answers that cannot be sent, that nobody reads, or that are read slowly. */
class DeliveryTest extends ServerCase {

    /** A terabyte a second: nobody is fast enough for whom something waits. */
    private static final Deadlines DEMANDING =
            new Deadlines(
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(2),
                    Duration.ofMinutes(2),
                    1L << 40);

    @Test
    void anAnswerThatCannotBeSentBreaksTheConnectionAndKeepsNothing() throws Exception {
        AtomicInteger unreleased = new AtomicInteger();
        S3Server server =
                serve(
                        (request, response) -> {
                            response.header("x-amz-meta-my key", "v");
                            if (request.method().equals("HEAD")) {
                                response.endHead(5);
                                return;
                            }
                            unreleased.incrementAndGet();
                            try (ResponseStream out = response.begin(5)) {
                                out.write(ByteBuffer.allocate(5), unreleased::decrementAndGet);
                            }
                        });
        for (String method : List.of("GET", "HEAD")) {
            RawClient client = connect(server).head(method + " /b/k");
            assertThatThrownBy(client::reply)
                    .isInstanceOfAny(EOFException.class, SocketException.class);
            assertThat(outcomes.take().status()).isEqualTo(499);
        }
        await("all payloads are released", () -> unreleased.get() == 0);
        awaitIdle(server);
    }

    @Test
    void aLongAnswerThatNobodyReadsEndsWithItsConnection() throws Exception {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        S3Server server =
                serve(
                        (request, response) -> {
                            try {
                                response.end(new byte[64 << 20]);
                            } catch (RuntimeException e) {
                                end.complete(e);
                                throw e;
                            }
                        },
                        Limits.DEFAULT,
                        IMPATIENT);
        connect(server).head("GET /b/k");
        assertThat(end.get(30, TimeUnit.SECONDS)).isInstanceOf(ConnectionLostException.class);
        assertThat(outcomes.take().status()).isEqualTo(499);
        awaitIdle(server);
    }

    @Test
    void aLongDocumentThatIsTakenTooSlowlyEndsThoughItsClientGoesOnTaking() throws Exception {
        CompletableFuture<Boolean> delivered = new CompletableFuture<>();
        S3Server server =
                serve(
                        (request, response) -> {
                            try {
                                response.end(new byte[64 << 20]);
                                delivered.complete(true);
                            } catch (ConnectionLostException e) {
                                delivered.complete(false);
                                throw e;
                            }
                        },
                        Limits.DEFAULT,
                        DEMANDING);
        RawClient client = connect(server).head("GET /b/k");
        try {
            while (!delivered.isDone()) {
                client.take(100_000);
                Thread.sleep(30);
            }
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        assertThat(delivered.get(30, TimeUnit.SECONDS)).isFalse();
        assertThat(outcomes.take().status()).isEqualTo(499);
        awaitIdle(server);
    }

    @Test
    void aClientThatTakesWhatThereIsGetsItAllFromASlowServer() throws Exception {
        RawClient client =
                connect(
                        serve(
                                (request, response) -> {
                                    try (ResponseStream out = response.begin(80)) {
                                        for (int i = 0; i < 80; i++) {
                                            pause();
                                            out.write(ByteBuffer.allocate(1), () -> {});
                                        }
                                    }
                                },
                                Limits.DEFAULT,
                                DEMANDING));
        assertThat(client.head("GET /b/k").reply().body()).hasSize(80);
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shortAnswersThatNobodyReadsAreRequestsUnderWayAndEndWithTheirConnection()
            throws Exception {
        byte[] payload = new byte[64 << 10];
        CountDownLatch closed = new CountDownLatch(1);
        S3Server server =
                serve((request, response) -> response.end(payload), Limits.DEFAULT, IMPATIENT);
        // Far more than the sockets on both sides hold.
        RawClient client = connect(server).send(pipelined(1_000));
        CompletableFuture<Integer> lost =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                for (int i = 1; ; i++) {
                                    if (outcomes.take().status() == 499) {
                                        return i;
                                    }
                                }
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            } finally {
                                closed.countDown();
                            }
                        });
        await("a request is under way", () -> server.requestsUnderWay() > 0);
        assertThat(lost.get(30, TimeUnit.SECONDS)).isLessThanOrEqualTo(1_000);
        awaitIdle(server);
        assertThat(server.connectionsOpen()).isZero();
        client.close();
    }

    private static String pipelined(int count) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < count; i++) {
            all.append("GET /b/").append(i).append(" HTTP/1.1\r\nHost: h\r\n\r\n");
        }
        return all.toString();
    }

    @Test
    void aClientThatReadsSlowlyGetsPipelinedAnswersWhole() throws Exception {
        byte[] payload = bytes(1 << 20);
        RawClient client =
                connect(
                        serve(
                                (request, response) -> response.end(payload),
                                Limits.DEFAULT,
                                IMPATIENT));
        client.send(pipelined(40));
        for (int i = 0; i < 40; i++) {
            Thread.sleep(50);
            assertThat(client.reply().body()).isEqualTo(payload);
        }
    }

    @Test
    void drainingWaitsForTheTailOfAnAnswer() throws Exception {
        byte[] payload = bytes(24 << 20);
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch delivered = new CountDownLatch(1);
        S3Server server =
                serve(
                        (request, response) -> {
                            try (ResponseStream out = response.begin(payload.length)) {
                                out.write(ByteBuffer.wrap(payload), delivered::countDown);
                            }
                            written.countDown();
                        });
        RawClient client = new RawClient(server.port(), 64 << 10).head("GET /b/k");
        List<byte[]> taken = new ArrayList<>();
        // Until the request's thread is done, and the rest is the network's.
        taken.add(client.take(16 << 20));
        while (!written.await(20, TimeUnit.MILLISECONDS)) {
            taken.add(client.take(64 << 10));
        }
        CompletableFuture<Void> drained =
                CompletableFuture.runAsync(() -> server.drain(Duration.ofSeconds(60)));
        Thread.sleep(300);
        boolean over = server.requestsUnderWay() == 0;
        assertThat(over && delivered.getCount() > 0).as("over before it was delivered").isFalse();
        int read = taken.stream().mapToInt(part -> part.length).sum();
        byte[] tail = client.takeRest();
        client.close();
        drained.get(60, TimeUnit.SECONDS);
        assertThat(read + tail.length).isGreaterThan(payload.length);
        assertThat(tail).endsWith(java.util.Arrays.copyOfRange(payload, (24 << 20) - 64, 24 << 20));
    }

    @Test
    void anErrorShowsLittleOfALongRequest() throws Exception {
        String argument = "&".repeat(10_000);
        RawClient client =
                connect(
                        serve(
                                (request, response) -> {
                                    throw new S3Exception(S3Error.INVALID_ARGUMENT, argument)
                                            .withDetail("ArgumentValue", argument);
                                }));
        Reply reply = client.head("GET /b/" + "k".repeat(10_000)).reply();
        assertThat(code(reply)).isEqualTo("InvalidArgument");
        assertThat(reply.body().length).isLessThan(30_000);
        assertThat(reply.text()).contains("k...</Resource>");
    }

    @Test
    void aFailureThatTheAnswerTellsInItsPayloadIsCounted() throws Exception {
        RawClient client =
                connect(
                        serve(
                                (request, response) -> {
                                    S3Exception told =
                                            response.failed(new IllegalStateException("secret"));
                                    response.end(told.error().code().getBytes(UTF_8));
                                }));
        assertThat(client.head("PUT /b/k", "Content-Length: 0").reply().text())
                .isEqualTo("InternalError");
        assertThat(outcomes.take().errorCode()).isEqualTo("InternalError");
    }

    @Test
    void aLogShowsNoSignatureThatCouldBeUsed() {
        assertThat(
                        new LoggedUri(
                                "/b/k?X-Amz-Signature=ab&x=1&Signature=c%2B&X-Amz-Security-Token=t"))
                .hasToString("/b/k?X-Amz-Signature=...&x=1&Signature=...&X-Amz-Security-Token=...");
        assertThat(new LoggedUri("/b/k?X%2DAmz%2DSignature=ab&%zz=1&Signature"))
                .hasToString("/b/k?X%2DAmz%2DSignature=...&%zz=1&Signature");
        assertThat(new LoggedUri("/b/Signature=1")).hasToString("/b/Signature=1");
    }
}
