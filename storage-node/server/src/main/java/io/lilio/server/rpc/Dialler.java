package io.lilio.server.rpc;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;

/** Opens connections and has both ends prove themselves. Thread-safe. */
final class Dialler {

    private final RpcIdentity identity;
    private final RpcRuntime runtime;
    private final Optional<TlsContext> tls;
    private final Overseer overseer;

    Dialler(RpcIdentity identity, RpcRuntime runtime, Optional<TlsContext> tls, Overseer overseer) {
        this.identity = identity;
        this.runtime = runtime;
        this.tls = tls;
        this.overseer = overseer;
    }

    /**
     * @param patience for all of it; positive
     * @return a connection whose deadline the overseer watches
     */
    PeerConnection dial(PeerAddress peer, Duration patience) throws IOException {
        InetSocketAddress address = peer.resolve();
        if (address.isUnresolved()) {
            throw new IOException("the name " + peer.host() + " is not known");
        }
        SocketChannel channel = SocketChannel.open();
        try {
            channel.socket().connect(address, (int) Math.max(1, patience.toMillis()));
            return agree(new PlainWire(channel), patience);
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    private PeerConnection agree(PlainWire plain, Duration patience) throws IOException {
        var deadline = new Deadline(plain, runtime.time());
        deadline.in(patience);
        overseer.watch(deadline);
        try {
            Wire wire = tls.isEmpty() ? plain : TlsWire.over(plain, tls.get().current(), true);
            var frames = new FrameConnection(wire, deadline);
            int version = new ClientHandshake(identity, runtime.random()).with(frames);
            return new PeerConnection(frames, version, runtime.time().nanos());
        } catch (IOException | RuntimeException failed) {
            overseer.forget(deadline);
            if (deadline.isExpired()) {
                throw new java.net.SocketTimeoutException("no answer to the handshake in time");
            }
            throw failed;
        }
    }
}
