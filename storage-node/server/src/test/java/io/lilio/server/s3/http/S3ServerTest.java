package io.lilio.server.s3.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.HttpSettings.Limits;
import io.lilio.server.s3.http.RawClient.Reply;
import io.lilio.server.s3.http.RequestListener.Outcome;
import io.lilio.server.s3.http.RequestListener.Traffic;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class S3ServerTest extends ServerCase {

    /** Those of which an answer's end may wait for the acknowledgement of its beginning. */
    private static final List<Integer> MIDDLING = List.of(3 << 10, 16 << 10, 64 << 10);

    /** Answers with what it was sent, piece by piece. */
    private static void echo(S3Request request, S3Response response) {
        try (ResponseStream out = response.begin(request.body().length())) {
            while (true) {
                ByteBuffer buffer = ByteBuffer.allocateDirect(300_000);
                if (request.body().read(buffer) < 0) {
                    return;
                }
                out.write(buffer.flip(), () -> {});
            }
        }
    }

    @Test
    void bytesGoThroughBothWaysUnchanged() throws Exception {
        RawClient client = connect(serve(S3ServerTest::echo));
        for (int size : new int[] {0, 1, 1000, 65_536, 1_000_000, 20_000_000}) {
            byte[] sent = bytes(size);
            CompletableFuture<Void> sending =
                    CompletableFuture.runAsync(
                            () -> {
                                try {
                                    client.head("PUT /b/k", "Content-Length: " + size).send(sent);
                                } catch (IOException e) {
                                    throw new java.io.UncheckedIOException(e);
                                }
                            });
            Reply reply = client.reply();
            sending.join();
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.body()).isEqualTo(sent);
            assertThat(reply.headers()).containsKeys("x-amz-request-id", "date", "server");
        }
    }

    @Test
    void aChunkedPayloadHasNoKnownLengthButIsRead() throws Exception {
        RawClient client =
                connect(
                        serve(
                                (request, response) -> {
                                    assertThat(request.body().lengthKnown()).isFalse();
                                    response.end(readAll(request.body()));
                                }));
        client.head("PUT /b/k", "Transfer-Encoding: chunked")
                .send("3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n");
        assertThat(client.reply().text()).isEqualTo("abcde");
    }

    @Test
    void handlersSeeTheRawPathTheKeyTheHeadersAndAnId() throws Exception {
        BlockingQueue<S3Request> seen = new LinkedBlockingQueue<>();
        RawClient client =
                connect(
                        serve(
                                (request, response) -> {
                                    seen.add(request);
                                    response.operation("Look");
                                    response.status(204).end();
                                }));
        client.head(
                "DELETE /b/a%2Fb//../{x}|?versionId=1", "X-Amz-Meta-A: \u00e4", "x-amz-meta-a: 2");
        Reply reply = client.reply();
        S3Request request = seen.take();
        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.headers()).containsEntry("x-amz-request-id", request.id());
        assertThat(reply.headers()).doesNotContainKey("content-length");
        assertThat(request.method()).isEqualTo("DELETE");
        assertThat(request.key()).isEqualTo("a/b//../{x}|");
        assertThat(request.head().target().rawPath()).isEqualTo("/b/a%2Fb//../{x}|");
        assertThat(request.headers().all("X-AMZ-META-A")).containsExactly("\u00e4", "2");
        assertThat(request.head().peer().address()).isEqualTo("127.0.0.1");
        Outcome outcome = outcomes.take();
        assertThat(outcome.operation()).isEqualTo("Look");
        assertThat(outcome.bucket()).isEqualTo("b");
        assertThat(outcome.status()).isEqualTo(204);
    }

    @Test
    void headTellsTheLengthWithoutAPayload() throws Exception {
        RawClient client = connect(serve((request, response) -> response.endHead(5L << 30)));
        Reply reply = client.head("HEAD /b/k").reply(false);
        assertThat(reply.headers()).containsEntry("content-length", Long.toString(5L << 30));
        assertThat(client.head("HEAD /b/k").reply(false).status()).isEqualTo(200);
    }

    @Test
    void theGoAheadIsGivenByTheFirstReadAndNotBefore() throws Exception {
        CountDownLatch accepted = new CountDownLatch(1);
        RawClient client =
                connect(
                        serve(
                                (request, response) -> {
                                    await(accepted);
                                    response.end(readAll(request.body()));
                                }));
        client.head("PUT /b/k", "Content-Length: 3", "Expect: 100-continue");
        assertThat(client.silentFor(300)).isTrue();
        accepted.countDown();
        assertThat(client.reply(false).status()).isEqualTo(100);
        assertThat(client.send("abc").reply().text()).isEqualTo("abc");
        assertThat(client.head("PUT /b/k", "Content-Length: 2").send("de").reply().text())
                .isEqualTo("de");
    }

    /** RFC 9110 §10.1.1: that client does not know what to make of 100. */
    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void anExpectationOfHttp10IsIgnored(int length) throws Exception {
        RawClient client = connect(serve(S3ServerTest::echo));
        client.send(
                "PUT /b/k HTTP/1.0\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\nContent-Length: "
                        + length
                        + "\r\n\r\n"
                        + "abc".substring(0, length));
        Reply reply = client.reply();
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo("abc".substring(0, length));
    }

    /** botocore does that, and would take the answer to its next request for another one. */
    @Test
    void leaveToSendNothingIsGivenToo() throws Exception {
        RawClient client = connect(serve(S3ServerTest::echo));
        for (int i = 0; i < 3; i++) {
            client.head("PUT /b/k", "Content-Length: 0", "Expect: 100-continue");
            assertThat(client.reply(false).status()).isEqualTo(100);
            assertThat(client.reply().status()).isEqualTo(200);
        }
    }

    @Test
    void aClientThatEndsItsHalfAfterTheRequestGetsItsAnswer() throws Exception {
        RawClient client = connect(serve(S3ServerTest::echo));
        client.head("PUT /b/k", "Content-Length: 3").send("abc").endInput();
        assertThat(client.reply().text()).isEqualTo("abc");
        assertThat(client.ended()).isTrue();
    }

    @Test
    void anIdleConnectionIsClosed() throws Exception {
        RawClient client =
                connect(serve((request, response) -> response.end(), Limits.DEFAULT, IMPATIENT));
        assertThat(client.head("GET /b/k").reply().status()).isEqualTo(200);
        assertThat(client.ended()).isTrue();
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        RawClient client =
                connect(serve((request, response) -> response.end(request.key().getBytes(UTF_8))));
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            all.append("GET /b/").append(i).append(" HTTP/1.1\r\nHost: h\r\n\r\n");
        }
        client.send(all.toString());
        for (int i = 0; i < 500; i++) {
            assertThat(client.reply().text()).isEqualTo(Integer.toString(i));
        }
    }

    @Test
    void keptAliveAnswersOfMiddlingSizeDoNotStall() throws Exception {
        RawClient client = connect(serve(S3ServerTest::answerAsLongAsTheKeySays));
        for (int size : MIDDLING) {
            long fastest = Long.MAX_VALUE;
            for (int i = 0; i < 50; i++) {
                long began = System.nanoTime();
                assertThat(client.head("GET /b/" + size).reply().body()).hasSize(size);
                if (i >= 25) { // Linux acknowledges the first ones at once
                    fastest = Math.min(fastest, System.nanoTime() - began);
                }
            }
            // Nagle and delayed acknowledgements together cost 40 ms each time.
            assertThat(fastest).as("nanos for %d bytes", size).isLessThan(35_000_000L);
        }
    }

    /** What leaves in one write, and fits into a segment of this machine, arrives as a whole. */
    @Test
    void anAnswerOfMiddlingSizeLeavesTogetherWithItsHead() throws Exception {
        RawClient client = connect(serve(S3ServerTest::answerAsLongAsTheKeySays));
        for (int size : MIDDLING.subList(0, 2)) {
            for (int i = 0; i < 50; i++) {
                client.head("GET /b/" + size);
                assertThat(client.awaitAnything()).as("bytes at once").isGreaterThan(size);
                assertThat(client.reply().body()).hasSize(size);
            }
        }
    }

    private static void answerAsLongAsTheKeySays(S3Request request, S3Response response) {
        int size = Integer.parseInt(request.key());
        try (ResponseStream out = response.begin(size)) {
            out.write(ByteBuffer.allocate(size), () -> {});
        }
    }

    @Test
    void aClientThatDoesNotReadHoldsTheWriterBackAndEveryBufferComesHomeOnce() throws Exception {
        AtomicInteger unreleased = new AtomicInteger();
        AtomicInteger twice = new AtomicInteger();
        AtomicInteger written = new AtomicInteger();
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        S3Server server =
                serve(
                        (request, response) -> {
                            try (ResponseStream out = response.begin(1L << 30)) {
                                for (int i = 0; i < 1024; i++) {
                                    AtomicInteger mine = new AtomicInteger();
                                    unreleased.incrementAndGet();
                                    out.write(
                                            ByteBuffer.allocateDirect(1 << 20),
                                            () -> {
                                                unreleased.decrementAndGet();
                                                twice.addAndGet(mine.getAndIncrement());
                                            });
                                    written.incrementAndGet();
                                }
                            } catch (RuntimeException e) {
                                end.complete(e);
                                throw e;
                            }
                        });
        RawClient client = connect(server);
        client.head("GET /b/k");
        assertThat(client.silentFor(1000)).isFalse();
        Thread.sleep(500);
        int held = written.get();
        assertThat(held).as("MiB that fit into socket buffers and the window").isLessThan(64);
        assertThat(unreleased.get()).isLessThanOrEqualTo(3);
        client.close();
        assertThat(end.get(20, TimeUnit.SECONDS)).isInstanceOf(ConnectionLostException.class);
        for (int i = 0; i < 200 && unreleased.get() > 0; i++) {
            Thread.sleep(20);
        }
        assertThat(unreleased.get()).isZero();
        assertThat(twice.get()).isZero();
        assertThat(outcomes.take().status()).isEqualTo(499);
    }

    @Test
    void aClientThatTakesNothingForTooLongIsLetGo() throws Exception {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        S3Server server =
                serve(
                        (request, response) -> {
                            try (ResponseStream out = response.begin(1L << 30)) {
                                for (int i = 0; i < 1024; i++) {
                                    out.write(ByteBuffer.allocateDirect(1 << 20), () -> {});
                                }
                            } catch (RuntimeException e) {
                                end.complete(e);
                                throw e;
                            }
                        },
                        Limits.DEFAULT,
                        IMPATIENT);
        connect(server).head("GET /b/k");
        assertThat(end.get(20, TimeUnit.SECONDS)).isInstanceOf(ConnectionLostException.class);
    }

    @Test
    void anAnswerThatFallsShortBreaksTheConnection() throws Exception {
        RawClient client =
                connect(
                        serve(
                                (request, response) -> {
                                    try (ResponseStream out = response.begin(10)) {
                                        out.write(ByteBuffer.wrap(new byte[5]), () -> {});
                                        throw new S3Exception(S3Error.SERVICE_UNAVAILABLE);
                                    }
                                }));
        client.head("GET /b/k");
        assertThatThrownBy(client::reply)
                .isInstanceOfAny(EOFException.class, java.net.SocketException.class);
    }

    @Test
    void aStreamThatFailsBeforeItsFirstByteIsAnError() throws Exception {
        RawClient client =
                connect(
                        serve(
                                (request, response) -> {
                                    response.status(206).header("x-left", "over");
                                    try (ResponseStream out = response.begin(10)) {
                                        assertThat(out).isNotNull();
                                        throw new S3Exception(S3Error.SERVICE_UNAVAILABLE);
                                    }
                                }));
        Reply reply = client.head("GET /b/k").reply();
        assertThat(reply.status()).isEqualTo(503);
        assertThat(code(reply)).isEqualTo("ServiceUnavailable");
        assertThat(reply.headers()).doesNotContainKey("x-left");
    }

    @Test
    void drainingFinishesWhatIsUnderWay() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        S3Server server =
                serve(
                        (request, response) -> {
                            await(go);
                            response.end("done".getBytes(UTF_8));
                        });
        RawClient client = connect(server).head("GET /b/1");
        for (int i = 0; i < 500 && server.requestsUnderWay() < 1; i++) {
            Thread.sleep(10);
        }
        CompletableFuture<Void> drained =
                CompletableFuture.runAsync(() -> server.drain(Duration.ofSeconds(20)));
        Thread.sleep(100);
        assertThat(drained).isNotDone();
        go.countDown();
        Reply reply = client.reply();
        assertThat(reply.text()).isEqualTo("done");
        drained.get(20, TimeUnit.SECONDS);
    }

    @Test
    void theListenerLearnsHowLongAPayloadIsWithoutItsFraming() throws Exception {
        RawClient client =
                connect(
                        serve(
                                (request, response) -> {
                                    readAll(request.body());
                                    response.end();
                                }));
        for (String hash : List.of("STREAMING-UNSIGNED-PAYLOAD-TRAILER", "UNSIGNED-PAYLOAD")) {
            client.head(
                            "PUT /b/k",
                            "Content-Length: 10",
                            "x-amz-content-sha256: " + hash,
                            "x-amz-decoded-content-length: 3")
                    .send("3\r\nabc\r\n0\r")
                    .reply();
            Traffic traffic = outcomes.take().traffic();
            assertThat(traffic.received()).isEqualTo(10);
            assertThat(traffic.announced()).isEqualTo(hash.startsWith("STREAMING-") ? 3 : 10);
        }
    }
}
