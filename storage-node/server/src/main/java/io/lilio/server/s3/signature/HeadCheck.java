package io.lilio.server.s3.signature;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.RequestHeaders;
import io.lilio.server.s3.http.S3Request;
import io.lilio.time.Time;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;

/**
 * Whether the head of a request was signed by who it claims, about now, and leaves nothing out that
 * has a meaning. Thread-safe.
 */
final class HeadCheck {

    private static final long MAX_SKEW_SECONDS = 15 * 60;

    /** So few names are found sooner in a list than in a set. */
    private static final int FEW_HEADERS = 16;

    private final CredentialStore credentials;
    private final Time time;
    private final SigningKeys keys = new SigningKeys();

    HeadCheck(CredentialStore credentials, Time time) {
        this.credentials = credentials;
        this.time = time;
    }

    /**
     * @throws S3Exception {@code INVALID_ACCESS_KEY_ID} when there is no such key
     */
    Credential credential(String accessKeyId) {
        return credentials
                .find(accessKeyId)
                .orElseThrow(
                        () ->
                                new S3Exception(S3Error.INVALID_ACCESS_KEY_ID)
                                        .withDetail("AWSAccessKeyId", accessKeyId));
    }

    /**
     * @throws S3Exception when it was not signed about now, or holds no longer
     */
    void checkTime(Claim claim) {
        Instant now = time.now();
        long signed = claim.timing().epochSecond();
        long ahead = signed - now.getEpochSecond();
        if (!claim.presigned()) {
            if (Math.abs(ahead) > MAX_SKEW_SECONDS) {
                throw new S3Exception(S3Error.REQUEST_TIME_TOO_SKEWED)
                        .withDetail("RequestTime", claim.timing().timestamp())
                        .withDetail("ServerTime", Timestamps.format(now))
                        .withDetail(
                                "MaxAllowedSkewMilliseconds",
                                Long.toString(MAX_SKEW_SECONDS * 1000));
            }
        } else if (ahead > MAX_SKEW_SECONDS) {
            throw new S3Exception(S3Error.ACCESS_DENIED, "Request is not valid yet.")
                    .withDetail("X-Amz-Date", claim.timing().timestamp())
                    .withDetail("ServerTime", Timestamps.format(now));
        } else if (-ahead > claim.timing().expiresSeconds()) {
            throw new S3Exception(S3Error.ACCESS_DENIED, "Request has expired.")
                    .withDetail("X-Amz-Expires", Long.toString(claim.timing().expiresSeconds()))
                    .withDetail("ServerTime", Timestamps.format(now));
        }
    }

    /** What changes the meaning of a request must be signed, or anybody on the way could add it. */
    static void refuseUnsignedHeaders(RequestHeaders headers, Claim claim) {
        Collection<String> signed = claim.signedHeaders();
        if (signed.size() > FEW_HEADERS) {
            signed = new HashSet<>(signed);
        }
        Collection<String> names = signed;
        headers.forEach(
                (name, value) -> {
                    if (name.startsWith("x-amz-")
                            && !names.contains(name)
                            // Signed all the same: it is the last line of what is signed.
                            && !name.equals("x-amz-content-sha256")) {
                        throw new S3Exception(
                                        S3Error.ACCESS_DENIED,
                                        "There were headers present in the request which were not"
                                                + " signed.")
                                .withDetail("HeadersNotSigned", name);
                    }
                });
    }

    /**
     * Refuses a signature that none of the caller's secrets has made.
     *
     * @param payloadHash what the client has signed of the payload
     * @return the key that it was made with
     * @throws S3Exception {@code SIGNATURE_DOES_NOT_MATCH}
     */
    HmacKey prove(S3Request request, Claim claim, Credential credential, String payloadHash) {
        byte[] given =
                claim.signature().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1);
        String rawPath = request.head().target().rawPath();
        String path = CanonicalRequest.path(rawPath);
        String canonical = CanonicalRequest.of(request, claim, path, payloadHash);
        String toSign = stringToSign(claim, canonical);
        for (String secret : credential.secrets()) {
            HmacKey key = keys.keyFor(secret, claim.scope());
            if (matches(key, toSign, given)) {
                return key;
            }
            // Some clients sign the path just as they send it. It names the same object.
            if (!path.equals(rawPath)
                    && matches(
                            key,
                            stringToSign(
                                    claim,
                                    CanonicalRequest.of(request, claim, rawPath, payloadHash)),
                            given)) {
                return key;
            }
        }
        throw new S3Exception(S3Error.SIGNATURE_DOES_NOT_MATCH)
                .withDetail("AWSAccessKeyId", claim.accessKeyId())
                .withDetail("StringToSign", toSign)
                .withDetail("SignatureProvided", claim.signature())
                .withDetail("CanonicalRequest", canonical);
    }

    private static boolean matches(HmacKey key, String toSign, byte[] given) {
        byte[] ours = Sha256.hex(key.sign(toSign)).getBytes(StandardCharsets.ISO_8859_1);
        return MessageDigest.isEqual(ours, given);
    }

    private static String stringToSign(Claim claim, String canonical) {
        return ClaimParser.ALGORITHM
                + '\n'
                + claim.timing().timestamp()
                + '\n'
                + claim.scope().text()
                + '\n'
                + Sha256.hex(canonical);
    }
}
