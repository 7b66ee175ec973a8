package io.lilio.server.s3.signature;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.Caller;
import io.lilio.server.s3.http.S3Request;
import io.lilio.time.Time;
import java.util.List;
import java.util.Optional;

/**
 * Finds out who sent a request whose payload is small enough to be at hand as a whole, as the admin
 * API's are. Signature Version 4 in the Authorization header; the payload is always covered, by its
 * hash in the signature, whether or not {@code x-amz-content-sha256} says it too ("Create a signed
 * AWS API request" in the AWS IAM User Guide: that header is S3's own). Nothing presigned, nothing
 * unsigned. Thread-safe.
 */
public final class DocumentAuthenticator {

    private static final String HASH_HEADER = "x-amz-content-sha256";

    private final ClaimParser claims;
    private final HeadCheck heads;

    /**
     * @param region the region that clients sign for
     * @param services those that clients may sign for; the first is named in errors
     */
    public DocumentAuthenticator(
            CredentialStore credentials, String region, List<String> services, Time time) {
        this.claims = new ClaimParser(region, services);
        this.heads = new HeadCheck(credentials, time);
    }

    /**
     * Who signed a request.
     *
     * @param request its body is not read
     * @param payload its whole body
     * @throws S3Exception when the signature is missing, malformed, out of date or wrong
     */
    public Caller authenticate(S3Request request, byte[] payload) {
        Claim claim = claims.parse(request);
        if (claim.presigned()) {
            throw new S3Exception(
                    S3Error.ACCESS_DENIED, "The signature has to be in the Authorization header.");
        }
        heads.checkTime(claim);
        HeadCheck.refuseUnsignedHeaders(request.headers(), claim);
        Credential credential = heads.credential(claim.accessKeyId());
        String actual = Sha256.hex(Sha256.digest().digest(payload));
        Optional<String> claimed = request.headers().first(HASH_HEADER);
        if (claimed.filter(hash -> !hash.equalsIgnoreCase(actual)).isPresent()) {
            throw HashedBody.mismatch(claimed.get(), actual);
        }
        heads.prove(request, claim, credential, claimed.orElse(actual));
        return credential.caller();
    }
}
