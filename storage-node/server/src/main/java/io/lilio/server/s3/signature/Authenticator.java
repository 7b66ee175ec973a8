package io.lilio.server.s3.signature;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.QueryParameters.Parameter;
import io.lilio.server.s3.http.RequestBody;
import io.lilio.server.s3.http.RequestHead;
import io.lilio.server.s3.http.RequestHeaders;
import io.lilio.server.s3.http.S3Request;
import io.lilio.time.Time;
import java.util.List;
import java.util.Locale;

/**
 * Finds out who sent a request, and refuses it unless a valid signature says so. The payload is
 * verified while it is read: {@link #authenticate} returns a request whose body ends only after
 * everything was found right. Thread-safe.
 */
public final class Authenticator {

    private final ClaimParser claims;
    private final HeadCheck heads;
    private final PresignedV2 presignedV2;

    /**
     * @param region the region that clients sign for
     */
    public Authenticator(CredentialStore credentials, String region, Time time) {
        this.claims = new ClaimParser(region, List.of(Scope.S3));
        this.heads = new HeadCheck(credentials, time);
        this.presignedV2 = new PresignedV2(time);
    }

    /**
     * The same request with its caller known and its payload guarded.
     *
     * @throws S3Exception when the signature is missing, malformed, out of date or wrong
     */
    public S3Request authenticate(S3Request request) {
        if (PresignedV2.signed(request.query()) && !request.headers().has("authorization")) {
            Credential credential = heads.credential(PresignedV2.accessKeyId(request));
            presignedV2.check(request, credential);
            RequestBody body = GuardedBodies.whole(request, payloadHash(request));
            return withHoistedHeaders(request.authenticated(credential.caller(), body));
        }
        Claim claim = claims.parse(request);
        heads.checkTime(claim);
        HeadCheck.refuseUnsignedHeaders(request.headers(), claim);
        Credential credential = heads.credential(claim.accessKeyId());
        String payloadHash = payloadHash(request, claim);
        HmacKey key = heads.prove(request, claim, credential, payloadHash);
        RequestBody body =
                GuardedBodies.guard(request, payloadHash, new ChunkSignatures(key, claim));
        S3Request known = request.authenticated(credential.caller(), body);
        return claim.presigned() ? withHoistedHeaders(known) : known;
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
