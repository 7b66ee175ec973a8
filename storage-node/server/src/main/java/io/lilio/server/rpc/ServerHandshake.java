package io.lilio.server.rpc;

import com.google.protobuf.ByteString;
import io.lilio.server.rpc.message.Failure;
import io.lilio.server.rpc.message.Hello;
import io.lilio.server.rpc.message.Proof;
import io.lilio.server.rpc.message.Welcome;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.UUID;
import javax.crypto.SecretKey;

/** The side of whoever is connected to: see {@link ClientHandshake}. */
final class ServerHandshake {

    private final RpcIdentity identity;
    private final SecureRandom random;

    ServerHandshake(RpcIdentity identity, SecureRandom random) {
        this.identity = identity;
        this.random = random;
    }

    /**
     * @return the version of the protocol that both speak
     * @throws RefusedException when the two do not belong together; the client has been told
     */
    int with(FrameConnection connection) throws IOException {
        byte[] greeted = HandshakeFrames.receive(connection, RpcOperation.HELLO);
        Hello hello = Messages.parse(Hello.parser(), greeted);
        int version;
        try {
            version = identity.versions().common(hello.getMinVersion(), hello.getMaxVersion());
            requireSameCluster(hello);
            requireNonce(hello);
        } catch (RefusedException refused) {
            HandshakeFrames.send(
                    connection,
                    RpcOperation.HELLO,
                    Welcome.newBuilder().setRefusal(failure(refused)).build());
            throw refused;
        }
        byte[] nonce = new byte[Proofs.NONCE_BYTES];
        random.nextBytes(nonce);
        Welcome welcome =
                Welcome.newBuilder()
                        .setVersion(version)
                        .setNode(identity.node())
                        .setNonce(ByteString.copyFrom(nonce))
                        .build();
        HandshakeFrames.send(connection, RpcOperation.HELLO, welcome);
        prove(connection, new Proofs(greeted, welcome.toByteArray()), hello.getNode());
        return version;
    }

    private void prove(FrameConnection connection, Proofs proofs, String client)
            throws IOException {
        Proof theirs =
                Messages.parse(
                        Proof.parser(), HandshakeFrames.receive(connection, RpcOperation.PROOF));
        byte[] mac = theirs.getMac().toByteArray();
        for (SecretKey secret : identity.secrets().accepted()) {
            if (Proofs.same(proofs.ofClient(secret), mac)) {
                byte[] mine = proofs.ofServer(secret);
                Proof answer = Proof.newBuilder().setMac(ByteString.copyFrom(mine)).build();
                HandshakeFrames.send(connection, RpcOperation.PROOF, answer);
                return;
            }
        }
        var refused =
                new RefusedException(
                        "node \"%s\" and node \"%s\" have different cluster secrets"
                                .formatted(client, identity.node()));
        HandshakeFrames.send(
                connection,
                RpcOperation.PROOF,
                Proof.newBuilder().setRefusal(failure(refused)).build());
        throw refused;
    }

    private void requireSameCluster(Hello hello) throws IOException {
        UUID theirs = ChunkMessages.uuid(hello.getCluster());
        if (!theirs.equals(identity.cluster())) {
            throw new RefusedException(
                    "node \"%s\" belongs to cluster %s, but node \"%s\" to cluster %s"
                            .formatted(
                                    hello.getNode(), theirs, identity.node(), identity.cluster()));
        }
    }

    private static void requireNonce(Hello hello) throws FrameException {
        if (hello.getNonce().size() != Proofs.NONCE_BYTES) {
            throw new FrameException("the client's nonce has the wrong size");
        }
    }

    private static Failure failure(RefusedException refused) {
        return Failure.newBuilder()
                .setKind(Failure.Kind.REFUSED)
                .setMessage(String.valueOf(refused.getMessage()))
                .build();
    }
}
