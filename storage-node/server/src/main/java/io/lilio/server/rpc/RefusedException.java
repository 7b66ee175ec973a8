package io.lilio.server.rpc;

import java.io.IOException;

/** The two ends of a connection do not belong together; the message says why. */
final class RefusedException extends IOException {

    RefusedException(String why) {
        super(why);
    }
}
