package io.lilio.server.s3.signature;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The chain of chunk signatures of one payload: each covers the one before, and the first the
 * signature of the head ("Signature Calculations for the Authorization Header: Transferring Payload
 * in Multiple Chunks"). Not thread-safe.
 */
final class ChunkSignatures {

    private final HmacKey key;
    private final String head;
    private String previous;

    ChunkSignatures(HmacKey key, Claim claim) {
        this.key = key;
        this.head = "\n" + claim.timing().timestamp() + "\n" + claim.scope().text() + "\n";
        this.previous = claim.signature();
    }

    /** Verifies the next chunk by the SHA-256 of its bytes. */
    void verifyChunk(byte[] hash, String signature) {
        verify(
                "AWS4-HMAC-SHA256-PAYLOAD"
                        + head
                        + previous
                        + '\n'
                        + Sha256.OF_NOTHING
                        + '\n'
                        + Sha256.hex(hash),
                signature);
    }

    /** Verifies the trailing headers: lines of name, colon, value and line feed. */
    void verifyTrailer(String lines, String signature) {
        verify("AWS4-HMAC-SHA256-TRAILER" + head + previous + '\n' + Sha256.hex(lines), signature);
    }

    private void verify(String toSign, String signature) {
        String ours = Sha256.hex(key.sign(toSign));
        if (!MessageDigest.isEqual(
                ours.getBytes(StandardCharsets.ISO_8859_1),
                signature.getBytes(StandardCharsets.ISO_8859_1))) {
            throw new S3Exception(
                    S3Error.SIGNATURE_DOES_NOT_MATCH,
                    "The signature of a chunk of the body does not match its bytes.");
        }
        previous = ours;
    }
}
