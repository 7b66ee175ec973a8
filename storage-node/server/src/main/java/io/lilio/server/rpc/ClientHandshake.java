package io.lilio.server.rpc;

import com.google.protobuf.ByteString;
import io.lilio.server.rpc.message.Failure;
import io.lilio.server.rpc.message.Hello;
import io.lilio.server.rpc.message.Proof;
import io.lilio.server.rpc.message.Welcome;
import java.io.IOException;
import java.security.SecureRandom;

/**
 * The side of whoever opens a connection: hello → welcome, own proof → the server's proof. The
 * client proves first, so that a server tells strangers nothing.
 */
final class ClientHandshake {

    private final RpcIdentity identity;
    private final SecureRandom random;

    ClientHandshake(RpcIdentity identity, SecureRandom random) {
        this.identity = identity;
        this.random = random;
    }

    /**
     * @return the version of the protocol that both speak
     * @throws RefusedException when the two do not belong together
     */
    int with(FrameConnection connection) throws IOException {
        byte[] nonce = new byte[Proofs.NONCE_BYTES];
        random.nextBytes(nonce);
        Hello hello =
                Hello.newBuilder()
                        .setMinVersion(identity.versions().min())
                        .setMaxVersion(identity.versions().max())
                        .setCluster(ChunkMessages.uuid(identity.cluster()))
                        .setNode(identity.node())
                        .setNonce(ByteString.copyFrom(nonce))
                        .build();
        HandshakeFrames.send(connection, RpcOperation.HELLO, hello);
        byte[] welcomed = HandshakeFrames.receive(connection, RpcOperation.HELLO);
        Welcome welcome = Messages.parse(Welcome.parser(), welcomed);
        if (welcome.hasRefusal()) {
            throw refused(connection, welcome.getRefusal());
        }
        int version = welcome.getVersion();
        if (version < identity.versions().min() || version > identity.versions().max()) {
            throw new FrameException("the server chose version " + version);
        }
        if (welcome.getNonce().size() != Proofs.NONCE_BYTES) {
            throw new FrameException("the server's nonce has the wrong size");
        }
        prove(connection, new Proofs(hello.toByteArray(), welcomed));
        return version;
    }

    private void prove(FrameConnection connection, Proofs proofs) throws IOException {
        byte[] mine = proofs.ofClient(identity.secrets().used());
        Proof proof = Proof.newBuilder().setMac(ByteString.copyFrom(mine)).build();
        HandshakeFrames.send(connection, RpcOperation.PROOF, proof);
        Proof answer =
                Messages.parse(
                        Proof.parser(), HandshakeFrames.receive(connection, RpcOperation.PROOF));
        if (answer.hasRefusal()) {
            throw refused(connection, answer.getRefusal());
        }
        byte[] expected = proofs.ofServer(identity.secrets().used());
        if (!Proofs.same(expected, answer.getMac().toByteArray())) {
            throw new RefusedException(
                    "whoever answers at "
                            + connection.remote()
                            + " does not know the cluster secret");
        }
    }

    private static RefusedException refused(FrameConnection connection, Failure refusal) {
        return new RefusedException(
                "the node at " + connection.remote() + " refuses: " + refusal.getMessage());
    }
}
