package io.lilio.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.SampleChunk;
import io.lilio.server.rpc.message.Answer;
import io.lilio.server.rpc.message.Call;
import io.lilio.server.rpc.message.Failure.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever arrives, nothing wrong is stored and the server goes on serving others. */
@Timeout(120)
class BadFrameTest {

    private final TwoNodes nodes = new TwoNodes();
    private final ChunkStore memory = nodes.memoryStore(4, nodes.time);
    private final SampleChunk chunk = SampleChunk.of(1, 100_000);
    private final byte[] put =
            RawPeer.frame(
                    RpcOperation.PUT.code(),
                    RawPeer.call().setHeader(ChunkMessages.header(chunk.header())).build(),
                    chunk.payload());
    private int port;

    @BeforeEach
    void start() throws Exception {
        port = nodes.hosting(memory).server().port();
    }

    /** A server that gives up soon; so it may give up good calls too on a busy machine. */
    private void startImpatient() throws Exception {
        var usual = RpcServerSettings.Timeouts.DEFAULT;
        nodes.serverSettings =
                new RpcServerSettings(
                        "127.0.0.1",
                        0,
                        RpcServerSettings.Limits.DEFAULT,
                        new RpcServerSettings.Timeouts(
                                Duration.ofMillis(500),
                                usual.idle(),
                                Duration.ofMillis(500),
                                usual.queue(),
                                usual.drain()),
                        Optional.empty());
        port = nodes.restartServer(TwoNodes.PROCESS).port();
    }

    @AfterEach
    void stop() throws Exception {
        nodes.close();
    }

    private RawPeer proven() throws IOException {
        return RawPeer.proven(port, nodes.clientIdentity);
    }

    private void assertClosedAndNothingStored(byte[] sent) throws Exception {
        try (RawPeer peer = proven()) {
            peer.send(sent);
            assertThat(peer.isClosedByServer()).isTrue();
        }
        assertThat(memory.usage().chunks()).isZero();
        assertServes();
    }

    /** The test's time-out ends it when they never are. */
    private void awaitFreeBuffers() throws Exception {
        while (nodes.server().buffers().inUseBytes() > 0) {
            Thread.sleep(5);
        }
    }

    private void assertServes() throws Exception {
        ChunkStore remote = nodes.connect();
        chunk.putInto(remote);
        assertThat(chunk.readFrom(remote)).isEqualTo(chunk.bytes());
        memory.delete(List.of(chunk.id()));
    }

    @Test
    void aWholeFrameIsServed() throws Exception {
        try (RawPeer peer = proven()) {
            peer.send(put);
            assertThat(peer.answer().hasFailure()).isFalse();
        }
        assertThat(memory.stat(chunk.id())).contains(chunk.header());
    }

    /** Magic, version that nobody checks is left out, lengths, header and payload. */
    @ParameterizedTest
    @ValueSource(ints = {0, 5, 9, 13, 17, 21, 25, 40, 300, 50_000, -1})
    void oneFlippedBitClosesTheConnectionAndStoresNothing(int at) throws Exception {
        byte[] flipped = put.clone();
        flipped[at < 0 ? flipped.length - 1 : at] ^= 4;

        assertClosedAndNothingStored(flipped);
        nodes.heard.awaitBreach("SERVER BAD_FRAME");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 27, 28, 100, 20_000})
    void aFrameThatIsCutOffIsNotServed(int bytes) throws Exception {
        try (RawPeer peer = proven()) {
            peer.send(Arrays.copyOf(put, bytes));
            peer.endOutput();
            assertThat(peer.isClosedByServer()).isTrue();
        }
        assertThat(memory.usage().chunks()).isZero();
        assertServes();
    }

    @Test
    void aFrameThatNeverEndsIsGivenUp() throws Exception {
        startImpatient();
        try (RawPeer peer = proven()) {
            peer.send(Arrays.copyOf(put, put.length - 1));
            assertThat(peer.isClosedByServer()).isTrue();
        }
        nodes.heard.awaitBreach("SERVER TIMEOUT");
        awaitFreeBuffers();
        assertThat(memory.usage().chunks()).isZero();
    }

    @Test
    void whoConnectsAndSaysNothingIsGivenUp() throws Exception {
        startImpatient();
        try (RawPeer silent = new RawPeer(port)) {
            assertThat(silent.isClosedByServer()).isTrue();
        }
        nodes.heard.awaitBreach("SERVER TIMEOUT");
    }

    @ParameterizedTest
    @ValueSource(ints = {(64 << 20) + 1, Integer.MAX_VALUE, -1})
    void anAbsurdLengthIsRefusedBeforeMemoryIsTakenForIt(int length) throws Exception {
        for (boolean payload : new boolean[] {true, false}) {
            ByteBuffer prefix = ByteBuffer.allocate(FramePrefix.BYTES);
            new FramePrefix(
                            1,
                            RpcOperation.PUT.code(),
                            0,
                            payload ? 10 : length,
                            payload ? length : 10,
                            0,
                            0)
                    .writeTo(prefix);
            assertClosedAndNothingStored(prefix.array());
        }
        assertThat(nodes.server().buffers().highWaterBytes())
                .as("what the good calls took")
                .isLessThanOrEqualTo(256 * 1024);
    }

    @Test
    void aHeaderThatIsNoMessageIsRefused() throws Exception {
        byte[] bytes =
                RawPeer.frame(
                        RpcOperation.PUT.code(),
                        Call.newBuilder().setHeader(ChunkMessages.header(chunk.header())).build(),
                        chunk.payload());
        assertClosedAndNothingStored(bytes);

        Call cut =
                RawPeer.call()
                        .setHeader(ChunkMessages.header(chunk.header()).substring(0, 50))
                        .build();
        assertClosedAndNothingStored(RawPeer.frame(RpcOperation.PUT.code(), cut, chunk.payload()));
    }

    @Test
    void aPayloadThatIsNotTheHeadersIsRefusedByTheStore() throws Exception {
        ByteBuffer other = SampleChunk.of(2, 100_000).payload();
        Call call = RawPeer.call().setHeader(ChunkMessages.header(chunk.header())).build();
        try (RawPeer peer = proven()) {
            peer.send(RawPeer.frame(RpcOperation.PUT.code(), call, other));
            assertThat(peer.answer().getFailure().getKind()).isEqualTo(Kind.CORRUPT);
            peer.send(put);
            assertThat(peer.answer().hasFailure()).isFalse();
        }
    }

    @Test
    void anOperationOfALaterReleaseIsAnsweredAsUnsupported() throws Exception {
        try (RawPeer peer = proven()) {
            peer.send(RawPeer.frame(200, RawPeer.call().build(), chunk.payload()));
            Answer answer = peer.answer();
            assertThat(answer.getFailure().getKind()).isEqualTo(Kind.UNSUPPORTED);
            assertThat(answer.getFailure().getMessage()).contains("operation 200");

            peer.send(put);
            assertThat(peer.answer().hasFailure()).as("the connection serves on").isFalse();
        }
    }

    @Test
    void whoHasNotProvedAnythingIsServedNothing() throws Exception {
        try (RawPeer stranger = new RawPeer(port)) {
            stranger.send(put);
            assertThat(stranger.isClosedByServer()).isTrue();
        }
        try (RawPeer web = new RawPeer(port)) {
            web.send("GET / HTTP/1.1\r\nHost: lilio\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(web.isClosedByServer()).isTrue();
        }
        assertThat(memory.usage().chunks()).isZero();
        assertServes();
    }

    @Test
    void noiseNeitherStoresAnythingNorHarmsTheServer() throws Exception {
        Random random = new Random(20261129);
        for (int i = 0; i < 300; i++) {
            byte[] noise = put.clone();
            int kind = random.nextInt(4);
            if (kind == 0) {
                random.nextBytes(noise);
            } else {
                int flips = 1 + random.nextInt(8);
                for (int flip = 0; flip < flips; flip++) {
                    int within = kind == 1 ? FramePrefix.BYTES : kind == 2 ? 400 : noise.length;
                    noise[random.nextInt(within)] ^= (byte) (1 + random.nextInt(255));
                }
            }
            try (RawPeer peer = random.nextBoolean() ? proven() : new RawPeer(port)) {
                peer.send(noise);
                peer.endOutput();
                while (!peer.isClosedByServer()) {
                    peer.answer();
                }
            } catch (IOException closedEarly) {
                // The server need not listen to the end.
                assertThat(closedEarly).isNotNull();
            }
        }
        if (memory.stat(chunk.id()).isPresent()) {
            assertThat(chunk.readFrom(memory))
                    .as("bits may be flipped back")
                    .isEqualTo(chunk.bytes());
        }
        awaitFreeBuffers();
        assertServes();
    }
}
