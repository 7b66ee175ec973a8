package io.lilio.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.MessageLite;
import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.SampleChunk;
import io.lilio.server.rpc.message.Answer;
import io.lilio.server.rpc.message.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever a peer answers, nothing wrong is taken for what was asked for. */
@Timeout(60)
class BadAnswerTest {

    private final TwoNodes nodes = new TwoNodes();
    private final SampleChunk chunk = SampleChunk.of(1, 100_000);
    private final AtomicInteger calls = new AtomicInteger();
    private ServerSocketChannel listening;
    private ChunkStore remote;
    private volatile Answering answering = (frames, operation) -> {};

    /** What a peer does instead of serving. */
    private interface Answering {
        void answer(FrameConnection frames, int operation) throws IOException;
    }

    @BeforeEach
    void listen() throws Exception {
        listening =
                ServerSocketChannel.open()
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofVirtual().start(this::pretend);
        remote = nodes.connect(TwoNodes.MEMBER, 0, listening.socket().getLocalPort());
    }

    @AfterEach
    void stop() throws Exception {
        listening.close();
        nodes.close();
    }

    private void pretend() {
        while (listening.isOpen()) {
            try (PlainWire wire = new PlainWire(listening.accept())) {
                var frames = new FrameConnection(wire, new Deadline(wire, nodes.time));
                new ServerHandshake(nodes.serverIdentity, new SecureRandom()).with(frames);
                while (frames.awaitFrame()) {
                    FrameConnection.Frame frame = frames.receive(FrameLimits.CALLS);
                    frames.skipPayload(frame);
                    calls.incrementAndGet();
                    answering.answer(frames, frame.prefix().operation());
                }
            } catch (IOException clientGone) {
                calls.get();
            }
        }
    }

    private static void send(
            FrameConnection frames, int operation, MessageLite answer, ByteBuffer payload)
            throws IOException {
        frames.sendChecked(1, operation, answer, payload);
    }

    private void assertReadFails(String why) {
        ByteBuffer target = ByteBuffer.allocateDirect(100_000);
        assertThatThrownBy(() -> remote.read(chunk.id(), 0, target))
                .isInstanceOfSatisfying(
                        BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.IO))
                .hasMessageContaining(why);
        assertThat(target.position()).isZero();
        assertThat(nodes.heard.clientConnections).as("the connection is closed").hasValue(0);
        assertThat(nodes.heard.breaches).contains("CLIENT BAD_FRAME");
    }

    @Test
    void bytesThatChangedOnTheirWayAreNotBlamedOnTheCopy() {
        byte[] flipped = chunk.bytes();
        flipped[70_000] ^= 1;
        answering =
                (frames, operation) ->
                        send(
                                frames,
                                operation,
                                Answer.newBuilder()
                                        .setHeader(ChunkMessages.header(chunk.header()))
                                        .build(),
                                ByteBuffer.wrap(flipped));

        assertReadFails("block 1 does not match its checksum");
    }

    @Test
    void anotherChunkIsNotTaken() {
        SampleChunk other = SampleChunk.of(2, 100_000);
        answering =
                (frames, operation) ->
                        send(
                                frames,
                                operation,
                                Answer.newBuilder()
                                        .setHeader(ChunkMessages.header(other.header()))
                                        .build(),
                                other.payload());

        assertReadFails("it brings another chunk");
    }

    @Test
    void lessThanWasAskedForIsNotTaken() {
        answering =
                (frames, operation) ->
                        send(
                                frames,
                                operation,
                                Answer.newBuilder()
                                        .setHeader(ChunkMessages.header(chunk.header()))
                                        .build(),
                                chunk.payload().slice(0, 65_536));

        assertReadFails("65536 bytes instead of 100000");
    }

    @Test
    void aShorterChunkIsNotTaken() {
        SampleChunk shorter = SampleChunk.of(chunk.id(), SampleChunk.OWNER, 3, 65_536);
        answering =
                (frames, operation) ->
                        send(
                                frames,
                                operation,
                                Answer.newBuilder()
                                        .setHeader(ChunkMessages.header(shorter.header()))
                                        .build(),
                                chunk.payload());

        assertReadFails("its payload is not what its header says");
    }

    @Test
    void theAnswerToAnotherCallIsNotTaken() {
        answering =
                (frames, operation) ->
                        send(
                                frames,
                                RpcOperation.USAGE.code(),
                                Answer.getDefaultInstance(),
                                FrameConnection.NOTHING);

        assertReadFails("it answers another operation");
    }

    @Test
    void aFailureOfALaterReleaseIsAnErrorAndTheConnectionGoesOn() {
        answering =
                (frames, operation) ->
                        frames.send(
                                1,
                                operation,
                                Answer.newBuilder()
                                        .setFailure(
                                                Failure.newBuilder()
                                                        .setKindValue(99)
                                                        .setMessage("too hot"))
                                        .build(),
                                FrameConnection.NOTHING);

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> remote.stat(chunk.id()))
                    .isInstanceOf(BackendException.class)
                    .hasMessageEndingWith(": too hot");
        }
        assertThat(nodes.heard.clientConnectionsEver).hasValue(1);
    }

    @Test
    void aCallOfWhichSomethingWasAnsweredIsNotMadeAgain() {
        answering = (frames, operation) -> answerAndStay(frames, operation);
        remote.stat(chunk.id());
        answering =
                (frames, operation) -> {
                    send(frames, 77, Answer.getDefaultInstance(), FrameConnection.NOTHING);
                };

        assertThatThrownBy(() -> remote.stat(chunk.id())).isInstanceOf(BackendException.class);

        assertThat(calls).hasValue(2);
    }

    private static void answerAndStay(FrameConnection frames, int operation) throws IOException {
        frames.send(1, operation, Answer.getDefaultInstance(), FrameConnection.NOTHING);
    }
}
