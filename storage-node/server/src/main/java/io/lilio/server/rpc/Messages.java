package io.lilio.server.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;

/** Headers of frames as messages. */
final class Messages {

    private Messages() {}

    /**
     * @throws FrameException when the header is no such message
     */
    static <T extends MessageLite> T parse(Parser<T> parser, byte[] header) throws FrameException {
        try {
            return parser.parseFrom(header);
        } catch (InvalidProtocolBufferException e) {
            throw new FrameException("its header cannot be read: " + e.getMessage());
        }
    }
}
