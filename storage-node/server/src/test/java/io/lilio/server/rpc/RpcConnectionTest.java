package io.lilio.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.FaultyChunkStore;
import io.lilio.chunk.FaultyChunkStore.Operation;
import io.lilio.chunk.SampleChunk;
import io.lilio.server.rpc.RpcClientSettings.Deadlines;
import io.lilio.time.ManualTime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.ServerSocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections: kept, given up, opened again. */
@Timeout(60)
class RpcConnectionTest {

    private final TwoNodes nodes = new TwoNodes();
    private final ChunkStore memory = nodes.memoryStore(4, nodes.time);
    private final ManualTime held = new ManualTime();
    private final FaultyChunkStore slow = new FaultyChunkStore(memory, held);
    private final SampleChunk chunk = SampleChunk.of(1, 100_000).putInto(memory);

    @AfterEach
    void stop() throws Exception {
        held.advance(Duration.ofDays(1));
        nodes.close();
    }

    private static RpcClientSettings impatient(int connections, Duration patience) {
        Deadlines deadlines = new Deadlines(Duration.ofSeconds(5), patience, patience, patience);
        return new RpcClientSettings(
                connections, Duration.ofMinutes(1), deadlines, Optional.empty());
    }

    @Test
    void aPeerThatWasStartedAgainCostsNoFailedCall() throws Exception {
        ChunkStore remote = nodes.hosting(memory).connect(TwoNodes.MEMBER, 0);
        remote.stat(chunk.id());
        for (int i = 0; i < 5; i++) {
            nodes.restartServer(i);

            assertThat(remote.stat(chunk.id())).contains(chunk.header());
        }
        assertThat(nodes.heard.clientConnectionsEver).hasValue(6);
    }

    @Test
    void severalConnectionsOfAPeerThatWasStartedAgainCostNoFailedCallEither() throws Exception {
        ChunkStore remote = nodes.hosting(slow).connect(TwoNodes.MEMBER, 0);
        slow.delay(Duration.ofSeconds(1), Operation.STAT);
        CompletableFuture<?>[] calls = new CompletableFuture<?>[4];
        for (int i = 0; i < calls.length; i++) {
            calls[i] = async(() -> remote.stat(chunk.id()));
        }
        await(() -> held.scheduledCount() == 4);
        held.advance(Duration.ofSeconds(1));
        CompletableFuture.allOf(calls).get();
        assertThat(nodes.heard.clientConnections).hasValue(4);

        slow.delay(Duration.ZERO, Operation.STAT);
        nodes.restartServer(2);
        held.advance(Duration.ofSeconds(1));
        assertThat(memory.stat(chunk.id())).isPresent();
        assertThat(remote.usage().chunks()).isEqualTo(1);
        assertThat(nodes.heard.clientConnections)
                .as("what was idle is worth nothing any more")
                .hasValue(1);
    }

    @Test
    void aDiskThatHangsLeavesTheOthersOfItsNodeSomeConnections() throws Exception {
        nodes.clientSettings = impatient(4, Duration.ofSeconds(2));
        nodes.hosted.put(TwoNodes.OTHER_MEMBER, nodes.memoryStore(4, nodes.time));
        ChunkStore hanging = nodes.hosting(slow).connect();
        ChunkStore well = nodes.connect(TwoNodes.OTHER_MEMBER, TwoNodes.PROCESS);
        slow.delay(Duration.ofHours(1), Operation.STAT);
        CompletableFuture<?>[] calls = new CompletableFuture<?>[8];
        for (int i = 0; i < calls.length; i++) {
            calls[i] = async(() -> hanging.stat(chunk.id()));
        }
        await(() -> held.scheduledCount() == 3);

        assertThat(well.stat(chunk.id())).isEmpty();
        for (CompletableFuture<?> call : calls) {
            assertThat(call).failsWithin(Duration.ofSeconds(30));
        }
        held.advance(Duration.ofHours(1));
    }

    @Test
    void aPeerThatAnswersNothingTimesOutAndItsConnectionIsClosed() throws Exception {
        nodes.clientSettings = impatient(4, Duration.ofMillis(300));
        ChunkStore remote = nodes.hosting(slow).connect();
        slow.delay(Duration.ofHours(1), Operation.STAT);

        assertReason(Reason.TIMEOUT, () -> remote.stat(chunk.id()));

        assertThat(nodes.heard.clientConnections).hasValue(0);
        assertThat(nodes.heard.calls).contains("CLIENT stat timeout");
        assertThat(remote.usage().chunks()).as("another call goes well").isEqualTo(1);
    }

    @Test
    void aPeerThatIsFrozenTimesOut() throws Exception {
        nodes.clientSettings = impatient(4, Duration.ofMillis(300));
        try (ServerSocket frozen = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            ChunkStore remote = nodes.connect(TwoNodes.MEMBER, 0, frozen.getLocalPort());

            assertReason(Reason.TIMEOUT, () -> remote.stat(chunk.id()));
            assertReason(Reason.TIMEOUT, () -> chunk.putInto(remote));
        }
    }

    @Test
    void aPeerThatTakesNoMoreBytesTimesOut() throws Exception {
        nodes.clientSettings = impatient(4, Duration.ofMillis(300));
        SampleChunk large = SampleChunk.of(2, 64 << 20);
        try (ServerSocketChannel listening =
                ServerSocketChannel.open()
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            CompletableFuture<?> frozen = async(() -> greetAndFreeze(listening));
            ChunkStore remote =
                    nodes.connect(TwoNodes.MEMBER, 0, listening.socket().getLocalPort());

            assertReason(Reason.TIMEOUT, () -> large.putInto(remote));

            held.advance(Duration.ofHours(1));
            frozen.get();
        }
    }

    private void greetAndFreeze(ServerSocketChannel listening) throws Exception {
        try (PlainWire wire = new PlainWire(listening.accept())) {
            var frames = new FrameConnection(wire, new Deadline(wire, nodes.time));
            new ServerHandshake(nodes.serverIdentity, new SecureRandom()).with(frames);
            held.sleep(Duration.ofMinutes(1));
        }
    }

    @Test
    void nobodyListeningIsAnErrorAtOnce() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        ChunkStore remote = nodes.connect(TwoNodes.MEMBER, 0, port);

        assertReason(Reason.IO, () -> remote.stat(chunk.id()));
    }

    @Test
    void aNameThatIsNotKnownIsAnError() throws Exception {
        ChunkStore remote =
                nodes.client()
                        .member(
                                new PeerAddress("n", "no-such-host.invalid", 1, 0),
                                TwoNodes.MEMBER);

        assertReason(Reason.IO, () -> remote.stat(chunk.id()));
    }

    @Test
    void callsBeyondTheBoundWaitForAConnectionAndThenAreTooMany() throws Exception {
        Duration patience = Duration.ofSeconds(50);
        nodes.clientSettings =
                new RpcClientSettings(
                        1,
                        Duration.ofMinutes(1),
                        new Deadlines(patience, patience, Duration.ofMillis(300), patience),
                        Optional.empty());
        ChunkStore remote = nodes.hosting(slow).connect();
        slow.delay(Duration.ofSeconds(1), Operation.STAT);
        CompletableFuture<?> first = async(() -> remote.stat(chunk.id()));
        await(() -> held.scheduledCount() == 1);
        CompletableFuture<?> second = async(remote::usage);

        assertReason(Reason.OVERLOADED, () -> remote.verify(chunk.id()));

        assertThat(second).isNotDone();
        held.advance(Duration.ofSeconds(1));
        first.get();
        second.get();
        assertThat(nodes.heard.clientConnectionsEver).hasValue(1);
    }

    @Test
    void closingAStoreBreaksOffItsCallsAndLeavesThoseOfOthers() throws Exception {
        ChunkStore one = nodes.hosting(slow).connect();
        ChunkStore other = nodes.connect();
        slow.delay(Duration.ofSeconds(1), Operation.STAT);
        CompletableFuture<?> ofOne = async(() -> one.stat(chunk.id()));
        CompletableFuture<?> ofOther = async(() -> other.stat(chunk.id()));
        await(() -> held.scheduledCount() == 2);

        one.close();

        assertThatThrownBy(ofOne::get)
                .cause()
                .isInstanceOfSatisfying(
                        BackendException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED));
        held.advance(Duration.ofSeconds(1));
        ofOther.get();
        other.close();
        assertThat(nodes.heard.clientConnections).as("nobody uses the peer").hasValue(0);
    }

    @Test
    void connectionsThatNobodyUsesAreClosed() throws Exception {
        nodes.clientSettings =
                new RpcClientSettings(
                        4, Duration.ofMillis(50), Deadlines.DEFAULT, Optional.empty());
        ChunkStore remote = nodes.hosting(memory).connect();
        remote.usage();

        await(() -> nodes.heard.clientConnections.get() == 0);
        await(() -> nodes.heard.serverConnections.get() == 0);
        assertThat(remote.usage().chunks()).isEqualTo(1);
    }

    @Test
    void aServerClosesConnectionsOfClientsThatHaveVanished() throws Exception {
        var usual = RpcServerSettings.Timeouts.DEFAULT;
        nodes.serverSettings =
                new RpcServerSettings(
                        "127.0.0.1",
                        0,
                        RpcServerSettings.Limits.DEFAULT,
                        new RpcServerSettings.Timeouts(
                                usual.handshake(),
                                Duration.ofMillis(200),
                                usual.transfer(),
                                usual.queue(),
                                usual.drain()),
                        Optional.empty());
        ChunkStore remote = nodes.hosting(memory).connect();
        remote.usage();

        await(() -> nodes.heard.serverConnections.get() == 0);
        nodes.heard.awaitBreach("SERVER TIMEOUT");
        assertThat(remote.usage().chunks()).as("and that costs no failed call").isEqualTo(1);
    }

    @Test
    void aServerThatClosesLetsCallsUnderWayEnd() throws Exception {
        ChunkStore remote = nodes.hosting(slow).connect();
        slow.delay(Duration.ofSeconds(1), Operation.STAT);
        CompletableFuture<?> call = async(() -> remote.stat(chunk.id()));
        await(() -> held.scheduledCount() == 1);
        CompletableFuture<?> closing = async(() -> nodes.server().close());
        assertThat(closing).isNotDone();

        held.advance(Duration.ofSeconds(1));

        call.get();
        closing.get();
    }

    private interface Action {
        void run() throws Exception;
    }

    private static CompletableFuture<?> async(Action action) {
        CompletableFuture<?> done = new CompletableFuture<Void>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                action.run();
                                done.complete(null);
                            } catch (Throwable e) {
                                done.completeExceptionally(e);
                            }
                        });
        return done;
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(5);
        }
    }

    private static void assertReason(
            Reason reason, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BackendException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
