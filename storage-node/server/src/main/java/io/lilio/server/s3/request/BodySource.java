package io.lilio.server.s3.request;

import io.lilio.digest.DigestAlgorithm;
import io.lilio.digest.Digests;
import io.lilio.object.ObjectSource;
import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.RequestBody;
import io.lilio.server.s3.http.S3Request;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A request's payload as the engine reads it, together with what the client claims about it. The
 * payload hash of the signature is no concern here: the body itself compares it before it reports
 * its end.
 */
public final class BodySource implements ObjectSource {

    /** The most bytes of one PutObject or UploadPart: 5 GiB. */
    public static final long MAX_BYTES = 5L * 1024 * 1024 * 1024;

    private final RequestBody body;
    private final ChecksumClaims claims;

    private BodySource(RequestBody body, ChecksumClaims claims) {
        this.body = body;
        this.claims = claims;
    }

    /**
     * The payload of a request that stores it. Nothing is read yet, so a client that waits for
     * {@code 100 Continue} has sent nothing when this throws.
     *
     * @throws S3Exception MissingContentLength, EntityTooLarge, and what the claims are refused
     *     with
     */
    public static BodySource of(S3Request request, ChecksumClaims claims) {
        RequestBody body = request.body();
        if (!body.lengthKnown()) {
            throw new S3Exception(S3Error.MISSING_CONTENT_LENGTH);
        }
        if (body.length() > MAX_BYTES) {
            throw new S3Exception(S3Error.ENTITY_TOO_LARGE)
                    .withDetail("ProposedSize", Long.toString(body.length()))
                    .withDetail("MaxSizeAllowed", Long.toString(MAX_BYTES));
        }
        return new BodySource(body, claims);
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.of(body.length());
    }

    @Override
    public Set<DigestAlgorithm> digests() {
        return claims.digests();
    }

    @Override
    public int read(ByteBuffer target) {
        return body.read(target);
    }

    @Override
    public Optional<byte[]> sha256() {
        return body.sha256();
    }

    @Override
    public void verify(Digests computed) {
        claims.verify(computed, body);
    }
}
