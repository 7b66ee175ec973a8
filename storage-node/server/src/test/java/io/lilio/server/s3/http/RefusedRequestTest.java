package io.lilio.server.s3.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.ObjectStoreException;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.object.ObjectSettings;
import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.HttpSettings.Deadlines;
import io.lilio.server.s3.http.HttpSettings.Limits;
import io.lilio.server.s3.http.RawClient.Reply;
import java.io.EOFException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Requests that are refused, and connections that go on afterwards or end. */
class RefusedRequestTest extends ServerCase {

    @Test
    void anInvalidPathIsAnXmlErrorAndTheConnectionGoesOn() throws Exception {
        RawClient client = connect(serve((request, response) -> response.end()));
        Reply refused = client.head("GET /b/%ff").reply();
        assertThat(refused.status()).isEqualTo(400);
        assertThat(code(refused)).isEqualTo("InvalidURI");
        assertThat(refused.text()).contains(refused.headers().get("x-amz-request-id"));
        assertThat(client.head("GET /b/k").reply().status()).isEqualTo(200);
    }

    @Test
    void whatAHandlerThrowsBecomesTheRightError() throws Exception {
        S3Server server =
                serve(
                        (request, response) -> {
                            response.header("x-left", "over").status(206);
                            switch (request.key()) {
                                case "s3" ->
                                        throw new S3Exception(S3Error.NO_SUCH_KEY)
                                                .withHeader("x-amz-delete-marker", "true");
                                case "engine" ->
                                        throw new ObjectStoreException(
                                                ObjectStoreException.Kind.SLOW_DOWN, "Busy.");
                                case "metadata" ->
                                        throw new MetadataUnavailableException("gone", null);
                                default -> throw new IllegalStateException("secret");
                            }
                        });
        RawClient client = connect(server);
        Reply s3 = client.head("GET /b/s3").reply();
        assertThat(s3.status()).isEqualTo(404);
        assertThat(code(s3)).isEqualTo("NoSuchKey");
        assertThat(s3.headers()).containsEntry("x-amz-delete-marker", "true");
        assertThat(s3.headers()).doesNotContainKey("x-left");
        assertThat(code(client.head("GET /b/engine").reply())).isEqualTo("SlowDown");
        assertThat(code(client.head("GET /b/metadata").reply())).isEqualTo("ServiceUnavailable");
        Reply internal = client.head("GET /b/other").reply();
        assertThat(internal.status()).isEqualTo(500);
        assertThat(internal.text()).contains("InternalError").doesNotContain("secret");
        Reply head = client.head("HEAD /b/s3").reply(false);
        assertThat(head.status()).isEqualTo(404);
        assertThat(client.head("GET /b/s3").reply().status()).isEqualTo(404);
    }

    @Test
    void tooManyHeadersAreRefusedAndTheServerGoesOn() throws Exception {
        S3Server server = serve((request, response) -> response.end());
        String[] headers = new String[10_000];
        for (int i = 0; i < headers.length; i++) {
            headers[i] = "X-Header-" + i + ": value";
        }
        String[] short10Thousand = new String[10_000];
        Arrays.fill(short10Thousand, "a: ");
        for (String[] many : List.of(headers, short10Thousand)) {
            Reply reply = connect(server).head("GET /b/k", many).reply();
            assertThat(reply.status()).isEqualTo(400);
            assertThat(code(reply)).isEqualTo("RequestHeaderSectionTooLarge");
        }
        assertThat(connect(server).head("GET /b/k").reply().status()).isEqualTo(200);
    }

    @Test
    void aLineThatIsTooLongAndGarbageAreRefused() throws Exception {
        S3Server server = serve((request, response) -> response.end());
        Reply tooLong = connect(server).head("GET /b/" + "k".repeat(20_000)).reply();
        assertThat(code(tooLong)).isEqualTo("RequestHeaderSectionTooLarge");
        Reply garbage = connect(server).send("\0\1\2 what\r\n\r\n").reply();
        assertThat(garbage.status()).isEqualTo(400);
        Reply lengths =
                connect(server).head("PUT /b/k", "Content-Length: 1", "Content-Length: 2").reply();
        assertThat(lengths.status()).isEqualTo(400);
        for (String coding : List.of("xchunked", "identity", "chunked;q=1", "\"chunked\"")) {
            RawClient smuggler = connect(server);
            smuggler.head("PUT /b/k", "Content-Length: 3", "Transfer-Encoding: " + coding);
            smuggler.send("abc").head("GET /b/k");
            assertThat(smuggler.reply().status()).as(coding).isEqualTo(400);
            assertThat(smuggler.ended()).as(coding).isTrue();
        }
        Reply negative = connect(server).head("PUT /b/k", "Content-Length: -1").reply();
        assertThat(negative.status()).isEqualTo(400);
    }

    @Test
    void aRefusedExpectationIsAnsweredAndTheConnectionClosed() throws Exception {
        S3Server server =
                serve(
                        (request, response) -> {
                            throw new S3Exception(S3Error.ACCESS_DENIED);
                        });
        RawClient client = connect(server);
        client.head("PUT /b/k", "Content-Length: 3", "Expect: 100-continue");
        Reply reply = client.reply();
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.headers()).containsEntry("connection", "close");
        assertThat(client.ended()).isTrue();
        RawClient empty = connect(server);
        empty.head("PUT /b/k", "Content-Length: 0", "Expect: 100-continue");
        assertThat(empty.reply().status()).isEqualTo(403);
        assertThat(empty.ended()).isTrue();
        Reply odd = connect(server).head("PUT /b/k", "Content-Length: 3", "Expect: cake").reply();
        assertThat(odd.status()).isEqualTo(417);
    }

    @Test
    void aRefusedSmallPayloadIsDrainedAndTheConnectionUsedAgain() throws Exception {
        RawClient client = connect(serve((request, response) -> response.status(403).end()));
        for (int i = 0; i < 3; i++) {
            client.head("PUT /b/k", "Content-Length: 700000").send(bytes(700_000));
            assertThat(client.reply().status()).isEqualTo(403);
        }
    }

    @Test
    void aRefusedLargePayloadIsCutOffAfterTheAnswer() throws Exception {
        RawClient client = connect(serve((request, response) -> response.status(403).end()));
        client.head("PUT /b/k", "Content-Length: 9000000000").send(bytes(100_000));
        Reply reply = client.reply();
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.headers()).containsEntry("connection", "close");
        assertThat(client.ended()).isTrue();
    }

    @Test
    void aPayloadThatIsCutOffIsAnErrorNotAnEnd() throws Exception {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        S3Server server =
                serve(
                        (request, response) -> {
                            try {
                                readAll(request.body());
                                failure.complete(new AssertionError("took it for whole"));
                            } catch (S3Exception cut) {
                                failure.complete(cut);
                                throw cut;
                            }
                        });
        RawClient client = connect(server);
        client.head("PUT /b/k", "Content-Length: 100").send("only this");
        client.close();
        assertThat(failure.get(20, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        cut -> assertThat(cut.error()).isEqualTo(S3Error.INCOMPLETE_BODY));
    }

    @Test
    void aClientThatEndsItsHalfEarlyIsToldSo() throws Exception {
        RawClient client =
                connect(serve((request, response) -> response.end(readAll(request.body()))));
        client.head("PUT /b/k", "Content-Length: 100").send("only this").endInput();
        Reply reply = client.reply();
        assertThat(reply.status()).isEqualTo(400);
        assertThat(code(reply)).isEqualTo("IncompleteBody");
        assertThat(client.ended()).isTrue();
    }

    @Test
    void aClientThatStopsSendingIsTimedOut() throws Exception {
        RawClient client =
                connect(
                        serve(
                                (request, response) -> response.end(readAll(request.body())),
                                Limits.DEFAULT,
                                IMPATIENT));
        client.head("PUT /b/k", "Content-Length: 100").send("only this");
        Reply reply = client.reply();
        assertThat(reply.status()).isEqualTo(400);
        assertThat(code(reply)).isEqualTo("RequestTimeout");
    }

    @Test
    void aClientThatSendsNextToNothingIsTimedOut() throws Exception {
        Deadlines oneSecond =
                new Deadlines(
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(1),
                        Deadlines.DEFAULT.minimumBytesPerSecond());
        RawClient client =
                connect(
                        serve(
                                (request, response) -> response.end(readAll(request.body())),
                                Limits.DEFAULT,
                                oneSecond));
        client.head("PUT /b/k", "Content-Length: 100000");
        for (int i = 0; i < 200 && client.silentFor(100); i++) {
            client.send("abc");
        }
        assertThat(code(client.reply())).isEqualTo("RequestTimeout");
    }

    @Test
    void theEngineToleratesWhatThePortDoes() {
        assertThat(ObjectSettings.Pace.defaults().minBytesPerSecond())
                .isEqualTo(Deadlines.DEFAULT.minimumBytesPerSecond());
    }

    @Test
    void moreRequestsThanAllowedAreToldToSlowDown() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        S3Server server =
                serve(
                        (request, response) -> {
                            await(go);
                            response.end();
                        },
                        new Limits(2, 100, 1 << 20),
                        Deadlines.DEFAULT);
        RawClient first = connect(server).head("GET /b/1");
        RawClient second = connect(server).head("GET /b/2");
        await("both are under way", () -> server.requestsUnderWay() == 2);
        RawClient third = connect(server);
        assertThat(code(third.head("GET /b/3").reply())).isEqualTo("SlowDown");
        go.countDown();
        assertThat(first.reply().status()).isEqualTo(200);
        assertThat(second.reply().status()).isEqualTo(200);
        awaitIdle(server);
        assertThat(third.head("GET /b/3").reply().status()).isEqualTo(200);
    }

    @Test
    void aServerThatLeavesServesEveryRequestAndKeepsNoConnection() throws Exception {
        S3Server server = serve((request, response) -> response.end());
        RawClient kept = connect(server);
        Reply before = kept.head("GET /b/1").reply();
        assertThat(before.headers()).doesNotContainKey("connection");
        server.leave();
        for (RawClient client : List.of(kept, connect(server))) {
            Reply reply = client.head("GET /b/2").reply();
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.headers()).containsEntry("connection", "close");
        }
        await("both connections are closed", () -> server.connectionsOpen() == 0);
    }

    /** Or the connection, which is closed within a second when it is idle. */
    @Test
    void aServerThatDrainsRefusesRequestsOnTheConnectionsThatItHas() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Set<String> served = ConcurrentHashMap.newKeySet();
        S3Server server =
                serve(
                        (request, response) -> {
                            served.add(request.key());
                            if (request.key().equals("slow")) {
                                await(go);
                            }
                            response.end();
                        });
        RawClient kept = connect(server);
        assertThat(kept.head("GET /b/early").reply().status()).isEqualTo(200);
        RawClient slow = connect(server).head("GET /b/slow");
        await("it is under way", () -> server.requestsUnderWay() == 1);
        CompletableFuture<Void> drained =
                CompletableFuture.runAsync(() -> server.drain(Duration.ofSeconds(60)));
        await("it drains", server::draining);
        try {
            Reply reply = kept.head("GET /b/late").reply();
            assertThat(code(reply)).isEqualTo("ServiceUnavailable");
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.headers()).containsEntry("connection", "close");
        } catch (EOFException | SocketException closed) {
            assertThat(drained).as("it waits for the slow one").isNotDone();
        }
        go.countDown();
        assertThat(slow.reply().status()).isEqualTo(200);
        drained.get(60, TimeUnit.SECONDS);
        assertThat(served).containsExactlyInAnyOrder("early", "slow");
    }
}
