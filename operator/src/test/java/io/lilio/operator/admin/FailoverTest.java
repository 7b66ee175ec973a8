package io.lilio.operator.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.lilio.admin.api.KeyRequest;
import io.lilio.admin.api.OperationRequest;
import io.lilio.admin.api.RingCommand;
import io.lilio.operator.admin.FakeNode.Behaviour;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which nodes are asked, and when no more. */
class FailoverTest {

    private static final AdminApis.Credentials CREDENTIALS =
            new AdminApis.Credentials("ROOT", "topsecret", "us-east-1");

    private final FakeNode one = new FakeNode();
    private final FakeNode two = new FakeNode();
    private final SignedAdminApis apis = new SignedAdminApis(Clock.systemUTC());
    private final SignedAdminApis impatient =
            new SignedAdminApis(
                    Clock.systemUTC(),
                    new CallLimits(Duration.ofSeconds(1), Duration.ofSeconds(2), 1 << 20));
    private final AdminApi hasty = impatient.of(List.of(one.uri(), two.uri()), CREDENTIALS);
    private final AdminApi api = apis.of(List.of(one.uri(), two.uri()), CREDENTIALS);

    @AfterEach
    void end() {
        apis.close();
        impatient.close();
        one.close();
        two.close();
    }

    /** Ways in which a node gets a request and gives no answer, but for being slow. */
    static Stream<Named<Behaviour>> failures() {
        return Stream.of(
                Named.of("500", FakeNode.answering(500, "")),
                Named.of(
                        "503",
                        FakeNode.answering(503, Documents.error("Unavailable", "Starting."))),
                Named.of("404 of somebody else", FakeNode.answering(404, "<html>")),
                Named.of("302", FakeNode.answering(302, "")),
                Named.of("nonsense", FakeNode.answering(200, "<html>")),
                Named.of("nothing", FakeNode.answering(200, "")),
                Named.of("fields missing", FakeNode.answering(200, "{}")),
                Named.of("hanging up", FakeNode.hangingUp()),
                Named.of("broken off", FailoverTest::breakingOff));
    }

    private static void breakingOff(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 10_000);
        exchange.getResponseBody().write(Documents.CLUSTER.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        throw new IOException("on purpose");
    }

    /** The head at once, and a byte now and then for a minute. */
    private static void trickling(HttpExchange exchange) throws IOException, InterruptedException {
        exchange.sendResponseHeaders(200, 600);
        for (int i = 0; i < 600; i++) {
            exchange.getResponseBody().write(' ');
            exchange.getResponseBody().flush();
            Thread.sleep(100);
        }
    }

    @ParameterizedTest
    @MethodSource("failures")
    void theNextNodeIsAskedAndThenAskedFirst(Behaviour failing) {
        one.with(failing);
        two.with(200, Documents.CLUSTER);

        assertThat(api.cluster().cluster().node()).isEqualTo("demo-0");
        assertThat(two.received()).hasSize(1);
        // The JDK's client asks a second time for what only looks, when the connection ends.
        assertThat(one.received()).hasSizeBetween(1, 2);
        int before = one.received().size();

        api.cluster().cluster();
        assertThat(one.received()).hasSize(before);
        assertThat(two.received()).hasSize(2);
    }

    @Test
    void whatOneNodeSeesIsAskedOfThatNodeAlone() {
        one.with(200, Documents.CLUSTER);
        two.with(500, "");

        assertThat(api.clusterSeenBy(0).cluster().node()).isEqualTo("demo-0");
        assertThat(two.received()).isEmpty();
        int before = one.received().size();
        assertThatThrownBy(() -> api.clusterSeenBy(1).members())
                .isInstanceOf(AdminApiUnreachableException.class)
                .hasMessageContaining(two.uri().toString());
        assertThat(one.received()).hasSize(before);
    }

    static Stream<Named<Behaviour>> delays() {
        return Stream.of(
                Named.of("silent", FakeNode.silent()),
                Named.of("trickling", FailoverTest::trickling));
    }

    @ParameterizedTest
    @MethodSource("delays")
    void aNodeThatTakesTooLongIsGivenUp(Behaviour slow) {
        one.with(slow);
        two.with(200, Documents.CLUSTER);
        long begun = System.nanoTime();

        assertThat(hasty.cluster().cluster().node()).isEqualTo("demo-0");

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
        assertThat(one.received()).hasSize(1);
    }

    @Test
    void aNodeThatTakesTooLongMayHaveDoneIt() {
        one.with(FakeNode.silent());
        two.with(200, Documents.NEW_KEY);

        assertThatThrownBy(() -> hasty.keys().rotate("AK1", null))
                .isInstanceOf(AdminApiUnreachableException.class)
                .hasMessageContaining(one.uri() + " did not answer within 2.0 s")
                .hasMessageContaining("may have been done");
        assertThat(two.received()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("failures")
    void commandsThatNameWhatTheyAreAboutAreRepeatedAtTheNextNode(Behaviour failing) {
        one.with(failing);
        two.with(200, Documents.RING_CHANGE);

        assertThat(api.ring().drain(drain()).ring().epoch()).isEqualTo(4);

        assertThat(one.received()).hasSize(1);
        assertThat(two.received()).hasSize(1);
        assertThat(two.last().text()).isEqualTo(one.last().text()).contains("operationId");
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whatMakesSomethingNewEachTimeIsNotRepeatedOnceItMayHaveArrived(Behaviour failing) {
        one.with(failing);
        two.with(200, Documents.NEW_KEY);

        assertThatThrownBy(() -> api.keys().create(new KeyRequest("read-only", null, null)))
                .isInstanceOf(AdminApiUnreachableException.class)
                .hasMessageContaining(one.uri().toString())
                .hasMessageContaining("may have been done");
        assertThat(one.received()).hasSize(1);
        assertThat(two.received()).isEmpty();

        assertThat(api.keys().rotate("AK1", null).secret()).as("asked elsewhere").isEqualTo("hush");
        assertThat(one.received()).hasSize(1);
    }

    @Test
    void aNodeWhoseOwnWayToTheMetadataIsBrokenIsNotTheLastWord() {
        String away = Documents.CLUSTER.replace("\"healthy\":true", "\"healthy\":false");
        assertThat(away).isNotEqualTo(Documents.CLUSTER);
        one.with(200, away);
        two.with(200, Documents.CLUSTER);

        assertThat(api.cluster().cluster().metadata().healthy()).isTrue();
        api.cluster().cluster();
        assertThat(one.received()).hasSize(1);

        two.with(200, away);
        assertThat(api.cluster().cluster().metadata().healthy()).isFalse();
        two.with(503, "");
        assertThat(api.cluster().cluster().metadata().healthy()).isFalse();
        two.close();
        assertThat(api.cluster().cluster().metadata().healthy()).isFalse();
    }

    @Test
    void whatCannotHaveArrivedIsMadeAtTheNextNodeWhateverItIs() {
        one.close();
        two.with(200, Documents.NEW_KEY);

        assertThat(api.keys().create(new KeyRequest("read-only", null, null)).secret())
                .isEqualTo("hush");
        assertThat(api.keys().rotate("AK1", null).secret()).isEqualTo("hush");
    }

    @Test
    void aRunIsAskedForAgainWhenItHasAName() {
        one.with(503, "");
        two.with(200, Documents.OPERATION);

        assertThatThrownBy(() -> api.operations().start(new OperationRequest("scrub", null, null)))
                .isInstanceOf(AdminApiUnreachableException.class);
        assertThat(two.received()).isEmpty();

        assertThat(api.operations().start(new OperationRequest("scrub", "scrub-1", null)).id())
                .isEqualTo("scrub-1");
    }

    @Test
    void aNodeThatCannotBeReachedIsPassedOver() throws Exception {
        // Longer than a label may be, so that no name server is asked.
        URI nameless = URI.create("http://" + "x".repeat(64) + ".invalid:9001");
        try (Unreachable silent = new Unreachable()) {
            two.with(200, Documents.CLUSTER);
            AdminApi there = impatient.of(List.of(silent.uri(), nameless, two.uri()), CREDENTIALS);

            assertThat(there.cluster().cluster().node()).isEqualTo("demo-0");

            two.close();
            assertThatThrownBy(() -> there.cluster().cluster())
                    .isInstanceOf(AdminApiUnreachableException.class)
                    .hasMessage(
                            "No node answers: "
                                    + two.uri()
                                    + " could not be connected to; "
                                    + silent.uri()
                                    + " could not be connected to within 1.0 s; "
                                    + nameless
                                    + " has a name without an address");
        }
    }

    @Test
    void aRefusalIsAnAnswerAndNobodyElseIsAsked() {
        one.with(503, "");
        two.with(422, Documents.error("OverCapacity", "Too much."));

        assertThatThrownBy(() -> api.ring().drain(drain())).isInstanceOf(AdminApiException.class);
        one.with(200, Documents.RING_CHANGE);
        assertThatThrownBy(() -> api.ring().drain(drain())).isInstanceOf(AdminApiException.class);

        assertThat(one.received()).hasSize(1);
        assertThat(two.received()).hasSize(2);
    }

    @Test
    void whenNoneAnswersTheMessageTellsWhatEachSaid() {
        one.with(503, Documents.error("Unavailable", "The metadata do not answer."));
        two.with(FakeNode.silent());

        assertThatThrownBy(() -> hasty.ring().ring())
                .isInstanceOf(AdminApiUnreachableException.class)
                .hasMessage(
                        "No node answers: "
                                + one.uri()
                                + " answered 503 Unavailable: The metadata do not answer.; "
                                + two.uri()
                                + " did not answer within 2.0 s");
        assertThat(one.received()).hasSize(1);
        assertThat(two.received()).hasSize(1);
    }

    @Test
    void whoAnsweredLastIsKnownWhereverTheSameClusterIsAskedAgain() {
        one.with(500, "");
        two.with(200, Documents.CLUSTER);
        api.cluster().cluster();

        apis.of(List.of(one.uri(), two.uri()), CREDENTIALS).cluster().cluster();

        assertThat(one.received()).hasSize(1);
        assertThat(two.received()).hasSize(2);
    }

    @Test
    void otherCredentialsAreAnotherApi() {
        one.with(200, Documents.CLUSTER);
        apis.of(
                        List.of(one.uri(), two.uri()),
                        new AdminApis.Credentials("OTHER", "secret", "us-east-1"))
                .cluster()
                .cluster();
        assertThat(SignatureCheck.claim(one.last()).accessKey()).isEqualTo("OTHER");

        api.cluster().cluster();
        assertThat(SignatureCheck.claim(one.last()).accessKey()).isEqualTo("ROOT");
    }

    @Test
    void nothingIsConnectedBeforeTheFirstCall() {
        AdminApi same = apis.of(List.of(one.uri(), two.uri()), CREDENTIALS);

        assertThat(same.ring()).isEqualTo(same.ring()).isNotEqualTo(same.cluster());
        assertThat(same.ring().hashCode()).isEqualTo(same.ring().hashCode());
        assertThat(same.ring().toString())
                .contains(one.uri().toString(), two.uri().toString())
                .doesNotContain("topsecret");
        assertThat(one.received()).isEmpty();
        assertThatThrownBy(() -> apis.of(List.of(), CREDENTIALS))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aThreadThatIsInterruptedAsksNoMore() throws Exception {
        one.with(FakeNode.silent());
        two.with(200, Documents.CLUSTER);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread asking =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        api.cluster().cluster();
                                        interrupted.complete(false);
                                    } catch (AdminApiUnreachableException told) {
                                        interrupted.complete(
                                                Thread.currentThread().isInterrupted());
                                    } catch (RuntimeException other) {
                                        interrupted.completeExceptionally(other);
                                    }
                                });
        while (one.received().isEmpty()) {
            Thread.sleep(5);
        }

        asking.interrupt();

        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(two.received()).isEmpty();
    }

    @Test
    void closingEndsCallsUnderWay() throws Exception {
        one.with(FakeNode.silent());
        CompletableFuture<Void> asking =
                CompletableFuture.runAsync(() -> api.keys().rotate("AK1", null));
        while (one.received().isEmpty()) {
            Thread.sleep(5);
        }

        apis.close();

        assertThatThrownBy(() -> asking.get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(AdminApiUnreachableException.class)
                .hasMessageContaining("broke off its answer");
    }

    private static RingCommand drain() {
        return new RingCommand(
                UUID.randomUUID(),
                4L,
                List.of(UUID.randomUUID()),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** Somewhere that never takes a connection: its queue is full. */
    private static final class Unreachable implements AutoCloseable {

        private final ServerSocket socket;
        private final List<Socket> waiting = new ArrayList<>();

        Unreachable() throws IOException {
            socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            for (int i = 0; i < 20; i++) {
                Socket next = new Socket();
                waiting.add(next);
                try {
                    next.connect(
                            new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort()),
                            200);
                } catch (SocketTimeoutException full) {
                    return;
                }
            }
            throw new IllegalStateException("the queue is never full");
        }

        URI uri() {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }

        @Override
        public void close() throws IOException {
            for (Socket each : waiting) {
                each.close();
            }
            socket.close();
        }
    }
}
