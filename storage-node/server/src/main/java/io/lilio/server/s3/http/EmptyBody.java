package io.lilio.server.s3.http;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/**
 * The payload of a request that has none.
 *
 * @param lengthKnown whether the client may leave it at that
 */
record EmptyBody(boolean lengthKnown) implements RequestBody {

    @Override
    public long length() {
        return 0;
    }

    @Override
    public int read(ByteBuffer target) {
        return -1;
    }

    @Override
    public Optional<byte[]> sha256() {
        return Optional.empty();
    }

    @Override
    public Map<String, String> trailers() {
        return Map.of();
    }
}
