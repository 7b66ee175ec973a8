package io.lilio.server.rpc;

import com.google.protobuf.Message;
import java.io.IOException;

/** The frames of a handshake: of the first version, small, without payload. */
final class HandshakeFrames {

    private static final int VERSION = 1;

    private HandshakeFrames() {}

    static void send(FrameConnection connection, int operation, Message message)
            throws IOException {
        connection.send(VERSION, operation, message, FrameConnection.NOTHING);
    }

    /** The header of the next frame, which is of that operation. */
    static byte[] receive(FrameConnection connection, int operation) throws IOException {
        FrameConnection.Frame frame = connection.receive(FrameLimits.HANDSHAKE);
        if (frame.prefix().operation() != operation) {
            throw new FrameException("it is not the one that the handshake expects");
        }
        return frame.header();
    }
}
