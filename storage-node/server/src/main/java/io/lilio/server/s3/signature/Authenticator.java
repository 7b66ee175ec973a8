package io.lilio.server.s3.signature;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.QueryParameters.Parameter;
import io.lilio.server.s3.http.RequestBody;
import io.lilio.server.s3.http.RequestHead;
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
 * Finds out who sent a request, and refuses it unless a valid signature says so. The payload is
 * verified while it is read: {@link #authenticate} returns a request whose body ends only after
 * everything was found right. Thread-safe.
 */
public final class Authenticator {

    private static final long MAX_SKEW_SECONDS = 15 * 60;

    /** So few names are found sooner in a list than in a set. */
    private static final int FEW_HEADERS = 16;

    private final CredentialStore credentials;
    private final Time time;
    private final ClaimParser claims;
    private final SigningKeys keys = new SigningKeys();
    private final PresignedV2 presignedV2;

    /**
     * @param region the region that clients sign for
     */
    public Authenticator(CredentialStore credentials, String region, Time time) {
        this.credentials = credentials;
        this.time = time;
        this.claims = new ClaimParser(region);
        this.presignedV2 = new PresignedV2(time);
    }

    /**
     * The same request with its caller known and its payload guarded.
     *
     * @throws S3Exception when the signature is missing, malformed, out of date or wrong
     */
    public S3Request authenticate(S3Request request) {
        if (PresignedV2.signed(request.query()) && !request.headers().has("authorization")) {
            Credential credential = credential(PresignedV2.accessKeyId(request));
            presignedV2.check(request, credential.secretKey());
            RequestBody body = GuardedBodies.whole(request, payloadHash(request));
            return withHoistedHeaders(request.authenticated(credential.caller(), body));
        }
        Claim claim = claims.parse(request);
        checkTime(claim);
        refuseUnsignedHeaders(request.headers(), claim);
        Credential credential = credential(claim.accessKeyId());
        HmacKey key = keys.keyFor(credential.secretKey(), claim.scope());
        String payloadHash = payloadHash(request, claim);
        checkSignature(request, claim, key, payloadHash);
        RequestBody body =
                GuardedBodies.guard(request, payloadHash, new ChunkSignatures(key, claim));
        S3Request known = request.authenticated(credential.caller(), body);
        return claim.presigned() ? withHoistedHeaders(known) : known;
    }

    private Credential credential(String accessKeyId) {
        return credentials
                .find(accessKeyId)
                .orElseThrow(
                        () ->
                                new S3Exception(S3Error.INVALID_ACCESS_KEY_ID)
                                        .withDetail("AWSAccessKeyId", accessKeyId));
    }

    private void checkTime(Claim claim) {
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
    private static void refuseUnsignedHeaders(RequestHeaders headers, Claim claim) {
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

    /** What a presigned URL says of the payload, which is nothing as a rule. */
    private static String payloadHash(S3Request request) {
        return request.query()
                .first("X-Amz-Content-Sha256")
                .or(() -> request.headers().first("x-amz-content-sha256"))
                .orElse(GuardedBodies.UNSIGNED);
    }

    private static String payloadHash(S3Request request, Claim claim) {
        if (claim.presigned()) {
            return payloadHash(request);
        }
        return request.headers()
                .first("x-amz-content-sha256")
                .orElseThrow(
                        () ->
                                new S3Exception(
                                        S3Error.INVALID_REQUEST,
                                        "Missing required header for this request:"
                                                + " x-amz-content-sha256"));
    }

    private static void checkSignature(
            S3Request request, Claim claim, HmacKey key, String payloadHash) {
        byte[] given =
                claim.signature().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1);
        String rawPath = request.head().target().rawPath();
        String path = CanonicalRequest.path(rawPath);
        String canonical = CanonicalRequest.of(request, claim, path, payloadHash);
        String toSign = stringToSign(claim, canonical);
        if (matches(key, toSign, given)) {
            return;
        }
        // Some clients sign the path just as they send it. It names the same object.
        if (!path.equals(rawPath)
                && matches(
                        key,
                        stringToSign(
                                claim, CanonicalRequest.of(request, claim, rawPath, payloadHash)),
                        given)) {
            return;
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

    /**
     * Presigned URLs carry headers such as x-amz-meta-… as parameters: they are signed and mean the
     * same. But for checksums of the payload, which S3 ignores there: whoever signs a URL has no
     * payload yet, and SDKs sign the checksum of nothing.
     */
    private static S3Request withHoistedHeaders(S3Request request) {
        RequestHeaders headers = request.headers();
        for (Parameter parameter : request.query().all()) {
            String name = parameter.name().toLowerCase(Locale.ROOT);
            if (name.startsWith("x-amz-")
                    && !isOfTheSignature(name)
                    && !isOfThePayload(name)
                    && !headers.has(name)) {
                headers = headers.with(name, parameter.value());
            }
        }
        if (headers.size() == request.headers().size()) {
            return request;
        }
        RequestHead head = request.head();
        return new S3Request(
                new RequestHead(head.id(), head.peer(), head.target(), headers),
                request.body(),
                request.caller());
    }

    private static boolean isOfTheSignature(String name) {
        return switch (name) {
            case "x-amz-algorithm",
                    "x-amz-credential",
                    "x-amz-date",
                    "x-amz-expires",
                    "x-amz-signedheaders",
                    "x-amz-signature",
                    "x-amz-content-sha256" ->
                    true;
            default -> false;
        };
    }

    private static boolean isOfThePayload(String name) {
        return switch (name) {
            // What shall be computed or shown, not what a payload has.
            case "x-amz-checksum-algorithm", "x-amz-checksum-type", "x-amz-checksum-mode" -> false;
            default ->
                    name.startsWith("x-amz-checksum-")
                            || name.equals("x-amz-sdk-checksum-algorithm");
        };
    }
}
