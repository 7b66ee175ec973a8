package io.lilio.server.s3.signature;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.RequestBody;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A payload whose SHA-256 was signed. Its last bytes are given away only when all of them have that
 * hash: also a reader that stops at the announced length gets nothing unverified.
 */
final class HashedBody implements RequestBody {

    private final RequestBody raw;
    private final String expected;
    private final MessageDigest digest = Sha256.digest();
    private long readBytes;
    private byte @Nullable [] verified;

    /**
     * @param expected in hex, lower case
     */
    HashedBody(RequestBody raw, String expected) {
        this.raw = raw;
        this.expected = expected;
    }

    @Override
    public long length() {
        return raw.length();
    }

    @Override
    public boolean lengthKnown() {
        return raw.lengthKnown();
    }

    @Override
    public int read(ByteBuffer target) {
        int from = target.position();
        int count = raw.read(target);
        if (count > 0) {
            digest.update(target.duplicate().flip().position(from));
            readBytes += count;
        }
        if (verified == null && (count < 0 || raw.lengthKnown() && readBytes == raw.length())) {
            verify();
        }
        return count;
    }

    private void verify() {
        byte[] sha256 = digest.digest();
        String actual = Sha256.hex(sha256);
        if (!actual.equals(expected)) {
            throw mismatch(expected, actual);
        }
        verified = sha256;
    }

    static S3Exception mismatch(String expected, String actual) {
        return new S3Exception(S3Error.X_AMZ_CONTENT_SHA256_MISMATCH)
                .withDetail("ClientComputedContentSHA256", expected)
                .withDetail("S3ComputedContentSHA256", actual);
    }

    @Override
    public Optional<byte[]> sha256() {
        return Optional.ofNullable(verified);
    }

    @Override
    public Map<String, String> trailers() {
        return Map.of();
    }
}
