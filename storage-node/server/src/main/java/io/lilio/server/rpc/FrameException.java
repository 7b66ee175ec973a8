package io.lilio.server.rpc;

import java.io.IOException;

/** What arrived is no frame, or not the one that was sent. Nothing after it can be trusted. */
final class FrameException extends IOException {

    FrameException(String why) {
        super("a bad frame arrived: " + why);
    }
}
