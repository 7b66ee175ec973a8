package io.lilio.server.s3.signature;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.RequestBody;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** A raw payload that arrives in pieces of any size. */
final class FixedBody implements RequestBody {

    private final ByteBuffer bytes;
    private final long announced;
    private final RandomGenerator pieces;

    FixedBody(byte[] bytes, long announced, RandomGenerator pieces) {
        this.bytes = ByteBuffer.wrap(bytes);
        this.announced = announced;
        this.pieces = pieces;
    }

    @Override
    public long length() {
        return announced;
    }

    @Override
    public boolean lengthKnown() {
        return true;
    }

    @Override
    public int read(ByteBuffer target) {
        if (!bytes.hasRemaining()) {
            if (bytes.capacity() < announced) {
                throw new S3Exception(S3Error.INCOMPLETE_BODY);
            }
            return -1;
        }
        int most = Math.min(target.remaining(), bytes.remaining());
        int count = pieces.nextInt(1, most + 1);
        target.put(bytes.slice().limit(count));
        bytes.position(bytes.position() + count);
        return count;
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
