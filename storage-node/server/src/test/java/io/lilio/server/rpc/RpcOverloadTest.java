package io.lilio.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.FaultyChunkStore;
import io.lilio.chunk.FaultyChunkStore.Operation;
import io.lilio.chunk.SampleChunk;
import io.lilio.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More than a server can take on. */
@Timeout(60)
class RpcOverloadTest {

    private static final int M = 1 << 20;

    private final TwoNodes nodes = new TwoNodes();
    private final ManualTime held = new ManualTime();
    private final FaultyChunkStore slow =
            new FaultyChunkStore(nodes.memoryStore(4, nodes.time), held);
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stop() throws Exception {
        held.advance(Duration.ofDays(1));
        nodes.close();
        calls.close();
    }

    private ChunkStore serving(int connections, int calls, Duration queue) throws Exception {
        return serving(new RpcServerSettings.Limits(connections, 100, calls, 64 * M), queue);
    }

    private ChunkStore serving(RpcServerSettings.Limits limits, Duration queue) throws Exception {
        var usual = RpcServerSettings.Timeouts.DEFAULT;
        nodes.serverSettings =
                new RpcServerSettings(
                        "127.0.0.1",
                        0,
                        limits,
                        new RpcServerSettings.Timeouts(
                                usual.handshake(),
                                usual.idle(),
                                usual.transfer(),
                                queue,
                                usual.drain()),
                        Optional.empty());
        return nodes.hosting(slow).connect();
    }

    private void awaitHeld(int count) throws InterruptedException {
        while (held.scheduledCount() != count) {
            Thread.sleep(5);
        }
    }

    private static void assertOverloaded(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BackendException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.OVERLOADED));
    }

    @Test
    void callsBeyondTheBoundWaitUntilOthersHaveEnded() throws Exception {
        ChunkStore remote = serving(100, 1, Duration.ofSeconds(30));
        slow.delay(Duration.ofSeconds(1), Operation.STAT);
        SampleChunk chunk = SampleChunk.of(1, M);
        Future<?> first = calls.submit(() -> remote.stat(chunk.id()));
        awaitHeld(1);
        Future<?> second = calls.submit(() -> chunk.putInto(remote));
        while (nodes.heard.clientConnections.get() < 2) {
            Thread.sleep(5);
        }
        assertThat(nodes.server().buffers().inUseBytes()).as("it waits outside").isZero();

        held.advance(Duration.ofSeconds(1));

        first.get();
        second.get();
        assertThat(slow.usage().chunks()).isEqualTo(1);
    }

    @Test
    void callsThatWaitTooLongAreToldSoAndTheirConnectionsServeOn() throws Exception {
        ChunkStore remote = serving(100, 1, Duration.ofMillis(50));
        slow.delay(Duration.ofSeconds(1), Operation.STAT);
        SampleChunk chunk = SampleChunk.of(1, 8 * M);
        Future<?> first = calls.submit(() -> remote.stat(chunk.id()));
        awaitHeld(1);

        for (int i = 0; i < 3; i++) {
            assertOverloaded(() -> chunk.putInto(remote));
        }
        held.advance(Duration.ofSeconds(1));
        first.get();
        chunk.putInto(remote);

        assertThat(slow.usage().chunks()).isEqualTo(1);
        assertThat(nodes.heard.clientConnectionsEver).hasValue(2);
    }

    @Test
    void payloadsFindNoMoreMemoryThanThereIs() throws Exception {
        ChunkStore remote = serving(100, 100, Duration.ofMillis(50));
        slow.delay(Duration.ofSeconds(1), Operation.PUT);
        List<Future<?>> held64 = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            SampleChunk large = SampleChunk.of(i, 16 * M);
            held64.add(calls.submit(() -> large.putInto(remote)));
        }
        awaitHeld(4);
        SampleChunk small = SampleChunk.of(9, 1000);

        assertOverloaded(() -> small.putInto(remote));
        assertThat(remote.stat(small.id())).as("what needs none is served").isEmpty();
        held.advance(Duration.ofSeconds(1));
        for (Future<?> put : held64) {
            put.get();
        }
        assertThat(nodes.server().buffers().highWaterBytes()).isEqualTo(64 * M);
        slow.delay(Duration.ZERO, Operation.PUT);
        Future<?> later = calls.submit(() -> small.putInto(remote));
        awaitHeld(1);
        held.advance(Duration.ofSeconds(1));
        later.get();
    }

    @Test
    void aDiskThatHangsLeavesTheOthersOfItsNodeTheirMemory() throws Exception {
        nodes.hosted.put(TwoNodes.OTHER_MEMBER, nodes.memoryStore(4, nodes.time));
        ChunkStore hanging = serving(100, 100, Duration.ofMillis(50));
        ChunkStore well = nodes.connect(TwoNodes.OTHER_MEMBER, TwoNodes.PROCESS);
        slow.delay(Duration.ofSeconds(1), Operation.PUT, Operation.READ);
        for (int i = 0; i < 6; i++) {
            SampleChunk large = SampleChunk.of(i, 16 * M);
            var _ = calls.submit(() -> large.putInto(hanging));
        }
        awaitHeld(2);
        assertOverloaded(() -> SampleChunk.of(7, 16 * M).readFrom(hanging));

        for (int i = 10; i < 14; i++) {
            SampleChunk chunk = SampleChunk.of(i, 16 * M).putInto(well);
            assertThat(chunk.readFrom(well)).isEqualTo(chunk.bytes());
        }
        held.advance(Duration.ofDays(1));
    }

    @Test
    void aDiskThatHangsLeavesTheOthersOfItsNodeTheirCalls() throws Exception {
        nodes.hosted.put(TwoNodes.OTHER_MEMBER, nodes.memoryStore(4, nodes.time));
        ChunkStore hanging = serving(100, 4, Duration.ofMillis(50));
        ChunkStore well = nodes.connect(TwoNodes.OTHER_MEMBER, TwoNodes.PROCESS);
        SampleChunk chunk = SampleChunk.of(1, 1000);
        slow.delay(Duration.ofSeconds(1), Operation.STAT);
        for (int i = 0; i < 6; i++) {
            var _ = calls.submit(() -> hanging.stat(chunk.id()));
        }
        awaitHeld(2);

        assertOverloaded(() -> hanging.stat(chunk.id()));
        assertThat(well.stat(chunk.id())).isEmpty();
        held.advance(Duration.ofDays(1));
    }

    @Test
    void connectionsBeyondTheBoundAreClosed() throws Exception {
        ChunkStore remote = serving(2, 100, Duration.ofSeconds(1));
        int port = nodes.server().port();
        try (RawPeer one = RawPeer.proven(port, nodes.clientIdentity);
                RawPeer two = RawPeer.proven(port, nodes.clientIdentity);
                RawPeer three = RawPeer.proven(port, nodes.clientIdentity)) {
            assertThat(three.isClosedByServer()).isTrue();
            nodes.heard.awaitBreach("SERVER TOO_MANY");
            assertThat(one.frames).isNotEqualTo(two.frames);
        }
        while (nodes.heard.serverConnections.get() > 0) {
            Thread.sleep(5);
        }
        assertThat(remote.usage().chunks()).as("when others have gone").isZero();
    }

    @Test
    void strangersTakeNoPlacesOfThoseWhoHaveProvedThemselves() throws Exception {
        ChunkStore remote =
                serving(new RpcServerSettings.Limits(1, 2, 100, 64 * M), Duration.ofSeconds(1));
        int port = nodes.server().port();
        assertThat(remote.usage().chunks()).isZero();
        try (RawPeer one = new RawPeer(port);
                RawPeer two = new RawPeer(port)) {
            while (nodes.heard.serverConnections.get() < 3) {
                Thread.sleep(5);
            }
            assertThat(remote.usage().chunks()).as("on its connection").isZero();
            assertThat(one.frames).isNotEqualTo(two.frames);
        }
    }

    @Test
    void strangersWhoSayNothingKeepNoNodeOut() throws Exception {
        ChunkStore remote =
                serving(new RpcServerSettings.Limits(10, 2, 100, 64 * M), Duration.ofSeconds(1));
        int port = nodes.server().port();
        try (RawPeer one = new RawPeer(port);
                RawPeer two = new RawPeer(port)) {
            while (nodes.heard.serverConnections.get() < 2) {
                Thread.sleep(5);
            }
            assertThat(remote.usage().chunks()).isZero();

            assertThat(one.isClosedByServer()).as("it had its turn").isTrue();
            nodes.heard.awaitBreach("SERVER TOO_MANY");
            assertThat(two.frames).isNotEqualTo(one.frames);
        }
    }

    /** As after a start, or a minute in which nobody asked for anything. */
    @Test
    void nodesThatConnectAllAtOnceWaitForAPlaceAndNoneIsRefused() throws Exception {
        ChunkStore remote =
                serving(new RpcServerSettings.Limits(100, 2, 100, 64 * M), Duration.ofSeconds(1));
        SampleChunk chunk = SampleChunk.of(1, 1000);
        slow.delay(Duration.ofSeconds(1), Operation.STAT);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            all.add(calls.submit(() -> remote.stat(chunk.id())));
        }
        awaitHeld(60);
        held.advance(Duration.ofSeconds(1));
        for (Future<?> each : all) {
            each.get();
        }
        assertThat(nodes.heard.clientConnectionsEver).hasValue(60);
    }
}
