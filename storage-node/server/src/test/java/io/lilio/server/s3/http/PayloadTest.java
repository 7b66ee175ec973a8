package io.lilio.server.s3.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.s3.http.HttpSettings.Deadlines;
import io.lilio.server.s3.http.HttpSettings.Limits;
import io.lilio.server.s3.http.RawClient.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Payloads that nobody reads, that are not announced, or that are too many to be kept. */
class PayloadTest extends ServerCase {

    private static final int BUDGET = 1 << 20;

    /** What one read of a socket brings at most. */
    private static final int ONE_READ = 64 << 10;

    @Test
    void payloadsThatWaitAreBoundedTogetherAndAllAreReadInTheEnd() throws Exception {
        int clients = 24;
        byte[] payload = bytes(300_000);
        CountDownLatch go = new CountDownLatch(1);
        S3Server server =
                serve(
                        (request, response) -> {
                            await(go);
                            response.end(readAll(request.body()));
                        },
                        new Limits(100, 100, BUDGET),
                        Deadlines.DEFAULT);
        List<RawClient> all = new ArrayList<>();
        List<CompletableFuture<RawClient>> sending = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            RawClient client = connect(server);
            all.add(client);
            sending.add(
                    CompletableFuture.supplyAsync(
                            () -> client.sendAll("PUT /b/k", payload),
                            task -> Thread.ofVirtual().start(task)));
        }
        await("all requests are under way", () -> server.requestsUnderWay() == clients);
        await(
                "the payloads take all there is",
                () ->
                        server.budget().perPayload() == 0
                                || sending.stream().allMatch(s -> s.isDone()));
        Thread.sleep(200);
        assertThat(server.budget().queuedBytes())
                .isLessThanOrEqualTo(BUDGET + clients * (long) ONE_READ);
        go.countDown();
        for (RawClient client : all) {
            assertThat(client.reply().body()).isEqualTo(payload);
        }
        awaitIdle(server);
        // The last may be thrown away just after its request is over.
        await("no payload is kept", () -> server.budget().queuedBytes() == 0);
    }

    @Test
    void onePayloadMayOnlyTakeAPartOfWhatIsFree() {
        BodyBudget budget = new BodyBudget(BUDGET);
        long queued = 0;
        for (int i = 0; i < 1_000; i++) {
            int mine = budget.perPayload();
            budget.queued(mine);
            queued += mine;
        }
        assertThat(queued).isBetween(BUDGET * 9L / 10, (long) BUDGET);
        budget.queued(BUDGET);
        assertThat(budget.perPayload()).isZero();
        budget.queued(-queued - BUDGET);
        assertThat(budget.queuedBytes()).isZero();
        assertThat(new BodyBudget(48 << 20).perPayload()).isEqualTo(256 << 10);
    }

    @Test
    void aPayloadThatIsThereButNotReadDoesNotStopItsConnection() throws Exception {
        Semaphore arrived = new Semaphore(0);
        S3Server server =
                serve(
                        (request, response) -> {
                            arrived.acquireUninterruptibly();
                            response.status(403).end();
                        });
        RawClient client = connect(server);
        for (int i = 0; i < 3; i++) {
            client.head("PUT /b/k", "Content-Length: 270000").send(bytes(270_000));
            await("the payload waits", () -> server.budget().queuedBytes() >= 256 << 10);
            arrived.release();
            assertThat(client.reply().status()).isEqualTo(403);
        }
        awaitIdle(server);
        // The last may be thrown away just after its request is over.
        await("no payload is kept", () -> server.budget().queuedBytes() == 0);
    }

    @Test
    void aClientThatSendsEverythingBeforeItReadsLearnsWhyItWasRefused() throws Exception {
        RawClient client = connect(serve((request, response) -> response.status(403).end()));
        client.head("PUT /b/k", "Content-Length: 10000000").send(bytes(10_000_000));
        Reply reply = client.reply();
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.headers()).containsEntry("connection", "close");
        assertThat(client.ended()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"zz\r\nabc\r\n", "3\r\nabc\r\nzz\r\n", "-1\r\n", "ffffffffffffffffff\r\n"})
    void chunksThatAreNoneAreAnsweredAndTheConnectionClosed(String chunks) throws Exception {
        S3Server server = serve((request, response) -> response.end(readAll(request.body())));
        RawClient client = connect(server);
        client.head("PUT /b/k", "Transfer-Encoding: chunked").send(chunks);
        assertIncomplete(client.reply());
        assertThat(client.ended()).isTrue();
        awaitIdle(server);
        assertThat(server.budget().queuedBytes()).isZero();
    }

    @Test
    void chunksThatAreNoneAreAnsweredAfterTheRequestsBeforeThem() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        S3Server server =
                serve(
                        (request, response) -> {
                            if (request.key().equals("first")) {
                                await(go);
                            }
                            response.end(readAll(request.body()));
                        });
        RawClient client = connect(server);
        client.head("PUT /b/first", "Content-Length: 3")
                .send("abc")
                .head("PUT /b/second", "Transfer-Encoding: chunked")
                .send("zz\r\n");
        await("the first is under way", () -> server.requestsUnderWay() == 1);
        assertThat(client.silentFor(300)).isTrue();
        go.countDown();
        assertThat(client.reply().text()).isEqualTo("abc");
        assertIncomplete(client.reply());
        assertThat(client.ended()).isTrue();
    }

    private static void assertIncomplete(Reply reply) {
        assertThat(reply.status()).isEqualTo(400);
        assertThat(code(reply)).isEqualTo("IncompleteBody");
        assertThat(reply.headers()).containsEntry("connection", "close");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT /b/k, '', false",
        "PUT /b/k, Content-Length: 0, true",
        "PUT /b, '', true",
        "POST /b/k?uploads, '', true",
        "GET /b/k, '', true",
        "DELETE /b/k, '', true"
    })
    void onlyAnObjectNeedsALength(String line, String header, boolean known) throws Exception {
        BlockingQueue<S3Request> seen = new LinkedBlockingQueue<>();
        RawClient client =
                connect(
                        serve(
                                (request, response) -> {
                                    seen.add(request);
                                    response.end();
                                }));
        String[] headers = header.isEmpty() ? new String[0] : new String[] {header};
        assertThat(client.head(line, headers).reply().status()).isEqualTo(200);
        assertThat(seen.take().body().lengthKnown()).isEqualTo(known);
    }
}
