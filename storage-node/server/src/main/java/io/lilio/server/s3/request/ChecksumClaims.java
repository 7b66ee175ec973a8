package io.lilio.server.s3.request;

import io.lilio.digest.DigestAlgorithm;
import io.lilio.digest.Digests;
import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.RequestBody;
import io.lilio.server.s3.http.S3Request;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client claims about the bytes of its request ("Checking object integrity", Amazon S3 user
 * guide): {@code Content-MD5}, and at most one checksum, given as a header {@code x-amz-checksum-*}
 * or announced by {@code x-amz-trailer} to follow the bytes. Immutable.
 */
public final class ChecksumClaims {

    private static final String CHECKSUM_PREFIX = "x-amz-checksum-";

    /** Headers of that prefix that carry no value of an algorithm. */
    private static final Set<String> NOT_VALUES =
            Set.of("x-amz-checksum-algorithm", "x-amz-checksum-type", "x-amz-checksum-mode");

    private final byte @Nullable [] md5;
    private final @Nullable DigestAlgorithm algorithm;
    private final byte @Nullable [] value;

    private ChecksumClaims(
            byte @Nullable [] md5,
            @Nullable DigestAlgorithm algorithm,
            byte @Nullable [] valueUnlessTrailing) {
        this.md5 = md5;
        this.algorithm = algorithm;
        this.value = valueUnlessTrailing;
    }

    /**
     * Reads the claims of a request that carries bytes.
     *
     * @throws S3Exception InvalidDigest, InvalidRequest
     */
    public static ChecksumClaims of(S3Request request) {
        byte[] md5 = contentMd5(request);
        ChecksumClaims claims = trailing(request, md5).orElseGet(() -> header(request, md5));
        Optional<String> announced = request.headers().first("x-amz-sdk-checksum-algorithm");
        if (announced.isPresent() && algorithm(announced.get()) != claims.algorithm) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-*"
                            + " or x-amz-trailer headers were found.");
        }
        return claims;
    }

    /**
     * The claim in {@code Content-MD5} alone, for CompleteMultipartUpload, whose checksum headers
     * are about the object.
     *
     * @throws S3Exception InvalidDigest
     */
    public static ChecksumClaims md5Only(S3Request request) {
        return new ChecksumClaims(contentMd5(request), null, null);
    }

    /**
     * The algorithm of a header such as {@code x-amz-checksum-algorithm}.
     *
     * @throws S3Exception InvalidRequest for one that S3 does not know
     */
    public static DigestAlgorithm algorithm(String name) {
        return DigestAlgorithm.ofChecksumName(name)
                .orElseThrow(
                        () ->
                                new S3Exception(
                                        S3Error.INVALID_REQUEST,
                                        "Checksum algorithm provided is unsupported. Please try"
                                                + " again with any of the valid types: [CRC32,"
                                                + " CRC32C, CRC64NVME, SHA1, SHA256]"));
    }

    /** The name of the header that carries a checksum of this algorithm. */
    public static String headerName(DigestAlgorithm algorithm) {
        return CHECKSUM_PREFIX + algorithm.name().toLowerCase(Locale.ROOT);
    }

    /** The checksum that comes with the bytes, if one does. */
    public Optional<DigestAlgorithm> checksum() {
        return Optional.ofNullable(algorithm);
    }

    /** Whether nothing at all is claimed. */
    public boolean isEmpty() {
        return md5 == null && algorithm == null;
    }

    /** What has to be computed over the bytes to judge the claims. */
    public Set<DigestAlgorithm> digests() {
        EnumSet<DigestAlgorithm> wanted = EnumSet.noneOf(DigestAlgorithm.class);
        if (md5 != null) {
            wanted.add(DigestAlgorithm.MD5);
        }
        if (algorithm != null) {
            wanted.add(algorithm);
        }
        return wanted;
    }

    /**
     * Compares the claims with what the bytes are.
     *
     * @param computed the values of {@link #digests()}
     * @param body read to its end, so that its trailers are there
     * @throws S3Exception BadDigest; InvalidRequest when an announced trailer did not come or has
     *     no such value
     */
    public void verify(Digests computed, RequestBody body) {
        if (md5 != null && !MessageDigest.isEqual(md5, computed.get(DigestAlgorithm.MD5))) {
            throw new S3Exception(
                            S3Error.BAD_DIGEST,
                            "The Content-MD5 you specified did not match what we received.")
                    .withDetail("ExpectedDigest", Base64.getEncoder().encodeToString(md5))
                    .withDetail(
                            "CalculatedDigest",
                            Base64.getEncoder().encodeToString(computed.get(DigestAlgorithm.MD5)));
        }
        if (algorithm != null) {
            byte[] claimed = value == null ? fromTrailer(algorithm, body) : value;
            if (!MessageDigest.isEqual(claimed, computed.get(algorithm))) {
                throw new S3Exception(
                        S3Error.BAD_DIGEST,
                        "The "
                                + algorithm
                                + " you specified did not match the calculated checksum.");
            }
        }
    }

    private static byte[] fromTrailer(DigestAlgorithm algorithm, RequestBody body) {
        String name = headerName(algorithm);
        String trailer = body.trailers().get(name);
        if (trailer == null) {
            throw new S3Exception(
                    S3Error.MALFORMED_TRAILER,
                    "The trailer " + name + " was announced and is missing.");
        }
        return decode(algorithm, trailer.strip(), name);
    }

    private static Optional<ChecksumClaims> trailing(S3Request request, byte @Nullable [] md5) {
        Optional<String> announced = request.headers().first("x-amz-trailer");
        if (announced.isEmpty()) {
            return Optional.empty();
        }
        String name = announced.get().strip().toLowerCase(Locale.ROOT);
        DigestAlgorithm algorithm =
                name.startsWith(CHECKSUM_PREFIX)
                        ? DigestAlgorithm.ofChecksumName(name.substring(CHECKSUM_PREFIX.length()))
                                .orElse(null)
                        : null;
        if (algorithm == null) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The value specified in the x-amz-trailer header is not supported");
        }
        if (header(request, md5).algorithm != null) {
            throw several();
        }
        return Optional.of(new ChecksumClaims(md5, algorithm, null));
    }

    private static ChecksumClaims header(S3Request request, byte @Nullable [] md5) {
        ChecksumClaims claims = new ChecksumClaims(md5, null, null);
        for (String name : request.headers().names()) {
            if (!name.startsWith(CHECKSUM_PREFIX) || NOT_VALUES.contains(name)) {
                continue;
            }
            DigestAlgorithm algorithm = algorithm(name.substring(CHECKSUM_PREFIX.length()));
            if (claims.algorithm != null) {
                throw several();
            }
            String text = request.headers().first(name).orElseThrow();
            claims = new ChecksumClaims(md5, algorithm, decode(algorithm, text, name));
        }
        return claims;
    }

    private static byte[] decode(DigestAlgorithm algorithm, String base64, String header) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            if (bytes.length == algorithm.lengthBytes()) {
                return bytes;
            }
        } catch (IllegalArgumentException notBase64) {
            // Answered like a value of the wrong length.
        }
        throw new S3Exception(
                S3Error.INVALID_REQUEST, "Value for " + header + " header is invalid.");
    }

    private static byte @Nullable [] contentMd5(S3Request request) {
        return request.headers().first("content-md5").map(ChecksumClaims::md5).orElse(null);
    }

    private static byte[] md5(String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64.strip());
            if (bytes.length == DigestAlgorithm.MD5.lengthBytes()) {
                return bytes;
            }
        } catch (IllegalArgumentException notBase64) {
            // Answered like a value of the wrong length.
        }
        throw new S3Exception(
                S3Error.INVALID_DIGEST, "The Content-MD5 you specified is not valid.");
    }

    private static S3Exception several() {
        return new S3Exception(
                S3Error.INVALID_REQUEST,
                "Expecting a single x-amz-checksum- header. Multiple checksum Types are not"
                        + " allowed.");
    }
}
