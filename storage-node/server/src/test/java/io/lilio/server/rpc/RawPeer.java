package io.lilio.server.rpc;

import com.google.protobuf.MessageLite;
import io.lilio.server.rpc.message.Answer;
import io.lilio.server.rpc.message.Call;
import io.lilio.time.SystemTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;

/** Somebody who connects to a server and sends what a client would not. */
final class RawPeer implements AutoCloseable {

    final FrameConnection frames;
    private final SocketChannel channel;

    RawPeer(int port) throws IOException {
        channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        var wire = new PlainWire(channel);
        frames = new FrameConnection(wire, new Deadline(wire, new SystemTime()));
    }

    /** One that has proved itself. */
    static RawPeer proven(int port, RpcIdentity identity) throws IOException {
        RawPeer peer = new RawPeer(port);
        new ClientHandshake(identity, new SecureRandom()).with(peer.frames);
        return peer;
    }

    static Call.Builder call() {
        return Call.newBuilder().setEpoch(1).setMember(ChunkMessages.uuid(TwoNodes.MEMBER.value()));
    }

    /** The bytes of a whole frame. */
    static byte[] frame(int operation, MessageLite header, ByteBuffer payload) {
        byte[] encoded = header.toByteArray();
        var prefix =
                new FramePrefix(
                        1,
                        operation,
                        0,
                        encoded.length,
                        payload.remaining(),
                        FramePrefix.crc(ByteBuffer.wrap(encoded)),
                        FramePrefix.crc(payload));
        ByteBuffer bytes =
                ByteBuffer.allocate(FramePrefix.BYTES + encoded.length + payload.remaining());
        prefix.writeTo(bytes);
        bytes.put(encoded).put(payload.duplicate());
        return bytes.array();
    }

    void send(byte[] bytes) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    void endOutput() throws IOException {
        channel.shutdownOutput();
    }

    Answer answer() throws IOException {
        FrameConnection.Frame frame = frames.receive(FrameLimits.CALLS);
        frames.skipPayload(frame);
        return Messages.parse(Answer.parser(), frame.header());
    }

    /** Whether the server closes the connection without another word. */
    boolean isClosedByServer() {
        try {
            return !frames.awaitFrame();
        } catch (IOException reset) {
            return true;
        }
    }

    @Override
    public void close() {
        frames.close();
    }
}
