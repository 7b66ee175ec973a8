package io.lilio.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.SampleChunk;
import io.lilio.server.rpc.message.Call;
import io.lilio.server.rpc.message.Hello;
import io.lilio.server.rpc.message.Proof;
import io.lilio.server.rpc.message.Welcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may talk to whom. */
@Timeout(60)
class RpcHandshakeTest {

    private static final String OTHER_SECRET = "another secret of the same kind";

    private final TwoNodes nodes = new TwoNodes();
    private final ChunkStore memory = nodes.memoryStore(4, nodes.time);
    private final SampleChunk chunk = SampleChunk.of(1, 1000).putInto(memory);

    @AfterEach
    void stop() throws Exception {
        nodes.close();
    }

    private void assertRefused(String sentence) throws Exception {
        ChunkStore remote = nodes.hosting(memory).connect();
        assertThatThrownBy(() -> remote.stat(chunk.id()))
                .isInstanceOfSatisfying(
                        BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.IO))
                .hasMessageContaining(sentence);
        nodes.heard.awaitBreach("CLIENT REFUSED");
        nodes.heard.awaitBreach("SERVER REFUSED");
        assertThat(nodes.heard.calls).doesNotContain("SERVER stat ok");
    }

    private void assertServed() throws Exception {
        ChunkStore remote = nodes.hosting(memory).connect();
        assertThat(remote.stat(chunk.id())).contains(chunk.header());
    }

    @Test
    void anotherSecretIsRefusedWithBothNames() throws Exception {
        nodes.clientIdentity = TwoNodes.identity("client", OTHER_SECRET);
        assertRefused("node \"client\" and node \"server\" have different cluster secrets");
    }

    @Test
    void anotherClusterIsRefusedWithBothIds() throws Exception {
        UUID other = new UUID(8, 8);
        nodes.clientIdentity =
                RpcIdentity.of(
                        other, "client", new ClusterSecrets(TwoNodes.SECRET, Optional.empty()));
        assertRefused(
                "node \"client\" belongs to cluster %s, but node \"server\" to cluster %s"
                        .formatted(other, TwoNodes.CLUSTER));
    }

    @Test
    void aReleaseTooFarAwayIsRefusedWithBothRanges() throws Exception {
        nodes.clientIdentity = speaking(nodes.clientIdentity, 1, 2);
        nodes.serverIdentity = speaking(nodes.serverIdentity, 4, 5);
        assertRefused(
                "this node speaks versions 4 to 5 of the protocol between nodes, the other 1 to 2");
    }

    @Test
    void neighbouringReleasesTalk() throws Exception {
        nodes.clientIdentity = speaking(nodes.clientIdentity, 1, 2);
        nodes.serverIdentity = speaking(nodes.serverIdentity, 2, 3);
        assertServed();
    }

    private static RpcIdentity speaking(RpcIdentity identity, int min, int max) {
        return new RpcIdentity(
                identity.cluster(),
                identity.node(),
                identity.secrets(),
                new ProtocolVersions(min, max));
    }

    @Test
    void theNewestVersionThatBothSpeakIsSpoken() throws Exception {
        assertThat(new ProtocolVersions(1, 3).common(2, 5)).isEqualTo(3);
        assertThat(new ProtocolVersions(2, 5).common(1, 3)).isEqualTo(3);
        assertThat(new ProtocolVersions(1, 1).common(1, 1)).isEqualTo(1);
        assertThatThrownBy(() -> new ProtocolVersions(1, 2).common(3, 4))
                .isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> new ProtocolVersions(3, 4).common(1, 2))
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void aSecretIsExchangedInThreeStepsWithoutAnInterruption() throws Exception {
        String old = TwoNodes.SECRET;
        ClusterSecrets[] steps = {
            new ClusterSecrets(old, Optional.empty()),
            new ClusterSecrets(old, Optional.of(OTHER_SECRET)),
            new ClusterSecrets(OTHER_SECRET, Optional.of(old)),
            new ClusterSecrets(OTHER_SECRET, Optional.empty())
        };
        for (int i = 0; i < steps.length; i++) {
            for (int j = Math.max(0, i - 1); j <= Math.min(steps.length - 1, i + 1); j++) {
                try (TwoNodes pair = new TwoNodes()) {
                    pair.clientIdentity = RpcIdentity.of(TwoNodes.CLUSTER, "client", steps[i]);
                    pair.serverIdentity = RpcIdentity.of(TwoNodes.CLUSTER, "server", steps[j]);
                    assertThat(pair.hosting(memory).connect().stat(chunk.id()))
                            .as("client at step %d, server at step %d", i, j)
                            .isPresent();
                }
            }
        }
    }

    @Test
    void aSecretIsLongAndNeverShown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ClusterSecrets("too short", Optional.empty()))
                .withMessageNotContaining("too short");
        assertThat(nodes.serverIdentity.toString()).doesNotContain(TwoNodes.SECRET);
    }

    @Test
    void aProofIsWorthNothingOnAnotherConnection() throws Exception {
        int port = nodes.hosting(memory).server().port();
        Hello hello = hello().build();
        Proof proof;
        try (RawPeer honest = new RawPeer(port)) {
            Proofs proofs = greet(honest, hello);
            proof = proof(proofs.ofClient(nodes.clientIdentity.secrets().used()));
        }
        try (RawPeer replaying = new RawPeer(port)) {
            greet(replaying, hello);
            assertProofRefused(replaying, proof);
        }
    }

    @Test
    void theServersOwnProofIsNoProofOfTheClient() throws Exception {
        int port = nodes.hosting(memory).server().port();
        try (RawPeer reflecting = new RawPeer(port)) {
            Proofs proofs = greet(reflecting, hello().build());
            assertProofRefused(
                    reflecting, proof(proofs.ofServer(nodes.clientIdentity.secrets().used())));
        }
        try (RawPeer empty = new RawPeer(port)) {
            greet(empty, hello().build());
            assertProofRefused(empty, Proof.getDefaultInstance());
        }
    }

    @Test
    void aServerThatDoesNotKnowTheSecretGetsNoCall() throws Exception {
        try (ServerSocketChannel listening =
                ServerSocketChannel.open()
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            Thread impostor = Thread.ofVirtual().start(() -> pretend(listening));
            ChunkStore remote =
                    nodes.connect(TwoNodes.MEMBER, 0, listening.socket().getLocalPort());

            assertThatThrownBy(() -> chunk.putInto(remote))
                    .isInstanceOf(BackendException.class)
                    .hasMessageContaining("does not know the cluster secret");
            impostor.join();
        }
    }

    /** Greets, and answers the client's proof with that same proof. */
    private void pretend(ServerSocketChannel listening) {
        try {
            var wire = new PlainWire(listening.accept());
            var frames = new FrameConnection(wire, new Deadline(wire, nodes.time));
            HandshakeFrames.receive(frames, RpcOperation.HELLO);
            HandshakeFrames.send(
                    frames,
                    RpcOperation.HELLO,
                    Welcome.newBuilder()
                            .setVersion(1)
                            .setNonce(ByteString.copyFrom(new byte[32]))
                            .build());
            byte[] proof = HandshakeFrames.receive(frames, RpcOperation.PROOF);
            HandshakeFrames.send(frames, RpcOperation.PROOF, Messages.parse(Proof.parser(), proof));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void whatALaterReleaseAddsIsIgnored() throws Exception {
        int port = nodes.hosting(memory).server().port();
        UnknownFieldSet later =
                UnknownFieldSet.newBuilder()
                        .addField(
                                900,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(ByteString.copyFromUtf8("later"))
                                        .build())
                        .build();
        try (RawPeer peer = new RawPeer(port)) {
            Proofs proofs = greet(peer, hello().setMaxVersion(7).setUnknownFields(later).build());
            HandshakeFrames.send(
                    peer.frames,
                    RpcOperation.PROOF,
                    proof(proofs.ofClient(nodes.clientIdentity.secrets().used())));
            HandshakeFrames.receive(peer.frames, RpcOperation.PROOF);
            Call call = RawPeer.call().setUnknownFields(later).build();
            peer.send(RawPeer.frame(RpcOperation.USAGE.code(), call, FrameConnection.NOTHING));
            assertThat(peer.answer().getUsage().getChunks()).isEqualTo(1);
        }
    }

    private static Hello.Builder hello() {
        return Hello.newBuilder()
                .setMinVersion(1)
                .setMaxVersion(1)
                .setCluster(ChunkMessages.uuid(TwoNodes.CLUSTER))
                .setNode("raw")
                .setNonce(ByteString.copyFrom(new byte[32]));
    }

    private static Proof proof(byte[] mac) {
        return Proof.newBuilder().setMac(ByteString.copyFrom(mac)).build();
    }

    private static Proofs greet(RawPeer peer, Hello hello) throws IOException {
        HandshakeFrames.send(peer.frames, RpcOperation.HELLO, hello);
        byte[] welcome = HandshakeFrames.receive(peer.frames, RpcOperation.HELLO);
        assertThat(Welcome.parseFrom(welcome).hasRefusal()).isFalse();
        return new Proofs(hello.toByteArray(), welcome);
    }

    private static void assertProofRefused(RawPeer peer, Proof proof) throws IOException {
        HandshakeFrames.send(peer.frames, RpcOperation.PROOF, proof);
        Proof answer = Proof.parseFrom(HandshakeFrames.receive(peer.frames, RpcOperation.PROOF));
        assertThat(answer.hasRefusal()).isTrue();
        assertThat(answer.getMac().isEmpty()).isTrue();
        assertThat(peer.isClosedByServer()).isTrue();
    }
}
