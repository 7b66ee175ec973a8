package io.lilio.server.s3.http;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/** The payload of a request that has none. */
final class EmptyBody implements RequestBody {

    @Override
    public long length() {
        return 0;
    }

    @Override
    public boolean lengthKnown() {
        return true;
    }

    @Override
    public int read(ByteBuffer target) {
        return -1;
    }

    @Override
    public Map<String, String> trailers() {
        return Map.of();
    }

    @Override
    public Optional<String> declaredSha256() {
        return Optional.empty();
    }
}
