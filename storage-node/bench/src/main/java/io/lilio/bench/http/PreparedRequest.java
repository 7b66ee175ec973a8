package io.lilio.bench.http;

import java.nio.ByteBuffer;

/**
 * A request that was signed before the clock started.
 *
 * @param head request line and headers
 * @param body what follows, sent {@code repeat} times; empty for none
 * @param repeat how often the body is sent, for bodies larger than memory should hold
 */
public record PreparedRequest(ByteBuffer head, ByteBuffer body, int repeat) {

    long bodyBytes() {
        return (long) body.remaining() * repeat;
    }
}
