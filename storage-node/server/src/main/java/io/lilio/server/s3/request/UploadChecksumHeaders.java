package io.lilio.server.s3.request;

import io.lilio.catalog.upload.Upload.ChecksumPlan;
import io.lilio.digest.Checksum;
import io.lilio.digest.DigestAlgorithm;
import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.RequestHeaders;
import io.lilio.server.s3.http.S3Request;
import java.util.Locale;
import java.util.Optional;

/** The checksum of a multipart object: which one it shall have, and which it is claimed to have. */
public final class UploadChecksumHeaders {

    private static final String TYPE = "x-amz-checksum-type";

    private UploadChecksumHeaders() {}

    /**
     * What {@code x-amz-checksum-algorithm} and {@code x-amz-checksum-type} of
     * CreateMultipartUpload choose. Without a type, CRC64NVME is over the whole object and all
     * others are composite.
     *
     * @throws S3Exception InvalidRequest for what does not go together
     */
    public static Optional<ChecksumPlan> ofCreate(S3Request request) {
        Optional<DigestAlgorithm> algorithm =
                request.headers().first("x-amz-checksum-algorithm").map(ChecksumClaims::algorithm);
        Optional<Checksum.Type> type = type(request.headers());
        if (algorithm.isEmpty()) {
            if (type.isPresent()) {
                throw new S3Exception(
                        S3Error.INVALID_REQUEST,
                        "The x-amz-checksum-type header can only be used with the"
                                + " x-amz-checksum-algorithm header.");
            }
            return Optional.empty();
        }
        boolean wholeOnly = algorithm.get() == DigestAlgorithm.CRC64NVME;
        Checksum.Type chosen =
                type.orElse(wholeOnly ? Checksum.Type.FULL_OBJECT : Checksum.Type.COMPOSITE);
        if (chosen == Checksum.Type.COMPOSITE ? wholeOnly : !algorithm.get().isCrc()) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The "
                            + chosen
                            + " checksum type cannot be used with the "
                            + algorithm.get().name().toLowerCase(Locale.ROOT)
                            + " checksum algorithm.");
        }
        return Optional.of(new ChecksumPlan(algorithm.get(), chosen));
    }

    /**
     * The checksum that CompleteMultipartUpload claims for the object: the only request whose
     * {@code x-amz-checksum-*} header is not about its own payload.
     *
     * @throws S3Exception InvalidRequest
     */
    public static Optional<Checksum> ofComplete(S3Request request) {
        Optional<Checksum.Type> type = type(request.headers());
        Checksum found = null;
        for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
            Optional<String> value =
                    algorithm.isChecksum()
                            ? request.headers().first(ChecksumClaims.headerName(algorithm))
                            : Optional.empty();
            if (value.isEmpty()) {
                continue;
            }
            if (found != null) {
                throw new S3Exception(
                        S3Error.INVALID_REQUEST,
                        "Expecting a single x-amz-checksum- header. Multiple checksum Types are not"
                                + " allowed.");
            }
            found = checksum(algorithm, value.get(), type);
        }
        return Optional.ofNullable(found);
    }

    private static Checksum checksum(
            DigestAlgorithm algorithm, String value, Optional<Checksum.Type> type) {
        Checksum checksum =
                new Checksum(
                        algorithm,
                        type.orElse(
                                value.contains("-")
                                        ? Checksum.Type.COMPOSITE
                                        : Checksum.Type.FULL_OBJECT),
                        value);
        try {
            checksum.bytes();
            return checksum;
        } catch (IllegalArgumentException notAValue) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "Value for " + ChecksumClaims.headerName(algorithm) + " header is invalid.",
                    notAValue);
        }
    }

    private static Optional<Checksum.Type> type(RequestHeaders headers) {
        return headers.first(TYPE)
                .map(
                        name ->
                                switch (name) {
                                    case "COMPOSITE" -> Checksum.Type.COMPOSITE;
                                    case "FULL_OBJECT" -> Checksum.Type.FULL_OBJECT;
                                    default ->
                                            throw new S3Exception(
                                                    S3Error.INVALID_REQUEST,
                                                    "Value for " + TYPE + " header is invalid.");
                                });
    }
}
